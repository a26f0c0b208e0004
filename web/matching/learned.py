"""Words learned from accepted matches: where each came from, training now, striking one out."""

from __future__ import annotations

from typing import Any

from flask import url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.services.matching.learned import learned_views, strike_out
from matchhub.services.matching.training import learn, train
from web.display import moment
from web.forms import Length, TextField
from web.gate import act
from web.language import flash_notice, t
from web.listing import Column, Filter, Listing, ask, show
from web.matching import blueprint
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing


class StrikeForm(SmallForm):
    """Why a learned word is struck out; the page has one form for each."""

    reason = TextField(validators=[Length(1, 500)])


LEARNED = Listing(
    "learned-words",
    ("学到的词", "Learned words"),
    (
        Column("plain", ("车间的说法", "Plain word"), lambda row: row.plain, 20),
        Column("patent_word", ("专利用词", "Patent word"), lambda row: row.patent_word, 20),
        Column("trust", ("可信度", "Trust"), lambda row: row.trust, 10),
        Column("firms", ("支持的企业", "Enterprises for it"), lambda row: row.firms, 12),
        Column("against", ("拒绝过的企业", "Enterprises against"), lambda row: row.against, 12),
        Column("at", ("学到于", "Learned"), lambda row: moment(row.recorded_at), 18),
        Column("struck", ("划去于", "Struck out"), lambda row: moment(row.struck_at) if row.struck_at else "", 18),
        Column("reason", ("划去理由", "Why"), lambda row: row.reason, 28),
    ),
    (
        Filter("q", ("说法或专利用词", "Plain or patent word"), of=lambda row: f"{row.plain} {row.patent_word}"),
        Filter("state", ("状态", "State"), "choice", lambda: _states(), lambda row: "off" if row.struck_at else "on"),
    ),
    act="learned.read",
)


def _states() -> list[tuple[str, str]]:
    return [("on", t("使用中", "in use")), ("off", t("已划去", "struck out"))]


def _page(refused: SmallForm | None) -> Any:
    asked = ask(LEARNED)
    with reading() as unit:
        page = asked.page(learned_views(unit))
        may_edit = unit.may("learned.edit")
    forms = PageForms({"strike": StrikeForm}, refused)
    return show("matching/learned.html", asked, page, may_edit=may_edit, forms=forms)


@blueprint.get("/learned")
@act("learned.read")
def learned() -> Any:
    """The learned words in use with the matches they came from, and those that were struck out."""
    return _page(None)


@blueprint.post("/learned/train")
@act("learned.edit")
def train_now() -> Response:
    """Learn from every match accepted so far; the worker does the same every night."""
    with reading() as unit:
        lesson = learn(unit)
    with writing() as unit:
        summary = train(unit, lesson)
    flash_notice("train_done", **summary.to_json())
    return redirect(url_for("matching.learned"))


@blueprint.post("/learned/<int:entry_id>/strike")
@act("learned.edit")
@shown_again(lambda refused, entry_id: _page(refused))
def strike(entry_id: int) -> Response:
    """Strike a learned word out for good; it stays on record."""
    with sent(StrikeForm, entry_id) as form, writing() as unit:
        strike_out(unit, entry_id, form.reason.data)
    flash_notice("notice_word_struck", "info")
    return redirect(url_for("matching.learned"))
