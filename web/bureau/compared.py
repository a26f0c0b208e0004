"""Two states of the base side by side: two days, moments of knowledge or packs, with every record that differs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from flask import request, send_file, url_for
from werkzeug.wrappers import Response

from matchhub.domain.calendar import moment_said
from matchhub.domain.typed import day_of
from matchhub.errors import Refusal
from matchhub.reports.tables import Cell, Sheet, write_tables
from matchhub.services.claim.compared import WAYS, Compared, Difference, compare_states
from matchhub.services.counting.counts import Question, known_policies, question
from matchhub.services.kernel.unit import Unit
from web.bureau import blueprint
from web.bureau.exporting import XLSX
from web.display import moment, pack, threshold_title
from web.gate import act
from web.language import headline, language, say_refusal, t, word
from web.listing import Asked, Column, Filter, Listing, ask, show
from web.paging import asked_text
from web.units import reading

SIDES = ("a", "b")


@dataclass
class Typed:
    """What the address asks of both states, and why each field that cannot be answered is refused."""

    values: dict[str, str]
    refused: dict[str, Refusal] = field(default_factory=dict)

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong, in words, by field."""
        return {name: say_refusal(refusal) for name, refusal in self.refused.items()}

    @property
    def is_asked(self) -> bool:
        """Whether the address asks for a comparison."""
        return any(self.values.values())

    def question(self, unit: Unit, side: str) -> Question:
        """One state; what cannot be read is noted and left out."""
        day = self._read(f"as_of_{side}", "day_unreadable", day_of)
        if day is not None and day > unit.today:
            self.refused[f"as_of_{side}"] = Refusal("day_to_come", day=day)
            day = None
        known = self._read(f"known_at_{side}", "moment_unreadable", lambda text: moment_said(unit.zone, text))
        try:
            return question(unit, day, known, self.values[f"policy_{side}"] or None)
        except Refusal as refusal:
            self.refused[f"policy_{side}"] = refusal
            return question(unit, day, known)

    def _read(self, name: str, code: str, read: Any) -> Any:
        text = self.values[name]
        try:
            found = read(text) if text else None
        except ValueError:
            found = None
        if text and found is None:
            self.refused[name] = Refusal(code, value=text[:40])
        return found


def _typed() -> Typed:
    return Typed({f"{name}_{side}": asked_text(f"{name}_{side}") for name in ("as_of", "known_at", "policy")
                  for side in SIDES})  # fmt: skip


def why_said(row: Difference) -> str:
    """Why a record is judged otherwise: what came up against it, and what fell away."""
    said = [t("新增：%s", "against it now: %s") % headline(code) for code in row.risen]
    said += [t("消除：%s", "no longer: %s") % headline(code) for code in row.fallen]
    return "\n".join(said)


def entry_said(row: Difference) -> str:
    """The entry of the log behind it; without one that there is none."""
    if row.entry is None:
        return t("无直接登记，随日期、规则或相关记录变化", "none: by the day, the rules or another record")
    return f"#{row.entry.id} {moment(row.entry.at)} {word('deed', row.entry.verb)}"


COLUMNS = (
    Column("threshold", ("指标", "Number"), lambda row: threshold_title(row.threshold), 18),
    Column("record", ("编号", "Record"), lambda row: row.record, 9),
    Column("title", ("名称", "Title"), lambda row: row.label.title, 44),
    Column("number", ("号码", "Official number"), lambda row: row.label.number, 22),
    Column("way", ("变化", "Change"), lambda row: word("change_way", row.way), 14),
    Column("before", ("甲", "A"), lambda row: word("was_judged", row.before), 18),
    Column("after", ("乙", "B"), lambda row: word("was_judged", row.after), 18),
    Column("why", ("原因", "Why"), why_said, 60, sorts=False),
    Column("entry", ("对应日志", "Entry of the log"), entry_said, 50, sorts=False),
)
COMPARED = Listing(
    "compared",
    ("变化的记录", "Records that differ"),
    COLUMNS,
    (
        Filter("q", ("名称、号码或原因", "Title, number or why")),
        Filter("way", ("变化", "Change"), "choice", lambda: [(key, word("change_way", key)) for key in WAYS],
               lambda row: row.way),
        Filter("goal", ("指标", "Number"), "choice", lambda: [(each.key, each.title(language()))
               for each in pack().thresholds], lambda row: row.threshold),
    ),
    link=lambda row: url_for("bureau.record", kind=row.kind, record_id=row.record),
    act="progress.export",
    tie=lambda row: (row.threshold, row.record),
)  # fmt: skip


