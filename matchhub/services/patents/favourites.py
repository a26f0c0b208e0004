"""Patents that an account follows (关注的专利): its own list with notes, and word of what happens to them.

A favourite is seen by its account alone. No count reads it, and it is no interest shown to a holder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from matchhub.db.tables import Account, Favourite, Offer, Patent, PatentOffer
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify
from matchhub.services.patents.offers import PublicPatentOffer, public_offers
from matchhub.services.patents.page import ended_patents, running_offer
from matchhub.services.patents.rows import PatentRow, patent_rows

MOST_FAVOURITES = 500
LONGEST_NOTE = 500
ACT = "favourite.keep_own"


@dataclass(frozen=True, slots=True)
class FavouriteView:
    """One followed patent; ``offer`` is what its holder offers today."""

    patent: PatentRow
    note: str
    followed_at: datetime
    offer: PublicPatentOffer | None

    @property
    def id(self) -> int:
        """The patent's number: by it the list is ordered where nothing else decides."""
        return self.patent.id


def follow_patent(unit: Unit, patent_id: int) -> bool:
    """Keep a patent on the actor's own list; returns whether it is new there.

    Raises ``NotFound`` for a patent that is not in the base, ``Conflict("favourites_full")`` beyond 500.
    """
    unit.require(ACT)
    patent = unit.session.get(Patent, patent_id)
    if patent is None or patent.withdrawn_at is not None:
        raise NotFound(id=patent_id)
    if _own(unit, patent_id):
        return False
    if len(followed_ids(unit)) >= MOST_FAVOURITES:
        raise Conflict("favourites_full", most=MOST_FAVOURITES)
    unit.session.add(
        Favourite(
            account_id=unit.actor.account_id,
            patent_id=patent_id,
            followed_at=unit.now,
            was_ended=bool(ended_patents(unit, [patent_id])),
            known_offers=_written(_offers_of(unit, [patent_id]).get(patent_id, ())),
        )
    )
    unit.session.flush()
    return True


def unfollow_patent(unit: Unit, patent_id: int) -> None:
    """Take a patent off the actor's own list with its note; nothing where it is not on it."""
    unit.require(ACT)
    for row in _own(unit, patent_id):
        unit.session.delete(row)


def note_favourite(unit: Unit, patent_id: int, note: str) -> None:
    """Write what the account wants to remember of a followed patent; empty takes the note away.

    Raises ``NotFound("favourite_not_found")``, ``Refusal("favourite_note_long")``.
    """
    unit.require(ACT)
    rows = _own(unit, patent_id)
    if not rows:
        raise NotFound("favourite_not_found", id=patent_id)
    if len(note.strip()) > LONGEST_NOTE:
        raise Refusal("favourite_note_long", most=LONGEST_NOTE)
    for row in rows:
        row.note = note.strip() or None


def followed_ids(unit: Unit) -> frozenset[int]:
    """Patents on the actor's own list, for the stars of a page: one statement. Nothing for who keeps no list."""
    if unit.actor.account_id is None or not unit.may(ACT):
        return frozenset()
    chosen = select(Favourite.patent_id).where(Favourite.account_id == unit.actor.account_id)
    return frozenset(unit.session.execute(chosen).scalars())


def own_favourites(unit: Unit) -> tuple[FavouriteView, ...]:
    """The actor's own list, what was added last first; a patent that was taken out of the base since is left out."""
    unit.require(ACT)
    chosen = select(Favourite).where(Favourite.account_id == (unit.actor.account_id or 0))
    kept = {row.patent_id: row for row in unit.session.execute(chosen.order_by(Favourite.id.desc())).scalars()}
    patents = select(Patent).where(Patent.id.in_(kept), Patent.withdrawn_at.is_(None))
    rows = {row.id: row for row in patent_rows(unit, list(unit.session.execute(patents).scalars()))}
    offers = public_offers(unit, rows)
    return tuple(
        FavouriteView(rows[key], row.note or "", row.followed_at, offers.get(key))
        for key, row in kept.items()
        if key in rows
    )


def forget_favourites(unit: Unit, account_id: int) -> int:
    """Erase the list of an account, notes included; returns how many rows went. The caller made sure that it may."""
    mine = Favourite.account_id == account_id
    number = unit.session.execute(select(func.count()).select_from(Favourite).where(mine)).scalar_one()
    unit.session.execute(delete(Favourite).where(mine))
    return number


def forget_own_favourites(unit: Unit) -> int:
    """Erase the actor's own list."""
    unit.require(ACT)
    return forget_favourites(unit, unit.actor.account_id or 0)


def tell_favourites(unit: Unit) -> int:
    """Tell of followed patents whose right ended or that came on offer since; returns how many notices were written.

    An organisation is told once of each ending and of each offer, whoever of its accounts follows the patent; accounts
    that may not sign in are told nothing. ``services.recipients`` carries notices further.
    """
    chosen = select(Favourite, Account.organisation_id).join(Account, Account.id == Favourite.account_id)
    chosen = chosen.where(Account.disabled_at.is_(None))
    pairs = unit.session.execute(chosen.order_by(Favourite.id)).all()
    told = 0
    for part in parts(sorted({row.patent_id for row, _ in pairs})):
        here = [(row, place) for row, place in pairs if row.patent_id in set(part)]
        told += _tell_of(unit, list(part), here)
    return told


def _tell_of(unit: Unit, ids: Sequence[int], pairs: Iterable[tuple[Favourite, int | None]]) -> int:
    patents = select(Patent).where(Patent.id.in_(ids), Patent.withdrawn_at.is_(None))
    titles = {row.id: row.title or row.application_number or "" for row in unit.session.execute(patents).scalars()}
    ended, offers = ended_patents(unit, list(titles)), _offers_of(unit, list(titles))
    told = 0
    for row, place in pairs:
        if row.patent_id not in titles:
            continue
        about, title = ("patents", row.patent_id), titles[row.patent_id]
        is_ended, stand = row.patent_id in ended, offers.get(row.patent_id, ())
        if is_ended and not row.was_ended:
            told += notify(unit, [place], "notice_favourite_ended", about, f"{row.patent_id}", title=title)
        for each in () if is_ended else sorted(set(stand) - set(row.known_offers.split())):
            code = "notice_favourite_licence" if each.startswith("l") else "notice_favourite_offer"
            told += notify(unit, [place], code, about, f"{row.patent_id}:{each}", title=title)
        row.was_ended, row.known_offers = is_ended, _written(stand)
    return told


def _own(unit: Unit, patent_id: int) -> list[Favourite]:
    mine = Favourite.account_id == (unit.actor.account_id or 0)
    return list(unit.session.execute(select(Favourite).where(mine, Favourite.patent_id == patent_id)).scalars())


def _written(offers: Iterable[str]) -> str:
    return " ".join(sorted(offers))


def _offers_of(unit: Unit, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """By patent the offers that stand today: ``o`` and the number of a holder's offer, ``l`` and that of an open
    licence."""
    found: dict[int, tuple[str, ...]] = {}
    listed = select(PatentOffer.patent_id, PatentOffer.id).where(
        PatentOffer.patent_id.in_(ids), PatentOffer.state == "published"
    )
    licensed = select(Offer.patent_id, Offer.id).where(Offer.patent_id.in_(ids), *running_offer(unit))
    for letter, statement in (("o", listed), ("l", licensed)):
        for patent_id, number in unit.session.execute(statement):
            if patent_id is not None:
                found[patent_id] = (*found.get(patent_id, ()), f"{letter}{number}")
    return found
