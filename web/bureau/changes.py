"""What changed since the account last looked: a part of the bureau's first page, or a page of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from matchhub.domain.calendar import moment_said
from matchhub.errors import Refusal
from matchhub.services.worklists.bureau_desk import WAYS, changes_since, keep_look, named_changes
from web.bureau import blueprint
from web.bureau.asking import Asking, asked
from web.gate import act
from web.language import flash_notice, headline, language, t, word
from web.listing import Column, Filter, Listing, ask, show
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing


class LookForm(SmallForm):
    """The changes shown were gone through."""

    seen_at = HiddenField()


MOST_NAMED = 10  # on the bureau's first page
FORMS: dict[str, type[SmallForm]] = {"look": LookForm}


@blueprint.get("/changes")
@act("progress.read")
def changes() -> Any:
    """Records that came, left or are judged otherwise since this account last looked, with why."""
    return _page(None)


def _page(refused: SmallForm | None) -> Any:
    with reading() as unit:
        asking = asked(unit, now=True)
        found = changes_since(unit, asking.question)
        sought = ask(_listing(asking))
        page = sought.page(found.records)
        page = replace(page, items=named_changes(unit, page.items))
        now = unit.now
    if request.headers.get("HX-Request"):
        return render_template("bureau/changes_found.html", found=found, asking=asking, shown=page.items[:MOST_NAMED])
    return show("bureau/changes.html", sought, page, found=found, asking=asking, now=now,
                forms=PageForms(FORMS, refused))  # fmt: skip


def _listing(asking: Asking) -> Listing:
    """The list of what changed: its filters offer the thresholds of the question's pack."""
    pack = asking.question.pack
    titles = {each.key: each.title(language()) for each in pack.thresholds}
    return Listing(
        "changes",
        ("变化的记录", "What changed"),
        (
            Column("threshold", ("指标", "Number"), lambda row: titles[row.threshold], 24),
            Column("name", ("记录", "Record"), lambda row: row.label.title or f"#{row.record}", 40, sorts=False),
            Column("id", ("编号", "No."), lambda row: row.record, 9),
            Column("way", ("变化", "Change"), lambda row: word("change_way", row.way), 12),
            Column("before", ("原认定", "Before"), lambda row: word("was_judged", row.before), 16),
            Column("after", ("现认定", "Now"), lambda row: judged_now(row.after), 16),
            Column("against", ("原因", "Reasons"), lambda row: "；".join(map(headline, row.against)), 40, sorts=False),
        ),
        (
            Filter("threshold", ("指标", "Number"), "choice", lambda: list(titles.items()), lambda row: row.threshold),
            Filter("way", ("变化", "Change"), "choice", lambda: [(each, word("change_way", each)) for each in WAYS],
                   lambda row: row.way),
        ),
        lambda row: url_for("bureau.record", kind=row.kind, record_id=row.record),
        "progress.export",
        lambda row: (row.threshold, row.record),
    )  # fmt: skip


def judged_now(verdict: str) -> str:
    """How a record is judged now; of one that is gone, that it is."""
    return t("已无此记录", "gone") if verdict == "absent" else word("verdict", verdict)


@blueprint.post("/changes")
@act("progress.read")
@shown_again(_page)
def keep_changes() -> Response:
    """Keep that this account went through what had changed up to the moment at which the page was shown."""
    with sent(LookForm) as form:
        said = form.seen_at.data or ""
        with writing() as unit:
            try:
                seen_at = moment_said(unit.zone, said)
            except ValueError as fault:
                raise Refusal("moment_unreadable", value=said[:40]) from fault
            keep_look(unit, seen_at)
    flash_notice("notice_changes_seen")
    return redirect(url_for("bureau.desk"))
