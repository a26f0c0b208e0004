"""Choices of recipients: which kinds of message go by which channel, when, and whether the profile may be used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import func, select

from matchhub.db.tables import Organisation, RecipientChoice
from matchhub.domain.messages import DEFAULT_CHOICES, FREQUENCIES, Choices, Frequency, QuietTimes, choices_of
from matchhub.errors import NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit


def own_organisation(unit: Unit) -> Organisation:
    """The organisation the actor acts for; ``NotFound`` for an account that speaks for none."""
    row = unit.session.get(Organisation, unit.actor.organisation_id or 0)
    if row is None:
        raise NotFound()
    return row


def own_choices(unit: Unit) -> Choices:
    """What the actor's organisation chose, or what holds where nothing was chosen."""
    unit.require("message.read_own")
    return organisation_choices(unit, own_organisation(unit).id) or DEFAULT_CHOICES


def organisation_choices(unit: Unit, organisation_id: int) -> Choices | None:
    """What an organisation chose last; ``None`` where it chose nothing."""
    chosen = select(RecipientChoice.choices).where(RecipientChoice.organisation_id == organisation_id)
    kept = unit.session.execute(chosen.order_by(RecipientChoice.id.desc()).limit(1)).scalar()
    return None if kept is None else choices_of(kept)


def all_choices(unit: Unit, organisations: Collection[int] | None = None) -> dict[int, Choices]:
    """The choices of every organisation that made some (or of those among ``organisations``), by its id."""
    newest = select(func.max(RecipientChoice.id)).group_by(RecipientChoice.organisation_id)
    if organisations is not None:
        newest = newest.where(RecipientChoice.organisation_id.in_(organisations))
    chosen = select(RecipientChoice.organisation_id, RecipientChoice.choices).where(RecipientChoice.id.in_(newest))
    return {key: choices_of(kept) for key, kept in unit.session.execute(chosen)}


def enterprise_choices(unit: Unit, firms: Collection[int] | None = None) -> dict[int, tuple[int, Choices]]:
    """By enterprise of the base (of ``firms``, or of all) the organisation that acts for it and its choices, where it
    made some."""
    chosen = select(Organisation.id, Organisation.enterprise_id).where(Organisation.enterprise_id.is_not(None))
    if firms is not None:
        chosen = chosen.where(Organisation.enterprise_id.in_(firms))
    acting = dict(unit.session.execute(chosen).all())
    made = all_choices(unit, None if firms is None else list(acting))
    return {firm: (key, made[key]) for key, firm in acting.items() if key in made and firm is not None}


def choose(
    unit: Unit, channels: Mapping[str, frozenset[str]], frequency: str, quiet: QuietTimes, uses_profile: bool
) -> Choices:
    """Record what the actor's organisation chooses now; it holds for letters that are queued already."""
    unit.require("message.choose")
    if frequency not in FREQUENCIES:
        raise Refusal("frequency_unknown", frequency=frequency)
    row = own_organisation(unit)
    old = organisation_choices(unit, row.id) or DEFAULT_CHOICES
    plain: Frequency = frequency  # type: ignore[assignment]
    return _keep(
        unit, row, replace(old.switched(channels, unit.now), frequency=plain, quiet=quiet, uses_profile=uses_profile)
    )


def turn_off(unit: Unit, organisation_id: int, kind: str, channel: str) -> None:
    """One channel of one kind off, asked by its owner or by who holds a letter's link (the caller made sure of it)."""
    row = unit.session.get_one(Organisation, organisation_id)
    old = organisation_choices(unit, organisation_id) or DEFAULT_CHOICES
    if old.wants(kind, channel):
        _keep(unit, row, old.without(kind, channel))


def _keep(unit: Unit, organisation: Organisation, choices: Choices) -> Choices:
    kept = choices.to_json()
    unit.session.add(
        RecipientChoice(
            organisation_id=organisation.id,
            choices=kept,
            demo=organisation.demo,
            recorded_at=unit.now,
            recorded_by=unit.actor.account_id,
        )
    )
    append_event(unit, "message.chosen", "organisations", organisation.id, choices=kept)
    return choices
