"""The operator's thesaurus: what is in use, and an entry's effect before it is saved or withdrawn."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.errors import Refusal
from matchhub.services.matching import thesaurus as words
from matchhub.services.matching.thesaurus_effect import Effect, effect_of_adding, effect_of_withdrawing
from web.errors import status_of
from web.gate import act
from web.language import flash_notice, say_refusal
from web.matching import blueprint
from web.paging import asked_text
from web.units import reading, writing

TRUSTS = ("1", "0.7", "0.5", "0.3", "0")


@blueprint.get("/thesaurus")
@act("thesaurus.read")
def thesaurus() -> str:
    """The operator's own entries, and what the whole thesaurus knows of a word."""
    return _page({})


@blueprint.post("/thesaurus/preview")
@act("thesaurus.edit")
def preview() -> str | tuple[str, int]:
    """The best patents with and without an entry, side by side; nothing is saved."""
    typed = _typed()
    try:
        entry = _entry(typed)
        with reading() as unit:
            effect = effect_of_adding(unit, entry, _number(typed["demand_id"]), typed["text"])
    except Refusal as refusal:
        return _page(typed, fault=say_refusal(refusal)), status_of(refusal)
    return _page(typed, effect, entry)


@blueprint.post("/thesaurus")
@act("thesaurus.edit")
def add() -> Response | tuple[str, int]:
    """Save an entry; every later answer and run uses it."""
    typed = _typed()
    try:
        with writing() as unit:
            words.add_entry(unit, _entry(typed), typed["note"])
    except Refusal as refusal:
        return _page(typed, fault=say_refusal(refusal)), status_of(refusal)
    flash_notice("notice_thesaurus_added")
    return redirect(url_for("matching.thesaurus"))


@blueprint.get("/thesaurus/<int:entry_id>")
@act("thesaurus.edit")
def entry(entry_id: int) -> str | tuple[str, int]:
    """What an entry in use does, before it is withdrawn."""
    try:
        with reading() as unit:
            effect = effect_of_withdrawing(unit, entry_id, _number(asked_text("demand_id")), asked_text("text"))
    except Refusal as refusal:
        if refusal.code != "thesaurus_nothing_to_try":
            raise
        return _page({}, fault=say_refusal(refusal), withdrawing=entry_id)
    return _page({}, effect, withdrawing=entry_id)


@blueprint.post("/thesaurus/<int:entry_id>/withdraw")
@act("thesaurus.edit")
def withdraw(entry_id: int) -> Response:
    """Take an entry out of use; it stays on record."""
    with writing() as unit:
        words.withdraw_entry(unit, entry_id, request.form.get("reason", ""))
    flash_notice("notice_thesaurus_withdrawn", "info")
    return redirect(url_for("matching.thesaurus"))


def _typed() -> dict[str, str]:
    names = ("plain", "patent_words", "trust", "note", "demand_id", "text")
    return {name: request.form.get(name, "").replace("\x00", "").strip()[:500] for name in names}


def _entry(typed: dict[str, str]) -> words.OwnEntry:
    trust = typed["trust"] or "1"
    if trust not in TRUSTS:
        raise Refusal("thesaurus_trust_invalid")
    return words.checked_entry(typed["plain"], typed["patent_words"], float(trust))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _page(
    typed: dict[str, str],
    effect: Effect | None = None,
    entry: words.OwnEntry | None = None,
    fault: str = "",
    withdrawing: int | None = None,
) -> str:
    query = asked_text("q")
    with reading() as unit:
        data: dict[str, Any] = {
            "entries": words.entry_views(unit),
            "meanings": words.find_meanings(unit, query) if query else (),
            "may_edit": unit.may("thesaurus.edit"),
        }
    return render_template(
        "matching/thesaurus.html",
        typed=typed,
        effect=effect,
        entry=entry,
        fault=fault,
        withdrawing=withdrawing,
        trusts=TRUSTS,
        query=query,
        **data,
    )
