"""What the matcher is asked for a demand: its words, the words chosen for it, and what its enterprise has answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matchhub.db.tables import Demand
from matchhub.services.learning.answers import Lesson, lessons
from matchhub.services.matching.refinements import words_of
from matchhub.services.unit import Unit
from recommender import Hit, Index, Query

_NOTHING = Lesson()


def query_of(demand: Demand, words: Sequence[str] = ()) -> Query:
    """What the matcher reads of a demand: all that was written about the matter itself, and the words chosen for it."""
    parts = (demand.text, demand.object, demand.aim, demand.targets, demand.technical_field)
    text = "\n".join(dict.fromkeys(part for part in parts if part))
    return Query(str(demand.id), demand.title, text, tuple(words))


@dataclass(frozen=True, slots=True)
class Asked:
    """Some demands as the matcher is asked about them; ``lessons`` by demand id, only where there are answers."""

    queries: tuple[Query, ...]
    lessons: dict[str, Lesson]

    def search(self, index: Index, top: int) -> list[Hit]:
        """The best patents for the first demand with reasons, without those its enterprise is done with."""
        query = self.queries[0]
        lesson = self.lessons.get(query.id, _NOTHING)
        hits = index.search(query, top + len(lesson.done), answers=lesson.worth or None)
        return [hit for hit in hits if hit.document_id not in lesson.done][:top]

    def explain(self, index: Index, patent_ids: Sequence[str]) -> list[Hit]:
        """Scores and reasons of the first demand with these patents, whatever their rank."""
        query = self.queries[0]
        return index.explain_all(query, patent_ids, self.lessons.get(query.id, _NOTHING).worth or None)

    def explain_each(self, index: Index, patent_ids: Sequence[Sequence[str]]) -> list[list[Hit]]:
        """``explain`` for every demand, each with its own patents; all demands are read together."""
        worth = {key: lesson.worth for key, lesson in self.lessons.items() if lesson.worth}
        return index.explain_each(self.queries, patent_ids, worth)

    def match(self, index: Index, top: int) -> Iterator[tuple[str, str, float]]:
        """The best ``top`` patents of every demand: (demand id, patent id, score), best first within each demand."""
        spare = max((len(lesson.done) for lesson in self.lessons.values()), default=0)
        worth = {key: lesson.worth for key, lesson in self.lessons.items() if lesson.worth}
        given: dict[str, int] = {}
        for demand_id, patent_id, score in index.match(self.queries, top + spare, answers=worth):
            done = self.lessons.get(demand_id, _NOTHING).done
            if patent_id not in done and given.get(demand_id, 0) < top:
                given[demand_id] = given.get(demand_id, 0) + 1
                yield demand_id, patent_id, score


def ask(unit: Unit, demands: Sequence[Demand]) -> Asked:
    """These demands with the words chosen for them and the answers of their enterprises; two queries in all.

    What a firm answered is nobody else's: an institution is shown scores without it.
    """
    words = words_of(unit, [demand.id for demand in demands])
    learnt = {} if unit.actor.role == "institution" else lessons(unit, demands)
    return Asked(
        tuple(query_of(demand, words.get(demand.id, ())) for demand in demands),
        {str(key): lesson for key, lesson in learnt.items()},
    )