@blueprint.get("/compare")
@act("progress.read")
def compare() -> Any:
    """The form, and with two states in the address what differs between them."""
    listed, typed = ask(COMPARED), _typed()
    with reading() as unit:
        states = [typed.question(unit, side) for side in SIDES]
        found = compare_states(unit, *states) if typed.is_asked and not typed.faults else None
        policies, month_ago = known_policies(unit), unit.today - timedelta(days=30)
    page = listed.page(found.differences if found else ())
    kept: dict[str, Any] = request.args.to_dict()
    shown = show("bureau/compared.html", listed, page, found=found, typed=typed, policies=policies,
                 month_ago=month_ago, why_said=why_said, entry_said=entry_said, ways=WAYS,
                 export_address=url_for("bureau.export_compared", **kept))  # fmt: skip
    return (shown, 422) if typed.faults and not listed.ending else shown


@blueprint.get("/compare.xlsx")
@act("progress.export")
def export_compared() -> Response:
    """The differing records as a workbook, filtered as on the page, with both questions in front."""
    listed, typed = ask(COMPARED), _typed()
    with reading() as unit:
        states = [typed.question(unit, side) for side in SIDES]
        for refusal in typed.refused.values():
            raise refusal  # a workbook of another comparison than the one asked for helps nobody
        found = compare_states(unit, *states)
    rows = [each for each in found.differences if _passes(listed, each)]
    target = BytesIO()
    write_tables(target, [_about(found, len(rows)), _rows(rows)])
    target.seek(0)
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name="compared.xlsx")


def _passes(listed: Asked, row: Difference) -> bool:
    narrowing = [each for each in COMPARED.filters if each.key in listed.said]
    return all(each.holds(row, listed.said[each.key], COLUMNS) for each in narrowing)


def _about(found: Compared, number: int) -> Sheet:
    """What both states are, and by threshold both counts and how many records went which way."""
    states = (found.first, found.second)
    facts: list[list[Cell]] = [
        [t("截至日期", "As of"), *(each.as_of for each in states)],
        [
            t("只看某一时刻之前登记的", "As known at"),
            *(moment(each.known_at) if each.known_at else "" for each in states),
        ],
        [t("规则包", "Rule pack"), *(each.pack.key for each in states)],
        [t("规则包 SHA-256", "SHA-256 of the pack"), *(each.pack.digest for each in states)],
        [t("本表行数", "Rows in this file"), number, None],
    ]
    for side in found.sides:
        counts = [part.count.strict if part else None for part in (side.first, side.second)]
        told = [f"{word('change_way', way)} {found.number(side.key, way)}" for way in WAYS]
        facts.append([threshold_title(side.key), *counts, "；".join(told)])
        supported = [part.supported if part else None for part in (side.first, side.second)]
        if supported != [None, None]:
            facts.append([t("%s：可支持数", "%s: supported") % threshold_title(side.key), *supported, None])
    headings = [(t("项目", "Item"), 26), (t("甲", "A"), 40), (t("乙", "B"), 40), (t("变化", "Changes"), 50)]
    return Sheet(t("说明", "About"), headings, facts)


def _rows(found: list[Difference]) -> Sheet:
    headings = [(each.heading, each.width) for each in COLUMNS]
    return Sheet(t("明细", "Rows"), headings, ([each.read(row) for each in COLUMNS] for row in found))
