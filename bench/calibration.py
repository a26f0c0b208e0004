"""What a score means on the labelled demands: ``python3 run.py bench calibration``.

Prints, for the graded demands, for the demands written after freezing (``bench.later``) and for both together, the
table score -> precision over the judged pairs among the first 20 of each demand (good: grade 2 and more), and how the
rule "no good match yet" does with the floor in force and with a floor chosen without the demand it is tried on.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Mapping, Sequence

from bench.later import CITY, corpus, later_set
from bench.quality import demand_set, has_answers
from recommender import ANSWER_FLOOR, AnswerRule, Matcher, build_index, calibrate, judge_rule
from recommender.evaluation import Grades, Ranked, rank_all

DEPTH = 20
GOOD = 2
HEADER = "| score | judged pairs | good | precision | 95 % interval | from here up |\n|---|---|---|---|---|---|"
Best = Mapping[str, tuple[float, bool]]
"""Of each demand the score of its first match, and whether a good patent is in the base."""


def main(arguments: Sequence[str] = ()) -> int:
    """Print the tables in Markdown."""
    if not CITY.exists():
        print("缺少专利数据:请将 MATCHHUB_SHARED 指向含 data/patents 的目录。", file=sys.stderr)
        print("The patents are absent: point MATCHHUB_SHARED at the folder that holds data/patents.", file=sys.stderr)
        return 0
    documents, queries, grades = demand_set()
    run = rank_all(Matcher(build_index(documents)), queries, DEPTH)
    older, older_best = _pairs(run, grades), _best(run, has_answers())
    queries, grades = later_set()
    run = rank_all(Matcher(build_index(corpus())), queries, DEPTH)
    exists = {qid: max(judged.values()) >= GOOD for qid, judged in grades.items()}
    later, later_best = _pairs(run, grades), _best(run, exists)
    _report("the graded demands", older, older_best)
    _report("the demands written after freezing", later, later_best)
    both = {**older_best, **{f"later {qid}": one for qid, one in later_best.items()}}
    _report("both together", older + later, both)
    return 0


def _pairs(run: Ranked, grades: Grades) -> list[tuple[float, bool]]:
    return [
        (score, grades[qid][name] >= GOOD)
        for qid, ranked in run.items()
        for name, score in ranked
        if name in grades[qid]
    ]


def _best(run: Ranked, exists: Mapping[str, bool]) -> Best:
    return {qid: (ranked[0][1] if ranked else 0.0, exists[qid]) for qid, ranked in run.items()}


def _report(name: str, pairs: list[tuple[float, bool]], best: Best) -> None:
    print(f"\n{name}\n\n{HEADER}")
    for step in calibrate(pairs):
        if step.labels:
            print(
                f"| {step.low:.2f}-{step.high:.2f} | {step.labels} | {step.good} | {step.precision:.2f} |"
                f" {step.at_least:.2f}-{step.at_most:.2f} | {step.precision_from:.2f} |"
            )
    print(f"\n- floor in force: {_rule_line(judge_rule(best.values(), ANSWER_FLOOR))}")
    print(f"- floor fitted: {_rule_line(judge_rule(best.values(), choose_floor(best.values())))}")
    fine = {
        qid: (score >= choose_floor([one for other, one in best.items() if other != qid])) == exists
        for qid, (score, exists) in best.items()
    }
    kept = sum(fine[qid] for qid in best if best[qid][1])
    answered = sum(exists for _, exists in best.values())
    silent, rest = sum(fine.values()) - kept, len(best) - answered
    print(f"- floor chosen without the demand it is tried on: {kept} of {answered} kept, {silent} of {rest} silent")


def choose_floor(best: Iterable[tuple[float, bool]]) -> float:
    """The floor with the best mean of ``judge_rule``'s two shares, between observed scores; 0 without both kinds."""
    rows = sorted(best)
    scores = sorted({score for score, _ in rows})
    candidates = [0.0, *((low + high) / 2 for low, high in itertools.pairwise(scores))]

    def worth(floor: float) -> float:
        rule = judge_rule(rows, floor)
        if not rule.answered or not rule.unanswered:
            return -floor
        return rule.kept / rule.answered + rule.silent / rule.unanswered

    return max(candidates, key=worth)


def _rule_line(rule: AnswerRule) -> str:
    return f"{rule.floor:.3f}: {rule.kept} of {rule.answered} kept, {rule.silent} of {rule.unanswered} silent"


if __name__ == "__main__":
    raise SystemExit(main())
