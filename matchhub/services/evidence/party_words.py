"""Words of the parties (当事人意见): who acts on a deal or a licence, the others are told and asked yes or no.

A no is an objection that operator and bureau see; by the pack it keeps the record from the strict count until the
party says yes or the bureau has settled it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from matchhub.db.tables import Account, Organisation, PartyWord
from matchhub.domain.parties import normalise_name
from matchhub.errors import NotAllowed, NotFound, Refusal
from matchhub.services.accounts.names import account_names
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.once import once
from matchhub.services.kernel.revisions import to_json
from matchhub.services.kernel.speaking import is_confirmed
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify, operators
from matchhub.services.parties.linked_names import organisations_named

ANSWERS = ("yes", "no")
Subject = tuple[str, int]
"""Kind (deals, licences) and number of a record."""


@dataclass(frozen=True, slots=True)
class Party:
    """One party as the record names it; an enterprise that the base knows by its name alone speaks for nobody."""

    role: str
    name: str
    uscc: str | None
    enterprise_id: int | None


@dataclass(frozen=True, slots=True)
class PartyWordView:
    """One thing a party was told of and its word; ``open``: it still waits for an answer."""

    id: int
    role: str
    name: str
    act: str
    said: dict[str, Any]
    at: datetime
    by: str
    answer: str | None
    note: str
    answered_at: datetime | None
    settled_at: datetime | None
    settled_note: str
    own: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits for the actor's own word: the newest thing done to one record."""

    word_id: int
    kind: str
    record_id: int
    act: str
    said: dict[str, Any]
    at: datetime


def ask_parties(unit: Unit, subject: Subject, parties: Sequence[Party], act: str, **said: Any) -> None:
    """Tell every party with an account of what was done, and ask it; whose account did it has said yes.

    A party without an account is asked by nobody; the pages say so. ``said`` are plain values without contact data.
    """
    kind, record_id = subject
    places = speaking_for(unit, parties)
    for party in parties:
        place = places.get(party)
        if place is None:
            continue
        own = place == unit.actor.organisation_id
        word = PartyWord(
            subject_kind=kind,
            subject_id=record_id,
            role=party.role,
            name=party.name,
            organisation_id=place,
            act=act,
            said=to_json(said),
            answer="yes" if own else None,
            answered_at=unit.now if own else None,
            answered_by=unit.actor.account_id if own else None,
            recorded_at=unit.now,
            recorded_by=unit.actor.account_id,
        )
        unit.session.add(word)
        unit.session.flush()
        append_event(unit, "party.told", kind, record_id, word=word.id, act=act, role=party.role)
        if not own:
            notify(unit, [place], f"told_{kind}_{act}", subject, str(word.id), id=record_id, **said)


def speaking_for(unit: Unit, parties: Sequence[Party]) -> dict[Party, int]:
    """The organisation that speaks for each party through an account: by its credit code, or by a linked name."""
    return once(unit, ("who speaks for", tuple(parties)), lambda: _speaking_for(unit, parties))


def _speaking_for(unit: Unit, parties: Sequence[Party]) -> dict[Party, int]:
    firms = {each.enterprise_id for each in parties if each.enterprise_id is not None and each.uscc}
    chosen = select(Organisation.enterprise_id, Organisation.id).where(
        Organisation.enterprise_id.in_(firms), is_confirmed()
    )
    by_firm = {firm: key for firm, key in unit.session.execute(chosen)} if firms else {}  # noqa: C416
    by_name = organisations_named(unit, {normalise_name(each.name) for each in parties})
    found = {}
    for each in parties:
        place = by_firm.get(each.enterprise_id) if each.uscc else None
        place = place if place is not None else by_name.get(normalise_name(each.name))
        if place is not None:
            found[each] = place
    if not found:
        return {}
    accounts = select(Account.organisation_id).where(
        Account.organisation_id.in_(set(found.values())), Account.disabled_at.is_(None)
    )
    able = set(unit.session.execute(accounts).scalars())
    return {party: place for party, place in found.items() if place in able}


def without_account(unit: Unit, parties: Sequence[Party]) -> tuple[str, ...]:
    """Names of the parties for which no account speaks: nobody could be asked."""
    places = speaking_for(unit, parties)
    return tuple(dict.fromkeys(each.name for each in parties if each not in places))


def give_word(unit: Unit, subject: Subject, answer: str, note: str = "") -> None:
    """A party's own yes or no to what was done last, with words of its own; it may be said anew at any time.

    A no says why. Raises ``NotFound`` for whoever was never asked, ``Refusal`` ``decision_unknown``, ``note_missing``.
    """
    unit.require("party_word.give")
    kind, record_id = subject
    if answer not in ANSWERS:
        raise Refusal("decision_unknown", decision=answer)
    if answer == "no" and not note.strip():
        raise Refusal("note_missing")
    last = _newest_of(unit, subject, unit.actor.organisation_id or 0)
    if last is None:
        raise NotFound("record_not_found", kind=kind, id=record_id)
    word = last if last.answer is None else _said_anew(unit, last)
    word.answer, word.note = answer, note.strip() or None
    word.answered_at, word.answered_by = unit.now, unit.actor.account_id
    unit.session.flush()
    append_event(unit, f"party.said_{answer}", kind, record_id, word=word.id, act=word.act, role=word.role)
    if answer == "no":
        notify(unit, operators(unit), f"told_{kind}_objection", subject, str(word.id), id=record_id, party=word.name)


