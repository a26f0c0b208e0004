"""The labelled sets of demands, read in place: short ones with absent ones, graded ones, and those written later."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bench.later import corpus, later_set
from bench.quality import SHARED, demand_set, has_answers
from recommender import Index, Query, build_index, read_qrels, read_queries
from recommender.evaluation import Grades

GOOD = 2
SHORT, ABSENT, DEMANDS, LATER = "short", "absent", "demands", "later"
SHORT_FOLDER = SHARED / "data/relevance/short"


@dataclass(frozen=True)
class Labelled:
    """A set: its demands over an index, their grades, whether each has an answer, and its length class if told."""

    name: str
    index: Index
    queries: list[Query]
    grades: Grades
    answered: Mapping[str, bool]
    classes: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=2)
def index_of(name: str) -> Index:
    """The index of the graded demands' pool (``demands``) or of all patents together."""
    return build_index(demand_set()[0] if name == DEMANDS else corpus())


def short_sets() -> Iterator[Labelled]:
    """The short demands, and those from fields that the base does not hold."""
    queries, grades = read_queries(SHORT_FOLDER / "queries.jsonl"), read_qrels(SHORT_FOLDER / "qrels.tsv")
    told = [json.loads(line) for line in (SHORT_FOLDER / "queries.jsonl").read_text("utf-8").splitlines()]
    answered = {one["qid"]: bool(one["has_answer"]) for one in told}
    yield Labelled(SHORT, index_of(""), queries, grades, answered, {one["qid"]: one["length_class"] for one in told})
    lines = [line.strip() for line in (SHORT_FOLDER / "absent.txt").read_text("utf-8").splitlines() if line.strip()]
    absent = [Query(f"absent{number:02d}", line, "") for number, line in enumerate(lines, start=1)]
    yield Labelled(ABSENT, index_of(""), absent, {}, {query.id: False for query in absent})


def labelled_sets() -> list[Labelled]:
    """All four sets."""
    later, later_grades = later_set()
    exists = {qid: max(judged.values()) >= GOOD for qid, judged in later_grades.items()}
    _, queries, grades = demand_set()
    return [
        *short_sets(),
        Labelled(DEMANDS, index_of(DEMANDS), queries, grades, has_answers()),
        Labelled(LATER, index_of(""), later, later_grades, exists),
    ]
