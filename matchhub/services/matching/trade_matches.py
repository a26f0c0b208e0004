"""New patents for the trades of firms: industry and scope of business (行业、经营范围) asked as a demand would be.

The scores are the matcher's for a text of that length. They were measured on demands, not on trades, so what is done
with them must ask for more than for a demand (``profile_floor`` of the pack).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select

from matchhub.db.tables import Enterprise, Patent
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.bounds import bounded
from matchhub.services.matching.own_patents import held_patents
from matchhub.services.matching.results import ReasonView
from matchhub.services.matching.store import current_matcher
from recommender import ANSWER_FLOOR, Query

_PER_FIRM = 3
_SPARE = 5  # the firm's own patents among the best


def trade_matches(unit: Unit, days: int, model: str) -> list[tuple[int, int, float]]:
    """(enterprise, patent, score) of matches among the patents that came into the base within ``days``, the best three
    of each local firm without its own; nothing where the matcher is not of ``model``."""
    new = _new_patents(unit, days)
    if not new:
        return []
    matcher = current_matcher(unit)
    if matcher.model != model:
        return []
    queries = _queries(unit, None)
    own = held_patents(unit, [int(query.id) for query in queries])
    given: Counter[int] = Counter()
    found = []
    for firm, patent, score in matcher.match(queries, _PER_FIRM + _SPARE, matcher.index.mask(map(str, new))):
        key, patent_id = int(firm), int(patent)
        if score >= ANSWER_FLOOR and patent_id not in own.get(key, ()) and given[key] < _PER_FIRM:
            given[key] += 1
            found.append((key, patent_id, score))
    return found


def explain_trades(
    unit: Unit, patents_of: Mapping[int, Sequence[int]]
) -> Iterator[tuple[int, int, tuple[ReasonView, ...]]]:
    """Reasons of patents for the trades of firms now, as (enterprise, patent, reasons)."""
    if not patents_of:
        return
    matcher = current_matcher(unit)
    queries = _queries(unit, list(patents_of))
    wanted = [[str(patent) for patent in patents_of[int(query.id)]] for query in queries]
    held = matcher.index.places(patent for each in wanted for patent in each)
    known = [[patent for patent in each if patent in held] for each in wanted]
    for query, hits in zip(queries, matcher.explain_each(queries, known, {}), strict=True):
        for hit in hits:
            told = (ReasonView(r.feature, r.weight, r.demand_text, r.patent_text) for r in hit.reasons)
            yield int(query.id), int(hit.document_id), tuple(told)


def _new_patents(unit: Unit, days: int) -> list[int]:
    since = unit.now - timedelta(days=days)
    chosen = select(Patent.id).where(Patent.recorded_at >= since, Patent.withdrawn_at.is_(None))
    return list(unit.session.execute(chosen).scalars())


def _queries(unit: Unit, ids: Collection[int] | None) -> list[Query]:
    """The trades of local firms (or of these firms) that say what they make."""
    columns = select(Enterprise.id, Enterprise.industry, Enterprise.business_scope).order_by(Enterprise.id)
    kept = columns.where(Enterprise.withdrawn_at.is_(None), Enterprise.business_scope.is_not(None))
    statements = (
        [kept.where(Enterprise.local.is_(True))]
        if ids is None
        else [columns.where(Enterprise.id.in_(part)) for part in parts(sorted(ids))]
    )
    rows = [row for statement in statements for row in unit.session.execute(statement)]
    return [bounded(Query(str(key), trade or "", scope or "")) for key, trade, scope in rows]