def _said_anew(unit: Unit, last: PartyWord) -> PartyWord:
    """Another word on the same thing: the earlier one stays as it was said."""
    word = PartyWord(
        subject_kind=last.subject_kind,
        subject_id=last.subject_id,
        role=last.role,
        name=last.name,
        organisation_id=last.organisation_id,
        act=last.act,
        said=last.said,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(word)
    return word


def _newest_of(unit: Unit, subject: Subject, organisation_id: int) -> PartyWord | None:
    chosen = select(PartyWord).where(
        PartyWord.subject_kind == subject[0],
        PartyWord.subject_id == subject[1],
        PartyWord.organisation_id == organisation_id,
    )
    return unit.session.execute(chosen.order_by(PartyWord.id.desc()).limit(1)).scalar()


def settle_objection(unit: Unit, word_id: int, note: str) -> None:
    """The bureau alone settles a party's no, and says how. Raises ``NotFound``, ``Refusal("note_missing")``."""
    unit.require("party_word.settle")
    if unit.actor.account_id is None:
        raise NotAllowed(role=unit.actor.role)
    if not note.strip():
        raise Refusal("note_missing")
    word = unit.session.get(PartyWord, word_id)
    if word is None or word.answer != "no":
        raise NotFound(id=word_id)
    if word.settled_at is None:
        word.settled_at, word.settled_by, word.settled_note = unit.now, unit.actor.account_id, note.strip()
        append_event(unit, "party.objection_settled", word.subject_kind, word.subject_id, word=word.id)


def words_of_parties(unit: Unit, subject: Subject) -> tuple[PartyWordView, ...]:
    """Everything the parties of a record were told and said, the oldest first."""
    chosen = select(PartyWord).where(PartyWord.subject_kind == subject[0], PartyWord.subject_id == subject[1])
    rows = list(unit.session.execute(chosen.order_by(PartyWord.id)).scalars())
    names = account_names(unit, [row.recorded_by for row in rows])
    newest = {row.organisation_id: row.id for row in rows}
    return tuple(
        PartyWordView(
            id=row.id,
            role=row.role,
            name=row.name,
            act=row.act,
            said=dict(row.said),
            at=row.recorded_at,
            by=names.get(row.recorded_by or 0, ""),
            answer=row.answer,
            note=row.note or "",
            answered_at=row.answered_at,
            settled_at=row.settled_at,
            settled_note=row.settled_note or "",
            own=row.organisation_id == unit.actor.organisation_id,
            open=row.answer is None and newest[row.organisation_id] == row.id,
        )
        for row in rows
    )


def newest_open(unit: Unit) -> ColumnElement[bool]:
    """Condition of words that wait for the actor's organisation: the newest of each record, not answered yet."""
    place = unit.actor.organisation_id if unit.may("party_word.give") else None
    mine = PartyWord.organisation_id == (place or 0)
    newest = select(func.max(PartyWord.id)).where(mine).group_by(PartyWord.subject_kind, PartyWord.subject_id)
    return and_(PartyWord.id.in_(newest), PartyWord.answer.is_(None))


def asked_of_actor(unit: Unit) -> tuple[Asked, ...]:
    """What waits for the word of the actor's organisation, one line a record, the newest first."""
    chosen = select(PartyWord).where(newest_open(unit))
    rows = unit.session.execute(chosen.order_by(PartyWord.id.desc())).scalars()
    return tuple(
        Asked(row.id, row.subject_kind, row.subject_id, row.act, dict(row.said), row.recorded_at) for row in rows
    )


def open_objections(unit: Unit) -> tuple[tuple[Subject, str], ...]:
    """Records to which a party says no, with the party's name: not settled, and no later yes of the same party."""
    later = select(PartyWord).subquery()
    taken_back = select(later.c.id).where(
        and_(
            later.c.subject_kind == PartyWord.subject_kind,
            later.c.subject_id == PartyWord.subject_id,
            later.c.organisation_id == PartyWord.organisation_id,
            later.c.id > PartyWord.id,
            later.c.answer == "yes",
        )
    )
    chosen = select(PartyWord.subject_kind, PartyWord.subject_id, PartyWord.name).where(
        PartyWord.answer == "no", PartyWord.settled_at.is_(None), ~taken_back.exists()
    )
    rows = unit.session.execute(chosen.order_by(PartyWord.id)).all()
    return tuple(dict.fromkeys(((kind, key), name) for kind, key, name in rows))
