"""What the matcher is asked for a demand: its words, those chosen for it, its enterprise's answers and own patents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from matchhub.db.tables import Demand
from matchhub.domain.records import DemandRecord
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.bounds import bounded, cut_at
from matchhub.services.matching.feedback import Lesson, lessons
from matchhub.services.matching.own_patents import affinities
from matchhub.services.matching.refinements import words_of
from recommender import Affinity, Hit, Matcher, Query
from recommender.affinity import NEAR

_NOTHING, _NOBODY = Lesson(), Affinity()
_MOST_SPARE = 100  # of a firm with more own patents those that would crowd the best ones are kept out by a mask


def query_of(demand: Demand, words: Sequence[str] = ()) -> Query:
    """What the matcher reads of a demand: all that was written about the matter itself, and the words chosen for it."""
    return bounded(_written(demand, words))


def read_to(demand: Demand | DemandRecord) -> int:
    """The number of characters up to which a demand is matched, where more was written; else 0."""
    return cut_at(_written(demand))


def _written(demand: Demand | DemandRecord, words: Sequence[str] = ()) -> Query:
    parts = (demand.text, demand.object, demand.aim, demand.targets, demand.technical_field)
    text = "\n".join(dict.fromkeys(part for part in parts if part))
    return Query(str(getattr(demand, "id", "")), demand.title or "", text, tuple(words))


@dataclass(frozen=True, slots=True)
class Asked:
    """Some demands as the matcher is asked about them, by demand id: ``lessons`` only where there are answers, ``own``
    only where the enterprise holds patents."""

    queries: tuple[Query, ...]
    lessons: dict[str, Lesson]
    own: dict[str, Affinity] = field(default_factory=dict)

    def unwanted(self, demand_id: str) -> frozenset[str]:
        """Patents that are not proposed for a demand: the enterprise is done with them, or they are its own."""
        return self.lessons.get(demand_id, _NOTHING).done | self.own.get(demand_id, _NOBODY).held

    def only(self, demand_id: str) -> Asked:
        """One of the demands."""
        return Asked(tuple(query for query in self.queries if query.id == demand_id), self.lessons, self.own)

    def search(self, matcher: Matcher, top: int) -> list[Hit]:
        """The best patents for the first demand with reasons, without the unwanted ones."""
        query = self.queries[0]
        unwanted, own = self.unwanted(query.id), self.own.get(query.id)
        allowed = ~matcher.index.mask(unwanted) if unwanted else None
        hits = matcher.search(query, top + (NEAR if own else 0), allowed, self._worth(query.id))
        if own is not None:
            hits = sorted(own.lifted(matcher.index, hits), key=lambda hit: -hit.score)
        return hits[:top]

    def explain(self, matcher: Matcher, patent_ids: Sequence[str]) -> list[Hit]:
        """Scores and reasons of the first demand with these patents, whatever their rank."""
        query = self.queries[0]
        hits = matcher.explain(query, patent_ids, self._worth(query.id))
        return self.own.get(query.id, _NOBODY).lifted(matcher.index, hits)

    def explain_each(self, matcher: Matcher, patent_ids: Sequence[Sequence[str]]) -> list[list[Hit]]:
        """``explain`` for every demand, each with its own patents; all demands are read together."""
        found = matcher.explain_each(self.queries, patent_ids, self._worths())
        index, each = matcher.index, zip(self.queries, found, strict=True)
        return [self.own[query.id].lifted(index, hits) if query.id in self.own else hits for query, hits in each]

    def match(self, matcher: Matcher, top: int) -> Iterator[tuple[str, str, float]]:
        """The best ``top`` patents of every demand: (demand id, patent id, score), best first within each demand."""
        yield from self._match_plain(matcher, top)
        yield from self._match_beside_own(matcher, top)

    def _match_plain(self, matcher: Matcher, top: int) -> Iterator[tuple[str, str, float]]:
        queries = [query for query in self.queries if query.id not in self.own]
        spare = max((len(self.lessons.get(query.id, _NOTHING).done) for query in queries), default=0)
        given: Counter[str] = Counter()
        for demand_id, patent_id, score in matcher.match(queries, top + spare, feedback=self._worths()):
            if patent_id not in self.lessons.get(demand_id, _NOTHING).done and given[demand_id] < top:
                given[demand_id] += 1
                yield demand_id, patent_id, score

    def _match_beside_own(self, matcher: Matcher, top: int) -> Iterator[tuple[str, str, float]]:
        """The same for demands whose enterprise holds patents: without these, near ones lifted as ``search`` does."""
        queries = [query for query in self.queries if query.id in self.own]
        if not queries:
            return
        most = top + NEAR + min(_MOST_SPARE, max((len(self.unwanted(query.id)) for query in queries), default=0))
        found: dict[str, dict[str, float]] = {query.id: {} for query in queries}
        for demand_id, patent_id, score in matcher.match(queries, most, feedback=self._worths()):
            found[demand_id][patent_id] = score
        for demand_id, scores in found.items():
            unwanted = self.unwanted(demand_id)
            kept = {key: score for key, score in scores.items() if key not in unwanted}
            if len(scores) == most and len(kept) < top + NEAR:
                hits = self.only(demand_id).search(matcher, top)
                yield from ((demand_id, hit.document_id, hit.score) for hit in hits)
                continue
            kept = dict(list(kept.items())[: top + NEAR])
            for key, reasons in self.own[demand_id].lifts(matcher.index, kept).items():
                kept[key] += sum(reason.weight for reason in reasons)
            for key, score in sorted(kept.items(), key=lambda pair: -pair[1])[:top]:
                yield demand_id, key, score

    def _worth(self, demand_id: str) -> dict[str, float] | None:
        return self.lessons.get(demand_id, _NOTHING).worth or None

    def _worths(self) -> dict[str, dict[str, float]]:
        return {key: lesson.worth for key, lesson in self.lessons.items() if lesson.worth}


def ask_plainly(unit: Unit, demands: Sequence[Demand]) -> Asked:
    """These demands with the words chosen for them, and nothing that their enterprises alone may know."""
    words = words_of(unit, [demand.id for demand in demands])
    return Asked(tuple(query_of(demand, words.get(demand.id, ())) for demand in demands), {})


def ask(unit: Unit, demands: Sequence[Demand]) -> Asked:
    """These demands with the words chosen for them, the answers of their enterprises and the patents they hold.

    What a firm answered, and what its own patents say of it, is nobody else's: an institution is shown scores without.
    """
    plain = ask_plainly(unit, demands)
    if not unit.may("match.use_answers"):
        return plain
    return Asked(
        plain.queries,
        {str(key): lesson for key, lesson in lessons(unit, demands).items()},
        {str(key): affinity for key, affinity in affinities(unit, demands).items()},
    )
