"""The patents a firm holds, for its demands: what is near to them is lifted a little, they themselves are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select

from matchhub.db.tables import Demand, Enterprise, Patent, PatentClass, PatentHolder
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from recommender import ANSWER_FLOOR, MODEL, Affinity, Document

_READ = 10
"""Own patents read per firm, the newest first; titles of earlier ones say little that these do not."""
_HOLDS = ("owner", "applicant")


def affinities(unit: Unit, demands: Sequence[Demand]) -> dict[int, Affinity]:
    """By demand what its enterprise holds; demands of enterprises without patents are left out.

    A patent applied for and sold since is still known to the firm: it is left out as the own ones are, and read as one.
    """
    held = held_patents(unit, {demand.enterprise_id for demand in demands})
    if not held:
        return {}
    newest = {firm: sorted(patents, reverse=True)[:_READ] for firm, patents in held.items()}
    documents = _documents(unit, {patent for patents in newest.values() for patent in patents})
    floors = {ANSWER_FLOOR, unit.pack.pushes.floor_of(MODEL) or ANSWER_FLOOR}
    made = {
        firm: Affinity.of((documents[patent] for patent in newest[firm]), map(str, patents), sorted(floors))
        for firm, patents in held.items()
    }
    return {demand.id: made[demand.enterprise_id] for demand in demands if demand.enterprise_id in made}


def held_patents(unit: Unit, enterprise_ids: Collection[int]) -> dict[int, set[int]]:
    """By enterprise the patents that name it as owner or applicant; enterprises without any are left out."""
    found: dict[int, set[int]] = defaultdict(set)
    chosen = (
        select(Enterprise.id, PatentHolder.patent_id)
        .join(PatentHolder, PatentHolder.name_key == Enterprise.name_key)
        .join(Patent, Patent.id == PatentHolder.patent_id)
        .where(PatentHolder.role.in_(_HOLDS), Patent.withdrawn_at.is_(None))
    )
    for part in parts(sorted(enterprise_ids)):
        for firm, patent in unit.session.execute(chosen.where(Enterprise.id.in_(part))):
            found[firm].add(patent)
    return dict(found)


def _documents(unit: Unit, ids: Iterable[int]) -> dict[int, Document]:
    """Titles and IPC symbols."""
    symbols: dict[int, list[str]] = defaultdict(list)
    titles: dict[int, str] = {}
    for part in parts(sorted(ids)):
        classes = select(PatentClass.patent_id, PatentClass.symbol).where(PatentClass.scheme == "ipc")
        for patent, symbol in unit.session.execute(classes.where(PatentClass.patent_id.in_(part))):
            symbols[patent].append(symbol)
        for patent, title in unit.session.execute(select(Patent.id, Patent.title).where(Patent.id.in_(part))):
            titles[patent] = title or ""
    return {key: Document(str(key), title, "", tuple(symbols[key])) for key, title in titles.items()}
