"""Success stories (成功案例): deals and licences that count strictly and that all parties agreed to have told.

Nothing is told without the word of every party, amounts only where every party agreed to that too; a word taken back,
or a record that no longer counts strictly, takes the story off the front page at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Deal, DealPatent, DealPayment, Licence, Patent, StoryConsent
from matchhub.errors import NotFound
from matchhub.services.counting.counts import atoms_of, question
from matchhub.services.deals.telling import parties_of
from matchhub.services.evidence.party_words import Party, Subject, speaking_for
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.telling import parties_of_licence

KINDS = ("deals", "licences")
_LOOKED_AT = 60  # consents that are looked through for the newest stories


@dataclass(frozen=True, slots=True)
class StoryWord:
    """What the actor's organisation said of one record (``None``: nothing), and whether all parties agree."""

    granted: bool | None
    figures: bool
    all_agree: bool


@dataclass(frozen=True, slots=True)
class Story:
    """One success story; ``yuan`` is what was paid and kept, where every party agreed that it is told."""

    kind: str
    deal_type: str
    patent_id: int
    title: str
    patents: int
    sellers: tuple[str, ...]
    buyers: tuple[str, ...]
    on: date | None
    yuan: Decimal | None


def give_story_consent(unit: Unit, subject: Subject, granted: bool, figures: bool = False) -> None:
    """A party's own word on telling its record; it can be taken back at any time. ``NotFound`` for anybody else."""
    unit.require("story.consent")
    kind, record_id = subject
    place = unit.actor.organisation_id
    if place is None or place not in speaking_for(unit, _parties(unit, subject)).values():
        raise NotFound("record_not_found", kind=kind, id=record_id)
    unit.session.add(
        StoryConsent(
            subject_kind=kind,
            subject_id=record_id,
            organisation_id=place,
            granted=granted,
            figures=granted and figures,
            recorded_at=unit.now,
            recorded_by=unit.actor.account_id,
        )
    )
    unit.session.flush()
    verb = "story.granted" if granted else "story.withdrawn"
    append_event(unit, verb, kind, record_id, organisation=place, figures=granted and figures)


def story_word(unit: Unit, subject: Subject) -> StoryWord | None:
    """What a page shows of consent to one of the actor's own parties; ``None`` for whoever is no party."""
    if unit.actor.organisation_id is None:
        return None
    parties = _parties(unit, subject)
    places = speaking_for(unit, parties)
    if unit.actor.organisation_id not in places.values():
        return None
    words = _newest_words(unit, [subject]).get(subject, {})
    own = words.get(unit.actor.organisation_id)
    agreed = _all_agree(parties, places, words)
    return StoryWord(own.granted if own else None, bool(own and own.figures), agreed is not None)


def newest_stories(unit: Unit, most: int) -> tuple[Story, ...]:
    """The newest stories that may be told today."""
    chosen = select(StoryConsent.subject_kind, StoryConsent.subject_id).order_by(StoryConsent.id.desc())
    subjects = list(dict.fromkeys((kind, key) for kind, key in unit.session.execute(chosen.limit(_LOOKED_AT))))
    words = _newest_words(unit, subjects)
    agreed = {each: figures for each in subjects if (figures := _agreed(unit, each, words[each])) is not None}
    counting = {each for kind in KINDS for each in _strict(unit, kind, [key for at, key in agreed if at == kind])}
    told = [each for each in subjects if each in agreed and each in counting][:most]
    return tuple(_story(unit, each, agreed[each]) for each in told)


def _parties(unit: Unit, subject: Subject) -> tuple[Party, ...]:
    kind, record_id = subject
    if kind == "deals":
        deal = unit.session.get(Deal, record_id)
        return parties_of(unit, record_id) if deal is not None and deal.withdrawn_at is None else ()
    licence = unit.session.get(Licence, record_id)
    return parties_of_licence(unit, licence) if licence is not None and licence.withdrawn_at is None else ()


def _newest_words(unit: Unit, subjects: list[Subject]) -> dict[Subject, dict[int, StoryConsent]]:
    """The newest word of each organisation, by record."""
    found: dict[Subject, dict[int, StoryConsent]] = defaultdict(dict)
    numbers = {key for _, key in subjects}
    chosen = select(StoryConsent).where(StoryConsent.subject_id.in_(numbers)).order_by(StoryConsent.id)
    for row in unit.session.execute(chosen).scalars():
        found[row.subject_kind, row.subject_id][row.organisation_id] = row
    return found


def _agreed(unit: Unit, subject: Subject, words: Mapping[int, StoryConsent]) -> bool | None:
    """Whether amounts may be told; ``None`` where not every party, sellers and buyers, has agreed to the story."""
    parties = _parties(unit, subject)
    return _all_agree(parties, speaking_for(unit, parties), words)


def _all_agree(
    parties: tuple[Party, ...], places: Mapping[Party, int], words: Mapping[int, StoryConsent]
) -> bool | None:
    said = [words.get(places[each]) if each in places else None for each in parties]
    if {each.role for each in parties} < {"seller", "buyer"} or not all(word and word.granted for word in said):
        return None
    return all(word is not None and word.figures for word in said)


def _strict(unit: Unit, kind: str, ids: list[int]) -> set[Subject]:
    """Records that count strictly today for a threshold of their kind, with every row they have in that count."""
    asked, found = question(unit), set[Subject]()
    for threshold in asked.pack.thresholds_of(kind) if ids else ():
        verdicts: dict[int, list[bool]] = defaultdict(list)
        for atom in atoms_of(unit, threshold.key, asked, set(ids)):
            verdicts[int(atom.record_id)].append(atom.strict)
        found |= {(kind, key) for key, strict in verdicts.items() if strict and all(strict)}
    return found


def _story(unit: Unit, subject: Subject, figures: bool) -> Story:
    parties = _parties(unit, subject)
    names = {role: tuple(each.name for each in parties if each.role == role) for role in ("seller", "buyer")}
    patents = _patents(unit, subject)
    first = unit.session.get_one(Patent, patents[0])
    deal_type, on, yuan = _terms(unit, subject)
    return Story(
        kind=subject[0],
        deal_type=deal_type,
        patent_id=first.id,
        title=first.title or first.application_number or "",
        patents=len(patents),
        sellers=names["seller"],
        buyers=names["buyer"],
        on=on,
        yuan=yuan if figures else None,
    )


def _patents(unit: Unit, subject: Subject) -> list[int]:
    if subject[0] == "licences":
        return [unit.session.get_one(Licence, subject[1]).patent_id]
    chosen = select(DealPatent.patent_id).where(DealPatent.deal_id == subject[1]).order_by(DealPatent.id)
    return list(unit.session.execute(chosen).scalars())


def _terms(unit: Unit, subject: Subject) -> tuple[str, date | None, Decimal | None]:
    """Type, day and what was paid and kept of one record."""
    if subject[0] == "licences":
        licence = unit.session.get_one(Licence, subject[1])
        paid: Any = licence.paid_yuan
        return "open_licence", licence.reached_on, None if paid is None else paid - (licence.refunded_yuan or 0)
    deal = unit.session.get_one(Deal, subject[1])
    rows = select(DealPayment.amount_yuan).where(
        DealPayment.deal_id == deal.id, DealPayment.withdrawn_at.is_(None), DealPayment.paid_on <= unit.today
    )
    amounts = list(unit.session.execute(rows).scalars())
    return deal.deal_type, deal.signed_on, sum(amounts, Decimal(0)) if amounts else None
