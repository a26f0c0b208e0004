"""What a score means on the graded demands: ``python -m bench.calibration``.

Prints the table score -> precision over the judged pairs among the first 20 of each demand (good: grade 2 and more),
and how the rule "no good match yet" does when its floor is chosen without the demand it is tried on.
"""

from __future__ import annotations

from bench.quality import demand_set, has_answers
from recommender import build_index, calibrate, choose_floor, judge_rule
from recommender.evaluation import rank_all

DEPTH = 20
GOOD = 2


def main() -> None:
    """Print both tables in Markdown."""
    documents, queries, grades = demand_set()
    run = rank_all(build_index(documents), queries, DEPTH)
    pairs = []
    for qid, ranked in run.items():
        pairs += [(score, grades[qid][name] >= GOOD) for name, score in ranked if name in grades[qid]]
    print("| score | judged pairs | good | precision | 95 % interval | from here up |\n|---|---|---|---|---|---|")
    for step in calibrate(pairs):
        print(
            f"| {step.low:.2f}-{step.high:.2f} | {step.labels} | {step.good} | {step.precision:.2f} |"
            f" {step.at_least:.2f}-{step.at_most:.2f} | {step.precision_from:.2f} |"
        )
    exists = has_answers()
    best = {qid: (ranked[0][1] if ranked else 0.0, exists[qid]) for qid, ranked in run.items()}
    floor = choose_floor(best.values())
    rule = judge_rule(best.values(), floor)
    print(
        f"\nfloor {floor:.3f}: {rule.kept} of {rule.answered} kept, {rule.silent} of {rule.unanswered} silent (fitted)"
    )
    right = [
        (best[qid][0] >= choose_floor([one for other, one in best.items() if other != qid])) == best[qid][1]
        for qid in best
    ]
    kept = sum(fine for qid, fine in zip(best, right, strict=True) if best[qid][1])
    print(f"leaving out the demand it is tried on: {kept} of {rule.answered} kept, {sum(right) - kept} silent")


if __name__ == "__main__":
    main()
