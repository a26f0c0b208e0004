"""One set of terms for many own patents put on offer (挂牌): which can and which cannot, then one act for all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select

from matchhub.db.tables import Patent, PatentOffer
from matchhub.errors import Conflict, Refusal
from matchhub.services.kernel.unit import Unit
from matchhub.services.patents.holders import own_patent_ids
from matchhub.services.patents.many import Line, Recorded, record_each
from matchhub.services.patents.offers import NewPatentOffer, check_listing_terms, list_patent
from matchhub.services.patents.page import ended_patents


def preview_listings(unit: Unit, ids: Collection[int]) -> tuple[Line, ...]:
    """Which of the chosen own patents can be put on offer, by title, with the reason of each that cannot."""
    unit.require("patent_offer.make_many")
    own = own_patent_ids(unit) & set(ids)
    chosen = select(Patent).where(Patent.id.in_(own)).order_by(Patent.title, Patent.id)
    patents = list(unit.session.execute(chosen).scalars())
    ended, known = ended_patents(unit, sorted(own)), _offered(unit)
    return tuple(
        Line(
            patent.id,
            patent.application_number or patent.publication_number or "",
            patent.title or "",
            _refusal(unit, patent, patent.id in ended, known.get(patent.application_number or "")),
        )
        for patent in patents
    )


def list_many(unit: Unit, ids: Collection[int], terms: NewPatentOffer) -> Recorded:
    """Put those of the chosen own patents on offer that can be; the others are named with their reasons.

    ``terms`` bear no number and no title. Raises what the terms are refused for, before anything is written.
    """
    lines = preview_listings(unit, ids)
    check_listing_terms(terms)
    return record_each(lines, lambda line: list_patent(unit, replace(terms, number=line.number)))


def _offered(unit: Unit) -> dict[str, int]:
    """Numbers that the actor's organisation has on offer, or that wait for a decision, with the offer's number."""
    chosen = select(PatentOffer.application_number, PatentOffer.id).where(
        PatentOffer.organisation_id == (unit.actor.organisation_id or 0),
        PatentOffer.state.in_(("published", "review")),
    )
    return dict(unit.session.execute(chosen).all())


def _refusal(unit: Unit, patent: Patent, ended: bool, known: int | None) -> Refusal | None:
    if not patent.application_number:
        return Refusal("patent_application_number_missing")
    if known is not None:
        return Conflict("patent_offer_repeated", id=known)
    if ended:
        return Refusal("patent_offer_patent_dead", on=unit.today)
    return None if patent.title else Refusal("patent_offer_title_missing")
