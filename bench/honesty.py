"""Every figure of quality with its 95 % interval and its goal: what ``python3 run.py bench quality`` prints.

Ranks: nDCG@10, P@5, recall@20 and MRR@10 as means over demands, by percentile bootstrap (Efron 1979). Answers: how well
the best score tells demands with a good patent from those without (area under the curve, Hanley and McNeil 1982), and
what would be pushed (score over the floor; judged pairs among the first 20), by Wilson's interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score

from bench.quality import keyword_set
from bench.sets import ABSENT, DEMANDS, GOOD, LATER, SHORT, Labelled, labelled_sets
from recommender import ANSWER_FLOOR, Matcher, build_index, wilson
from recommender.confidence import length_class
from recommender.evaluation import Ranked, least_relevant, query_measures, rank_all

DEPTH = 20
DRAWS = 2_000
CLASSES = ("short", "medium", "long")
HEADER = "| set | figure | value | 95 % interval | goal | |\n|---|---|---|---|---|---|"
TODAY = {"short": 0.78, "medium": 0.94, "long": 1.0}
"""Areas by length class of the bare score, `tfidf-bm25f-1`."""


@dataclass(frozen=True)
class Figure:
    """One line: ``value`` with its interval, and the ``goal`` it is to reach (or stay under, ``most``)."""

    name: str
    what: str
    value: float
    low: float
    high: float
    goal: float | None = None
    most: bool = False
    note: str = ""

    def line(self) -> str:
        """A line of the table; the last cell says whether the goal is reached."""
        reached = self.goal is None or (self.value <= self.goal if self.most else self.value >= self.goal - 5e-4)
        goal = "" if self.goal is None else f"{'<=' if self.most else '>='} {self.goal:g}"
        told = "" if self.goal is None else ("reached" if reached else "**not reached**")
        interval = f"{self.low:.3f}-{self.high:.3f}"
        return f"| {self.name} | {self.what} | {self.value:.3f} | {interval} | {goal} | {told}{self.note} |"


def bootstrapped(values: Sequence[float], seed: int = 1) -> tuple[float, float, float]:
    """Mean and its interval over the values (demands)."""
    known = np.asarray(values, dtype=float)
    drawn = np.random.default_rng(seed).integers(len(known), size=(DRAWS, len(known)))
    low, high = np.percentile(known[drawn].mean(axis=1), (2.5, 97.5))
    return float(known.mean()), float(low), float(high)


def area(good: Sequence[float], other: Sequence[float]) -> tuple[float, float, float]:
    """Area under the curve of telling ``good`` scores from ``other`` ones, with Hanley and McNeil's interval."""
    labels = [1] * len(good) + [0] * len(other)
    value = float(roc_auc_score(labels, [*good, *other]))
    twice, square = value / (2 - value), 2 * value**2 / (1 + value)
    spread = value * (1 - value) + (len(good) - 1) * (twice - value**2) + (len(other) - 1) * (square - value**2)
    half = 1.959964 * (max(spread, 0.0) / (len(good) * len(other))) ** 0.5
    return value, max(0.0, value - half), min(1.0, value + half)


def ranks_of(one: Labelled, run: Ranked, goals: Mapping[str, float]) -> Iterable[Figure]:
    """The measures of ranks of a set, over the demands with a good patent."""
    least = least_relevant(one.grades)
    rows = {
        qid: query_measures([name for name, _ in run[qid]], judged, least)
        for qid, judged in one.grades.items()
        if any(grade >= least for grade in judged.values())
    }
    for name in ("ndcg@10", "p@5", "recall@20"):
        yield Figure(one.name, name, *bootstrapped([row[name] for row in rows.values()]), goals.get(name))
    for part in dict.fromkeys(one.classes.values()):
        mine = [row for qid, row in rows.items() if one.classes.get(qid) == part]
        for name in ("ndcg@10", "p@5"):
            yield Figure(f"{one.name}, {part}", name, *bootstrapped([row[name] for row in mine]))


