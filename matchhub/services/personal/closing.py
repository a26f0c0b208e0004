"""An account closed by its own person, and what stands against it: colleagues without a chief, matters still open."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from matchhub.db.tables import (
    Account,
    Deal,
    DealEvent,
    DealParty,
    Licence,
    LinkedName,
    Offer,
    OfferDeclaration,
    Organisation,
)
from matchhub.domain.organisations import HOLDER_KINDS
from matchhub.errors import Conflict, NotAllowed
from matchhub.services.accounts.accounts import SignInRefused
from matchhub.services.accounts.passwords import password_fits
from matchhub.services.accounts.sessions import end_sessions
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.personal.places import Subject, subject_of

# A deal is over for its parties when it is in a register, on record with the office, carried out or cancelled.
_OVER = ("registered", "TR01", "EE01", "contract_registered", "implemented", "cancelled")


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands against closing or erasing an account. ``chief_of``: colleagues that would be left without chief;
    ``deals``, ``licences``, ``offers``: what the organisation, whose last account it is, has not brought to an end."""

    last: bool
    chief_of: int
    deals: int
    licences: int
    offers: int

    @property
    def free(self) -> bool:
        """Whether nothing stands against it."""
        return not (self.chief_of or self.deals or self.licences or self.offers)


class StillOpen(Conflict):
    """Deals, licences or declarations of the organisation are open; ``deals``, ``licences``, ``offers``: how many."""

    code = "account_matters_open"


def standing_of(unit: Unit, account_id: int) -> Standing:
    """What stands against closing an account; of one that never spoke for its organisation nothing does."""
    of = subject_of(unit, account_id)
    account = unit.session.get_one(Account, account_id)
    if not of.last:
        return Standing(False, _colleagues(unit, of) if account.chief else 0, 0, 0, 0)
    return Standing(True, 0, _deals(unit, of), _licences(unit, of), _offers(unit, of))


def require_free(unit: Unit, account_id: int) -> None:
    """Refuse while something stands against it: ``Conflict("account_chief_hands_over")`` and ``StillOpen``."""
    found = standing_of(unit, account_id)
    if found.chief_of:
        raise Conflict("account_chief_hands_over", colleagues=found.chief_of)
    if not found.free:
        raise StillOpen(deals=found.deals, licences=found.licences, offers=found.offers)


def close_own_account(unit: Unit, password: str) -> None:
    """Close the actor's account: nobody signs in by it any more; records keep who did what.

    Raises what ``require_free`` raises, ``SignInRefused("password_wrong")`` and ``NotAllowed`` for an account of the
    operator or the bureau, which those who keep it shut out.
    """
    unit.require("account.close_own")
    account = unit.session.get(Account, unit.actor.account_id)
    place = unit.session.get_one(Organisation, account.organisation_id) if account is not None else None
    if account is None or place is None or place.kind not in HOLDER_KINDS:
        raise NotAllowed(role=unit.actor.role)
    require_free(unit, account.id)
    if not password_fits(account.password_hash, password):
        raise SignInRefused("password_wrong")
    account.disabled_at, account.chief = unit.now, False
    end_sessions(unit, account.id)
    append_event(unit, "account.closed", "accounts", account.id)


def _colleagues(unit: Unit, of: Subject) -> int:
    chosen = select(func.count(Account.id)).where(
        Account.organisation_id == of.organisation_id, Account.id != of.account_id, Account.disabled_at.is_(None)
    )
    return int(unit.session.execute(chosen).scalar_one())


def _number(unit: Unit, table: type, *conditions: ColumnElement[bool]) -> int:
    return int(unit.session.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())


def _deals(unit: Unit, of: Subject) -> int:
    linked = LinkedName.organisation_id == of.organisation_id, LinkedName.withdrawn_at.is_(None)
    names = select(LinkedName.name_key).where(*linked)
    own = or_(DealParty.enterprise_id == (of.enterprise_id or 0), DealParty.name_key.in_(names))
    over = select(DealEvent.deal_id).where(DealEvent.event.in_(_OVER), DealEvent.withdrawn_at.is_(None))
    mine = select(DealParty.deal_id).where(own)
    return _number(unit, Deal, Deal.id.in_(mine), Deal.withdrawn_at.is_(None), Deal.id.not_in(over))


def _licences(unit: Unit, of: Subject) -> int:
    """Licences agreed and not yet filed with the office."""
    declared = select(OfferDeclaration.offer_id).where(OfferDeclaration.organisation_id == of.organisation_id)
    own = or_(Licence.enterprise_id == (of.enterprise_id or 0), Licence.offer_id.in_(declared))
    return _number(unit, Licence, own, Licence.withdrawn_at.is_(None), Licence.filed_on.is_(None))


def _offers(unit: Unit, of: Subject) -> int:
    """Own open-licence declarations that run today: somebody may accept one tomorrow."""
    declared = select(OfferDeclaration.offer_id).where(OfferDeclaration.organisation_id == of.organisation_id)
    running = or_(Offer.valid_to_on.is_(None), Offer.valid_to_on >= unit.today)
    return _number(unit, Offer, Offer.id.in_(declared), Offer.withdrawn_at.is_(None), Offer.ended_on.is_(None), running)
