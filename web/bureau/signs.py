"""请留意: what looks odd about the records of each threshold, each line with the way to its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for

from matchhub.services.counting.signs import Sign, list_signs, records_of_sign
from matchhub.services.kernel.checkpoints import read_checkpoints
from matchhub.services.records.rows import SHOWN, judged_page, kind_of
from matchhub.services.records.rows import Filter as Rows
from web.bureau import blueprint
from web.bureau.asking import Asking, asked
from web.display import threshold_title
from web.gate import act
from web.language import headline, say, t, word
from web.listing import Column, Filter, Listing, ask, show
from web.paging import asked_text
from web.units import reading, runtime


@blueprint.get("/signs")
@act("sign.read")
def signs() -> Any:
    """What looks odd, by threshold; a part of the bureau's first page, or a page of its own."""
    with reading() as unit:
        asking = asked(unit)
        found = list_signs(unit, asking.question, _claims())
    if request.headers.get("HX-Request"):
        return render_template("bureau/signs_found.html", signs=found, asking=asking)
    sought = ask(_signs(asking, found))
    return show("bureau/signs.html", sought, sought.page(found), asking=asking)


def _signs(asking: Asking, found: tuple[Sign, ...]) -> Listing:
    """The list of what looks odd, in the order in which it is told; its filter offers the numbers of the pack asked."""
    places = {(each.threshold, each.code, each.key): place for place, each in enumerate(found)}
    keys = ("", *(each.key for each in asking.question.pack.thresholds))
    told = {key: _title(key, asking) for key in keys}
    choices = [(key or "installation", title) for key, title in told.items()]
    kept: Mapping[str, Any] = asking.kept

    def place(row: Sign) -> int:
        return places[row.threshold, row.code, row.key]

    def link(row: Sign) -> str | None:
        if not row.records:
            return None
        return url_for("bureau.sign_rows", goal=row.threshold, code=row.code, key=row.key, **kept)

    return Listing(
        "signs",
        ("请留意", "Worth a look"),
        (
            Column("threshold", ("指标", "Number"), lambda row: told.get(row.threshold, row.threshold), 28,
                   order=lambda row: keys.index(row.threshold) if row.threshold in keys else len(keys)),
            Column("sentence", ("情况", "What"), lambda row: say(row.code, **row.data), 80, sorts=False),
            Column("records", ("涉及记录", "Records"), lambda row: row.records, 10),
        ),
        (
            Filter("q", ("关键词", "Words")),
            Filter("threshold", ("指标", "Number"), "choice", lambda: choices,
                   lambda row: row.threshold or "installation"),
        ),
        link,
        "sign.read",
        place,
    )  # fmt: skip


def _title(key: str, asking: Asking) -> str:
    return threshold_title(key, asking.question.pack) if key else t("系统", "Installation")


@blueprint.get("/signs/<goal>/<code>")
@act("sign.read")
def sign_rows(goal: str, code: str) -> Any:
    """The records behind one sign, as they are judged now."""
    key, claims = asked_text("key"), _claims()
    with reading() as unit:
        asking = asked(unit)
        kind_of(goal, asking.question)
        ids = records_of_sign(unit, asking.question, claims, goal, code, key)
        found = list_signs(unit, asking.question, claims)
        line = next((each for each in found if (each.threshold, each.code, each.key) == (goal, code, key)), None)
        sought = ask(_rows(asking))
        wanted = Rows(sought.value("show") or "all", sought.value("q"))
        page = judged_page(unit, goal, asking.question, ids, wanted, sought.sought)
    return show("bureau/sign_rows.html", sought, page, goal=goal, line=line, asking=asking)


def _rows(asking: Asking) -> Listing:
    kept: Mapping[str, Any] = asking.kept
    return Listing(
        "sign-rows",
        ("涉及的记录", "Records concerned"),
        (
            Column("record", ("编号", "Record"), lambda row: row.record_id, 9),
            Column("title", ("名称", "Title"), lambda row: row.label.title, 44, sorts=False),
            Column("number", ("号码", "Number"), lambda row: row.label.number, 22, sorts=False),
            Column("note", ("相关方", "Concerns"), lambda row: row.label.note, 34, sorts=False),
            Column("day", ("发生日期", "Happened on"), lambda row: row.occurred_on, 12),
            Column("verdict", ("认定", "Verdict"), lambda row: word("verdict", row.verdict), 14),
            Column("against", ("原因", "Reasons"), lambda row: "；".join(headline(each.code) for each in row.against),
                   50, sorts=False),
        ),
        (
            Filter("q", ("名称或号码", "Name or number")),
            Filter("show", ("口径", "Verdict"), "choice", lambda: [(each, word("shown", each)) for each in SHOWN[1:]]),
        ),
        lambda row: url_for("bureau.record", kind=row.kind, record_id=row.record_id, **kept),
        "sign.read",
    )  # fmt: skip


def _claims() -> list[datetime]:
    """Moments at which counts were exported: each left a checkpoint."""
    kept = read_checkpoints(runtime().settings.checkpoints)
    return [datetime.fromisoformat(each.made_at) for each in kept if each.reason == "claim"]