def best_of(run: Ranked) -> dict[str, float]:
    """The best score of each demand."""
    return {qid: ranked[0][1] if ranked else 0.0 for qid, ranked in run.items()}


def answers_of(one: Labelled, best: Mapping[str, float], absent: Mapping[str, float]) -> Iterable[Figure]:
    """How well the best score tells answered demands from the others, the ``absent`` ones with them."""
    good = [best[qid] for qid, answered in one.answered.items() if answered]
    other = [best[qid] for qid, answered in one.answered.items() if not answered]
    short = one.name == SHORT
    yield Figure(one.name, "area, answered from unanswered", *area(good, other), 0.92 if short else None)
    if short:
        yield Figure(one.name, "area, with the absent ones", *area(good, [*other, *absent.values()]), 0.96)
    for part in CLASSES if short else ():
        mine = [qid for qid, its in one.classes.items() if its == part]
        rest = [best[qid] for qid in mine if not one.answered[qid]]
        told = area([best[qid] for qid in mine if one.answered[qid]], rest)
        yield Figure(f"{one.name}, {part}", "area, answered from unanswered", *told, TODAY[part])
    kept = sum(score >= ANSWER_FLOOR for score in good)
    yield Figure(one.name, f"answered called good ({kept} of {len(good)})", kept / len(good), *wilson(kept, len(good)))
    called = sum(score >= ANSWER_FLOOR for score in other)
    yield Figure(
        one.name, f"unanswered called good ({called} of {len(other)})", called / len(other), *wilson(called, len(other))
    )


def pushes_of(one: Labelled, run: Ranked) -> Iterable[Figure]:
    """What would be pushed: the judged pairs over the floor, and of how many characters their demands are."""
    lengths = {query.id: length_class(len(f"{query.title}{query.text}")) for query in one.queries}
    pairs = [
        (lengths[qid], one.grades[qid][name] >= GOOD)
        for qid, ranked in run.items()
        for name, score in ranked[:DEPTH]
        if score >= ANSWER_FLOOR and name in one.grades.get(qid, {})
    ]
    for part in ("", *dict.fromkeys(lengths.values())):
        mine = [good for its, good in pairs if not part or its == part]
        if mine and (part or len(set(lengths.values())) > 0):
            name = f"{one.name}, {part}" if part else one.name
            what = f"precision of pushes ({sum(mine)} of {len(mine)})"
            yield Figure(name, what, sum(mine) / len(mine), *wilson(sum(mine), len(mine)), 0.5)


def keyword_figures() -> Iterable[Figure]:
    """Keyword lists and their one known patent."""
    documents, queries, grades = keyword_set()
    run = rank_all(Matcher(build_index(documents)), queries)
    values = [query_measures([name for name, _ in run[qid]], judged, 1)["mrr@10"] for qid, judged in grades.items()]
    yield Figure("keyword lists", "mrr@10", *bootstrapped(values), 0.766)


def figures() -> Iterable[Figure]:
    """Every figure of every set."""
    goals = {
        SHORT: {"ndcg@10": 0.70, "p@5": 0.331},
        DEMANDS: {"ndcg@10": 0.60, "recall@20": 0.74},
        LATER: {},
    }
    sets = labelled_sets()
    runs = {
        one.name: rank_all(Matcher(one.index), one.queries, DEPTH) for one in sets
    }  # as many as pages and pushes ask for
    absent = best_of(runs[ABSENT])
    yield from keyword_figures()
    for one in sets:
        if one.name == ABSENT:
            called = sum(score >= ANSWER_FLOOR for score in absent.values())
            interval = wilson(called, len(absent))
            what = f"called good ({called} of {len(absent)})"
            yield Figure(ABSENT, what, called / len(absent), *interval, 0.05, most=True)
            continue
        yield from ranks_of(one, runs[one.name], goals[one.name])
        yield from answers_of(one, best_of(runs[one.name]), absent)
        yield from pushes_of(one, runs[one.name])


def report() -> None:
    """Print the table."""
    print(f"floor {ANSWER_FLOOR:g}\n\n{HEADER}")
    for figure in figures():
        print(figure.line(), flush=True)
