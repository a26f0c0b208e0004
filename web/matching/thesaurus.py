"""The operator's thesaurus: what is in use, and an entry's effect before it is saved or withdrawn."""

from __future__ import annotations

from typing import Any

from flask import url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.errors import Refusal
from matchhub.services.matching import thesaurus as words
from matchhub.services.matching.thesaurus_effect import Effect, effect_of_adding, effect_of_withdrawing
from web.display import moment
from web.forms import LabelledField, Length, NoteField, RecordNumberField, TextField
from web.gate import act
from web.language import flash_notice, say_refusal
from web.listing import Column, Filter, Listing, ask, show
from web.matching import blueprint
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_text
from web.units import reading, writing

TRUSTS = ("1", "0.7", "0.5", "0.3", "0")


class EntryForm(SmallForm):
    """An entry, and the demand or text on which its effect is shown."""

    blamed = {
        "thesaurus_word_invalid": "plain",
        "thesaurus_entry_known": "plain",
        "thesaurus_trust": "trust",
        "thesaurus_nothing_to_try": "text",
        "demand_not_found": "demand_id",
    }
    plain = TextField(validators=[Length(1, 30)])
    patent_words = TextField(validators=[Length(1, 300)])
    trust = LabelledField("thesaurus_trust", TRUSTS, "thesaurus_trust_invalid", default="1")
    note = TextField(validators=[Length(1, 300)])
    demand_id = RecordNumberField()
    text = NoteField(validators=[Length(1, 500)])

    @property
    def entry(self) -> words.OwnEntry:
        """The entry as the service reads it; raises ``Refusal`` as ``words.checked_entry`` does."""
        return words.checked_entry(self.plain.data, self.patent_words.data, float(self.trust.data))


class WithdrawForm(SmallForm):
    """Why an entry goes out of use."""

    reason = TextField(validators=[Length(1, 500)])


_FORMS = {"entry": EntryForm, "withdraw": WithdrawForm}
ENTRIES = Listing(
    "thesaurus",
    ("自有词条", "Own entries"),
    (
        Column("plain", ("说法", "Plain word"), lambda row: row.entry.plain, 20),
        Column("patent_words", ("专利用词", "Patent words"), lambda row: "、".join(row.entry.patent_words), 36),
        Column("trust", ("可信度", "Trust"), lambda row: row.entry.trust, 10),
        Column("note", ("说明", "Note"), lambda row: row.note, 36),
        Column("at", ("添加时间", "Added"), lambda row: moment(row.recorded_at), 18),
        Column("by", ("添加人", "By"), lambda row: row.recorded_by, 16),
    ),
    (Filter("words", ("说法、专利用词或说明", "Plain word, patent word or note")),),
    act="thesaurus.read",
)


def _page(
    shown: SmallForm | None,
    effect: Effect | None = None,
    entry: words.OwnEntry | None = None,
    withdrawing: int | None = None,
    remark: str = "",
) -> Any:
    """The page; ``shown`` is a form that was sent and stands as it was typed."""
    query, asked = asked_text("q"), ask(ENTRIES)
    with reading() as unit:
        page = asked.page(words.entry_views(unit))
        meanings = words.find_meanings(unit, query) if query else ()
        may_edit = unit.may("thesaurus.edit")
    return show(
        "matching/thesaurus.html",
        asked,
        page,
        meanings=meanings,
        may_edit=may_edit,
        effect=effect,
        entry=entry,
        withdrawing=withdrawing,
        remark=remark,
        query=query,
        forms=PageForms(_FORMS, shown),
    )


def _withdrawing_again(refused: SmallForm, entry_id: int) -> Any:
    return _page(refused, withdrawing=entry_id)


@blueprint.get("/thesaurus")
@act("thesaurus.read")
def thesaurus() -> Any:
    """The operator's own entries, and what the whole thesaurus knows of a word."""
    return _page(None)


@blueprint.post("/thesaurus/preview")
@act("thesaurus.edit")
@shown_again(_page)
def preview() -> str:
    """The best patents with and without an entry, side by side; nothing is saved."""
    with sent(EntryForm) as form, reading() as unit:
        effect = effect_of_adding(unit, form.entry, form.demand_id.data, form.text.data)
    return _page(form, effect, form.entry)


@blueprint.post("/thesaurus")
@act("thesaurus.edit")
@shown_again(_page)
def add() -> Response:
    """Save an entry; every later answer and run uses it."""
    with sent(EntryForm) as form, writing() as unit:
        words.add_entry(unit, form.entry, form.note.data)
    flash_notice("notice_thesaurus_added")
    return redirect(url_for("matching.thesaurus"))


@blueprint.get("/thesaurus/<int:entry_id>")
@act("thesaurus.edit")
def entry(entry_id: int) -> str:
    """What an entry in use does, before it is withdrawn."""
    try:
        with reading() as unit:
            effect = effect_of_withdrawing(unit, entry_id, _number(asked_text("demand_id")), asked_text("text"))
    except Refusal as refusal:
        if refusal.code != "thesaurus_nothing_to_try":
            raise
        return _page(None, withdrawing=entry_id, remark=say_refusal(refusal))
    return _page(None, effect, withdrawing=entry_id)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


@blueprint.post("/thesaurus/<int:entry_id>/withdraw")
@act("thesaurus.edit")
@shown_again(_withdrawing_again)
def withdraw(entry_id: int) -> Response:
    """Take an entry out of use; it stays on record."""
    with sent(WithdrawForm, entry_id) as form, writing() as unit:
        words.withdraw_entry(unit, entry_id, form.reason.data)
    flash_notice("notice_thesaurus_withdrawn", "info")
    return redirect(url_for("matching.thesaurus"))
