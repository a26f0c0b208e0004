"""The rows of a number as a workbook: the same rows as on the screen, with the question they answer in front."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from flask import send_file
from werkzeug.wrappers import Response

from matchhub.domain.counting.progress import ThresholdProgress
from matchhub.reports.tables import Cell, Sheet, write_tables
from matchhub.services.claim.ledger import LedgerRow, ledger_rows
from matchhub.services.counting.checkpoints import keep_checkpoint
from matchhub.services.counting.shares import count_checked
from matchhub.services.kernel.checkpoints import Checkpoint
from web.bureau import blueprint
from web.bureau.asking import Asking, asked
from web.bureau.ledger import ledger_listing, wanted_of
from web.bureau.ledger_columns import COLUMNS
from web.display import moment
from web.gate import act
from web.language import language, say, t, word
from web.listing import Asked, Filter, ask
from web.units import reading, runtime

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/thresholds/<goal>/rows.xlsx")
@act("progress.export")
def export(goal: str) -> Response:
    """The rows of one number as a workbook, filtered as on the screen."""
    with reading() as unit:
        asking = asked(unit)
        progress = count_checked(unit, asking.question).threshold(goal)
        kind = progress.threshold.counter
        listed = ask(ledger_listing(unit, goal, kind, asking.question, progress.reasons, asking.kept))
        found = ledger_rows(unit, goal, asking.question, wanted_of(listed))
        # What leaves the house for a claim is tied to the log as it stood: a checkpoint goes to the folder with it.
        kept = keep_checkpoint(unit, runtime().settings.checkpoints, "claim")
    target = BytesIO()
    write_tables(target, [_about(asking, progress, listed, len(found), kept), _rows(found)])
    target.seek(0)
    name = f"{goal}-{asking.question.as_of.isoformat()}.xlsx"
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=name)


def _about(asking: Asking, progress: ThresholdProgress, listed: Asked, number: int, kept: Checkpoint) -> Sheet:
    """The four that the count depends on, its result, and what the rows were narrowed by."""
    asked_of, threshold = asking.question, progress.threshold
    facts: list[tuple[str, Cell]] = [
        (t("指标", "Number"), threshold.title(language())),
        (t("条款", "Clause"), f"{threshold.citation.document} {threshold.citation.clause}"),
        (t("条款内容", "What it says"), threshold.citation.summary),
        (t("规则包", "Rule pack"), asked_of.pack.key),
        (t("规则包 SHA-256", "SHA-256 of the pack"), asked_of.pack.digest),
        (t("主管部门确认", "Confirmed by the bureau"), _confirmed(asking)),
        (t("截至日期", "As of"), asked_of.as_of),
        (t("只看某一时刻之前登记的", "As known at"), moment(asked_of.known_at) if asked_of.known_at else _everything()),
        (t("导出时间", "Exported at"), moment(runtime().clock())),
        (t("日志校验点", "Checkpoint of the log"), f"{kept.sequence} {kept.last_hash}"),
        (t("计数单位", "Unit"), word("count_unit", threshold.unit)),
        (t("要求", "Required"), threshold.least),
        (t("文义口径", "Literal"), progress.count.literal),
        (t("严格口径", "Strict"), progress.count.strict),
        (t("尚缺（严格口径）", "Missing (strict)"), progress.missing),
        *_spot_check(progress),
        *_filters(listed),
        (t("本表行数", "Rows in this file"), number),
    ]
    return Sheet(t("说明", "About"), [(t("项目", "Item"), 22), (t("内容", "Value"), 80)], facts)


def _filters(listed: Asked) -> list[tuple[str, Cell]]:
    """Every filter of the list and what it is set to, in the words of the page; also those that nothing is set to."""
    return [(t(f"筛选：{each.label}", f"Filter: {each.label}"), _chosen(each, listed.value(each.key)))
            for each in listed.listing.filters]  # fmt: skip


def _chosen(each: Filter, value: str) -> str:
    if not value or each.choices is None:
        return say(value) if value and each.key == "lack" else value
    return dict(each.choices()).get(value, value)


def _spot_check(progress: ThresholdProgress) -> list[tuple[str, Cell]]:
    """What the newest sample found and supports of the count; without one that it is missing."""
    if progress.check is None:
        return [(t("可支持数", "Supported"), say("not_spot_checked"))]
    share = progress.check.share
    low, high = (f"{100 * bound:.1f}%" for bound in (share.right_low, share.right_high))
    return [
        (t("抽查：已核条数", "Spot check: looked at"), share.looked),
        (t("抽查：属实条数", "Spot check: confirmed"), share.right),
        (
            t(f"属实比例（{share.percent}% 置信区间）", f"Share confirmed ({share.percent}% interval)"),
            f"{100 * share.right_share:.1f}%（{low}–{high}）",
        ),
        (t("可支持数", "Supported"), progress.check.supported),
        (t("尚缺（可支持数）", "Missing (supported)"), progress.supported_missing or 0),
    ]


def _confirmed(asking: Asking) -> str:
    return t("已确认", "yes") if asking.pack_confirmed else t("规则包未经主管部门确认", "rule pack not confirmed")


def _everything() -> str:
    return t("全部已登记的记录", "everything recorded")


def _rows(found: Iterable[LedgerRow]) -> Sheet:
    headings = [(each.heading, each.width) for each in COLUMNS]
    return Sheet(t("明细", "Rows"), headings, ([each.read(row) for each in COLUMNS] for row in found))
