"""Written names of organisations: what is linked, what might be, linking and taking back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select, update

from matchhub.db.tables import (
    Account,
    DealParty,
    Enterprise,
    EnterpriseName,
    EvidenceFile,
    LinkedName,
    Organisation,
    PatentHolder,
    Thread,
)
from matchhub.domain.organisations import HOLDER_KINDS
from matchhub.domain.parties import core_of_key, normalise_name
from matchhub.errors import NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.merges import kept_records
from matchhub.services.kernel.speaking import is_confirmed, speaks
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.linked_names import LinkedNameView, NameUse, linked_names, organisations_named, uses_of
from matchhub.services.patents.holders import patents_of

_MOST = 50
_LEAST_CORE = 2


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """One firm or institution with accounts here."""

    id: int
    name: str
    kind: str
    uscc: str
    confirmed: bool
    names: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that might be an organisation's; ``why`` is a word of the catalogue: same, former, merged or like.
    ``owner`` names the organisation to which it is linked already."""

    use: NameUse
    why: str
    owner: str


@dataclass(frozen=True, slots=True)
class OrganisationAccount:
    """One account that speaks for an organisation; ``chief`` invites its colleagues."""

    id: int
    login: str
    display_name: str
    department: str
    chief: bool
    disabled: bool


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """One organisation with its names; ``documents`` are the files kept of it (number and name)."""

    line: OrganisationLine
    linked: tuple[LinkedNameView, ...]
    candidates: tuple[Candidate, ...]
    documents: tuple[tuple[int, str], ...]
    accounts: tuple[OrganisationAccount, ...]


def list_organisations(unit: Unit) -> tuple[OrganisationLine, ...]:
    """Firms and institutions with accounts here, institutions first."""
    unit.require("organisation.read_names")
    chosen = select(Organisation).where(Organisation.kind.in_(HOLDER_KINDS))
    rows = unit.session.execute(chosen.order_by(Organisation.kind.desc(), Organisation.name, Organisation.id)).scalars()
    return tuple(_line(unit, row) for row in rows)


def _line(unit: Unit, row: Organisation) -> OrganisationLine:
    firm = unit.session.get(Enterprise, row.enterprise_id) if row.enterprise_id is not None else None
    said = select(Organisation.id).where(Organisation.id == row.id, is_confirmed())
    code = (firm.uscc if firm is not None else row.uscc) or ""
    confirmed = unit.session.execute(said).first() is not None
    return OrganisationLine(row.id, row.name, row.kind, code, confirmed, len(linked_names(unit, row.id)))


def organisation_page(unit: Unit, organisation_id: int) -> OrganisationPage:
    """One organisation with its names and those that might be; ``NotFound`` for staff and numbers that are nobody's."""
    unit.require("organisation.read_names")
    row = unit.session.get(Organisation, organisation_id)
    if row is None or row.kind not in HOLDER_KINDS:
        raise NotFound()
    files = select(EvidenceFile.id, EvidenceFile.name).where(
        EvidenceFile.subject_kind == "organisations",
        EvidenceFile.subject_id == row.id,
        EvidenceFile.withdrawn_at.is_(None),
    )
    documents = tuple((key, name) for key, name in unit.session.execute(files.order_by(EvidenceFile.id)))
    return OrganisationPage(
        _line(unit, row), linked_names(unit, row.id), _candidates(unit, row), documents, _accounts(unit, row)
    )


def _accounts(unit: Unit, row: Organisation) -> tuple[OrganisationAccount, ...]:
    chosen = select(Account).join(Organisation, Organisation.id == Account.organisation_id)
    rows = unit.session.execute(chosen.where(Account.organisation_id == row.id, speaks()).order_by(Account.id))
    return tuple(
        OrganisationAccount(
            each.id,
            each.login,
            each.display_name,
            each.department or "",
            each.chief,
            each.disabled_at is not None,
        )
        for each in rows.scalars()
    )


def _candidates(unit: Unit, row: Organisation) -> tuple[Candidate, ...]:
    """Names that records bear: the exact one, former ones, those of merged records, and like ones."""
    why: dict[str, tuple[str, str]] = {}
    for name, reason in _suggested(unit, row):
        why.setdefault(normalise_name(name), (name, reason))
    uses = uses_of(unit, why)
    owners = organisations_named(unit, uses)
    names = {key: unit.session.get_one(Organisation, number).name for key, number in owners.items()}
    found = [
        Candidate(NameUse(why[key][0], *uses[key]), why[key][1], names.get(key, ""))
        for key in why
        if key in uses and owners.get(key) != row.id
    ]
    return tuple(found[:_MOST])


def _suggested(unit: Unit, row: Organisation) -> Iterator[tuple[str, str]]:
    yield row.name, "same"
    if row.enterprise_id is not None:
        firms = {row.enterprise_id}
        firms |= {merged for merged, kept in kept_records(unit, "enterprises").items() if kept == row.enterprise_id}
        former = select(EnterpriseName.name).where(
            EnterpriseName.enterprise_id.in_(firms), EnterpriseName.withdrawn_at.is_(None)
        )
        for name in unit.session.execute(former.order_by(EnterpriseName.id)).scalars():
            yield name, "former"
        for name in unit.session.execute(select(Enterprise.name).where(Enterprise.id.in_(firms))).scalars():
            yield name, "merged"
    core = core_of_key(row.name_key, unit.pack.local)
    if len(core) < _LEAST_CORE:
        return
    for table in (PatentHolder, DealParty):
        like = select(func.min(table.name)).where(table.name_key.contains(core, autoescape=True))
        if table is PatentHolder:
            like = like.where(PatentHolder.role != "inventor")
        for name in unit.session.execute(like.group_by(table.name_key).order_by(table.name_key).limit(_MOST)).scalars():
            yield name, "like"


def unlink_name(unit: Unit, organisation_id: int, link_id: int, reason: str) -> None:
    """Take a link back, with the reason. The organisation's threads on patents that it no longer holds wait for their
    holder again.

    Raises ``NotFound("linked_name_gone")`` and ``Refusal("linked_note_missing")``.
    """
    unit.require("organisation.link_name")
    row = unit.session.get(LinkedName, link_id, with_for_update=True)
    if row is None or row.organisation_id != organisation_id or row.withdrawn_at is not None:
        raise NotFound("linked_name_gone", id=link_id)
    if not reason.strip():
        raise Refusal("linked_note_missing")
    row.withdrawn_at, row.withdrawn_reason = unit.now, reason.strip()
    unit.session.flush()
    gone = Thread.patent_id.not_in(patents_of(unit, row.organisation_id))
    held = update(Thread).where(Thread.organisation_id == row.organisation_id, gone)
    unit.session.execute(held.values(organisation_id=None).execution_options(synchronize_session=False))
    append_event(unit, "organisation.name_unlinked", "organisations", row.organisation_id, link=row.id)
