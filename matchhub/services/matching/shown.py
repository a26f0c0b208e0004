"""Matches as a page shows them: status and holders of each patent, and the words that met marked in both texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from matchhub.db.tables import Demand, Patent
from matchhub.domain.records import DemandRecord
from matchhub.errors import NotFound
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.asking import Asked, ask, ask_plainly
from matchhub.services.matching.bounds import bounded
from matchhub.services.matching.results import PatentHit, ReasonView, views, views_of
from matchhub.services.matching.store import current_matcher
from matchhub.services.patents.rows import PatentRow, patent_rows
from recommender import Correction, Query, Reason, highlight, whole_text

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it is to be marked."""


@dataclass(frozen=True, slots=True)
class MatchView:
    """One patent found for a demand. ``reasons`` add up to ``score``; the three marked texts show where they stand.

    ``band`` and ``unmet`` as in ``recommender.Hit``.
    ``read_as``: words of the demand that were taken for others, mistyped ones, which the page has to say.
    """

    patent: PatentRow
    score: float
    reasons: tuple[ReasonView, ...]
    title: Marked
    abstract: Marked
    demand: Marked
    band: str = "weak"
    unmet: tuple[tuple[str, str], ...] = ()
    read_as: tuple[Correction, ...] = ()

    def unmet_of(self, role: str) -> tuple[str, ...]:
        """Words of one role that the patent does not speak of."""
        return tuple(word for word, its in self.unmet if its == role)


def draft_query(record: DemandRecord) -> Query:
    """What the matcher reads of a demand that is still being written; the same parts as of a recorded one."""
    parts = (record.text, record.object, record.aim, record.targets, record.technical_field)
    return Query("", record.title or "", "\n".join(dict.fromkeys(part for part in parts if part)))


def matches_of_demand(unit: Unit, demand: Demand, top: int = 20, known_first: bool = False) -> tuple[MatchView, ...]:
    """The best patents for a recorded demand, right now; those that share words alone are left out.

    ``known_first``: patents whose legal status nobody knows come after the others.
    """
    found = _best(unit, ask(unit, [demand]), top)
    return tuple(sorted(found, key=lambda one: one.patent.validity == "unknown")) if known_first else found


def matches_of_query(unit: Unit, query: Query, top: int) -> tuple[MatchView, ...]:
    """The best ``top`` patents for any query, right now; nothing for an empty one."""
    return _best(unit, Asked((bounded(query),), {}), top)


def _best(unit: Unit, asked: Asked, top: int) -> tuple[MatchView, ...]:
    query = asked.queries[0]
    if top < 1 or not whole_text(query).strip():
        return ()
    hits = [hit for hit in asked.search(current_matcher(unit), top) if hit.band != "weak"]
    return shown(unit, query, views(unit, hits, query))


def match_of_pair(unit: Unit, demand: Demand, patent_id: int, plainly: bool = False) -> MatchView:
    """One demand with one patent, whatever its rank; ``NotFound("pair_not_found")`` when the index lacks the patent.

    ``plainly``: without what the demand's enterprise alone may know, for whoever else reads it.
    """
    matcher, asked = current_matcher(unit), (ask_plainly if plainly else ask)(unit, [demand])
    query = asked.queries[0]
    if str(patent_id) not in matcher.index:
        raise NotFound("pair_not_found", demand=demand.id, patent=patent_id)
    found = shown(unit, query, views(unit, asked.explain(matcher, [str(patent_id)]), query))
    if not found:
        raise NotFound("pair_not_found", demand=demand.id, patent=patent_id)
    return found[0]


def matches_of_pairs(unit: Unit, pairs: Sequence[tuple[Demand, int]]) -> list[MatchView]:
    """Each demand with its patent as ``match_of_pair`` shows it, all of them read at once."""
    if not pairs:
        return []
    matcher, asked = current_matcher(unit), ask(unit, list({demand.id: demand for demand, _ in pairs}.values()))
    wanted: dict[str, list[str]] = defaultdict(list)
    for demand, patent_id in pairs:
        if str(patent_id) not in matcher.index:
            raise NotFound("pair_not_found", demand=demand.id, patent=patent_id)
        wanted[str(demand.id)].append(str(patent_id))
    chosen = select(Patent).where(Patent.id.in_({key for _, key in pairs}), Patent.withdrawn_at.is_(None))
    patents = {row.id: row for row in unit.session.execute(chosen).scalars()}
    rows = {row.id: row for row in patent_rows(unit, list(patents.values()))}
    found: dict[tuple[str, int], MatchView] = {}
    explained = asked.explain_each(matcher, [wanted[query.id] for query in asked.queries])
    for query, hits in zip(asked.queries, explained, strict=True):
        read_as = matcher.corrections(query)
        for hit in views_of(hits, query, patents):
            found[query.id, hit.patent_id] = _view(query, hit, rows[hit.patent_id], read_as)
    missing = next((pair for pair in pairs if (str(pair[0].id), pair[1]) not in found), None)
    if missing is not None:
        raise NotFound("pair_not_found", demand=missing[0].id, patent=missing[1])
    return [found[str(demand.id), patent_id] for demand, patent_id in pairs]


def without_words(match: MatchView) -> MatchView:
    """A match whose demand may not be read yet: the score and the patent's side stay, the demand's words go."""
    reasons = tuple(replace(reason, demand_text="") for reason in match.reasons)
    return replace(match, demand=(), reasons=reasons, unmet=(), read_as=())


def shown(unit: Unit, query: Query, hits: Sequence[PatentHit]) -> tuple[MatchView, ...]:
    """Hits with the public rows of their patents and the words that met; withdrawn patents are left out."""
    ids = [hit.patent_id for hit in hits]
    chosen = select(Patent).where(Patent.id.in_(ids), Patent.withdrawn_at.is_(None))
    rows = {row.id: row for row in patent_rows(unit, list(unit.session.execute(chosen).scalars()))}
    read_as = current_matcher(unit).corrections(query) if rows else ()
    return tuple(_view(query, hit, rows[hit.patent_id], read_as) for hit in hits if hit.patent_id in rows)


def _view(query: Query, hit: PatentHit, row: PatentRow, read_as: tuple[Correction, ...]) -> MatchView:
    reasons = [
        Reason(
            feature="word" if each.feature == "refinement" else each.feature,
            weight=each.weight,
            demand_text=each.demand_text,
            patent_text=each.patent_text,
        )
        for each in hit.reasons
    ]
    demand_text = whole_text(query)
    in_demand, in_title = highlight(demand_text, hit.title, reasons)
    _, in_abstract = highlight("", hit.abstract, reasons)
    return MatchView(
        patent=row,
        score=hit.score,
        reasons=hit.reasons,
        title=marked(hit.title, in_title),
        abstract=marked(hit.abstract, in_abstract),
        demand=marked(demand_text, in_demand),
        band=hit.band,
        unmet=hit.unmet,
        read_as=read_as,
    )


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Marked:
    """``text`` cut at ``spans`` (sorted, not overlapping); the pieces joined are the text again."""
    pieces, place = [], 0
    for start, end in spans:
        pieces += [(text[place:start], False), (text[start:end], True)]
        place = end
    return tuple((piece, mark) for piece, mark in [*pieces, (text[place:], False)] if piece)
