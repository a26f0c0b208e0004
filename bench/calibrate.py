"""Fits the confidence from the labelled sets: ``python -m bench.calibrate [--write]``.

Prints the models, cross-validated by demand, and how each set does under them; ``--write`` renews
``recommender/confidence.toml`` and the labels it was fitted on, ``bench/confidence_labels.tsv`` (numbers of pairs, no
texts). ``--from-labels`` fits on that file instead of the sets.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from bench.sets import ABSENT, DEMANDS, GOOD, LATER, SHORT, Labelled, labelled_sets
from recommender import MODEL, Matcher, wilson
from recommender.confidence import Confidence, first_columns, lifts, logistic, second_columns
from recommender.judging import Judge, titled_text

FOLDER = Path(__file__).resolve().parent
LABELS = FOLDER / "confidence_labels.tsv"
PARAMETERS = FOLDER.parent / "recommender" / "confidence.toml"
DEPTH = 20
FITTED_FROM = 0.15  # chance at first from which on pairs teach the second model
CHECK = 0.25
FOLDS, SEEDS = 8, (0, 1, 2)
INVERSE_PENALTY = 0.3
LEAST_PRECISION = 0.5
MOST_ABSENT = 1
FLOORS = np.round(np.arange(0.44, 0.71, 0.01), 2)  # lower ones hold for the first 20 alone, not the first 100
LIKELY_PRECISION = 0.65
UNFITTED = Confidence((0.0, 0.0, 0.0, 1.0), (0.0, 0.0, 1.0, 0.0, 0.0), 2.0, 0.5, 0.9, {})
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """One judged pair among the first ``DEPTH`` of a demand of a set; ``length`` in characters."""

    name: str
    demand: str
    length: int
    coverage: float
    reach: float
    object_title: float
    wish_title: float
    met: bool
    good: bool

    def line(self) -> str:
        """As one line of the file of labels."""
        numbers = (
            f"{self.length}\t{self.coverage:.6f}\t{self.reach:.6f}\t{self.object_title:.3f}\t{self.wish_title:.3f}"
        )
        return f"{self.name}\t{self.demand}\t{numbers}\t{int(self.met)}\t{int(self.good)}"


def pairs_of(one: Labelled) -> list[Pair]:
    """The judged pairs of a set; of an absent demand everything found counts as not good."""
    matcher = Matcher(one.index, confidence=UNFITTED)
    texts = matcher.read(one.queries).texts
    judge = Judge(one.index, matcher.thesaurus, matcher.confidence, texts, [True] * len(texts))
    rows = {query.id: row for row, query in enumerate(one.queries)}
    table, found = matcher.match(one.queries, DEPTH), []
    for qid, name, coverage in zip(table.query_ids, table.document_ids, table.coverage.tolist(), strict=True):
        if one.name != ABSENT and name not in one.grades[qid]:
            continue
        row = rows[qid]
        title, abstract = titled_text(one.index, one.index.places([name])[name])
        text, asked = f"{title}\n{abstract}", judge.asked(row)
        good = one.name != ABSENT and one.grades[qid][name] >= GOOD
        met = asked.object_met(text) and asked.wish_met(text)
        reach = coverage * (1.0 + float(lifts(np.array([len(texts[row])]))[0]) * asked.share_in(title))
        found.append(Pair(one.name, qid, len(texts[row]), coverage, reach, *asked.in_title(title), met, good))
    return found


def read_pairs(lines: Sequence[str]) -> list[Pair]:
    """The pairs of a file of labels."""
    cells = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    return [
        Pair(
            one[0],
            one[1],
            int(one[2]),
            float(one[3]),
            float(one[4]),
            float(one[5]),
            float(one[6]),
            one[7] == "1",
            one[8] == "1",
        )
        for one in cells
    ]


def columns_of(pairs: Sequence[Pair]) -> tuple[Floats, Floats]:
    """The columns of the first and of the second model."""
    coverage, lengths = np.array([one.coverage for one in pairs]), np.array([one.length for one in pairs])
    in_title = np.array([(one.object_title, one.wish_title) for one in pairs]).reshape(len(pairs), 2)
    reach = np.array([one.reach for one in pairs])
    return first_columns(reach, lengths), second_columns(coverage, lengths, in_title)


def fit(columns: Floats, good: npt.NDArray[np.bool_]) -> tuple[float, ...]:
    """Intercept and slopes of a logistic model; the penalty weighs standardised columns."""
    mean, spread = columns.mean(axis=0), columns.std(axis=0) + 1e-9
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=1000).fit((columns - mean) / spread, good)
    slopes = model.coef_[0] / spread
    return tuple(float(value) for value in (model.intercept_[0] - float(slopes @ mean), *slopes))


def fitted(pairs: Sequence[Pair], floor: float = 0.4, likely: float = 0.6) -> Confidence:
    """Both models from labelled pairs; the second from those that the first gives a chance."""
    first, second = columns_of(pairs)
    good = np.array([one.good for one in pairs])
    one = fit(first, good)
    looked = logistic(first, one) >= FITTED_FROM
    return Confidence(one, fit(second[looked], good[looked]), CHECK, floor, likely, {})


def chances(pairs: Sequence[Pair], confidence: Confidence) -> Floats:
    """What the second look gives each pair (n,), 0 where there is none or the demand is not met."""
    first, second = columns_of(pairs)
    met = np.array([one.met for one in pairs])
    looked = (logistic(first, confidence.first) >= confidence.check) & met
    return np.where(looked, logistic(second, confidence.second), 0.0)


def cross_validated(pairs: Sequence[Pair]) -> tuple[Floats, Floats]:
    """What the first model, and ``chances``, give each pair under models that never saw its demand; means over several
    cuts."""
    demands = sorted({(one.name, one.demand) for one in pairs})
    number = {demand: place for place, demand in enumerate(demands)}
    owner = np.array([number[one.name, one.demand] for one in pairs])
    first, second = np.zeros(len(pairs)), np.zeros(len(pairs))
    for seed in SEEDS:
        fold = np.random.default_rng(seed).permutation(len(demands)) % FOLDS
        for part in range(FOLDS):
            out = fold[owner] == part
            model = fitted([one for one, left in zip(pairs, out, strict=True) if not left])
            mine = [one for one, left in zip(pairs, out, strict=True) if left]
            first[out] += logistic(columns_of(mine)[0], model.first)
            second[out] += chances(mine, model)
    return first / len(SEEDS), second / len(SEEDS)


def fit_matches(pairs: Sequence[Pair], first: Floats, kept: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """The line from the first model's log odds to those of a match, fitted on the pairs ``kept``."""
    good = np.array([one.good for one in pairs])[kept]
    intercept, slope = fit(np.log(first / (1.0 - first))[kept][:, None], good)
    return (intercept, max(slope, 0.0))


def share(pairs: Sequence[Pair], kept: npt.NDArray[np.bool_], name: str = "") -> tuple[int, int]:
    """Good ones and all of the pairs kept, of one set or of all but the absent demands."""
    mine = [one.good for one, keep in zip(pairs, kept, strict=True) if keep and (one.name == name or not name)]
    return sum(mine), len(mine)


def absent_called_good(pairs: Sequence[Pair], kept: npt.NDArray[np.bool_]) -> int:
    """How many absent demands have a pair that is kept."""
    return len({one.demand for one, keep in zip(pairs, kept, strict=True) if keep and one.name == ABSENT})


def choose_floor(pairs: Sequence[Pair], *scores: Floats) -> float:
    """The lowest floor with the precision asked for on every set and at most one absent demand called good, under each
    of the ``scores``: those of models that never saw the demand, and those of the models that ship."""
    return next((floor for floor in FLOORS.tolist() if all(_holds(pairs, one >= floor) for one in scores)), FLOORS[-1])


def _holds(pairs: Sequence[Pair], kept: npt.NDArray[np.bool_]) -> bool:
    shares = [share(pairs, kept, name) for name in (SHORT, DEMANDS, LATER)]
    enough = all(labels and good / labels >= LEAST_PRECISION for good, labels in shares)
    return enough and absent_called_good(pairs, kept) <= MOST_ABSENT


def choose_likely(pairs: Sequence[Pair], scores: Floats, floor: float) -> float:
    """The lowest score above the floor from which on ``LIKELY_PRECISION`` is reached by at least 30 pairs."""
    for step in np.round(np.arange(floor + 0.05, 0.9, 0.01), 2).tolist():
        good, labels = share(pairs, scores >= step)
        if labels >= 30 and good / labels >= LIKELY_PRECISION:
            return float(step)
    return round(floor + 0.15, 2)


def written(confidence: Confidence, pairs: Sequence[Pair], scores: Floats) -> str:
    """The file of parameters with the measured bands."""
    at_first = logistic(columns_of(pairs)[0], confidence.first)
    kept, likely = scores >= confidence.floor, scores >= confidence.likely
    bands = {"likely": likely, "possible": kept & ~likely, "below": ~kept & (at_first >= FITTED_FROM)}
    lines = [
        "# Written by `python -m bench.calibrate --write`; docs/matching.md tells what the numbers mean.",
        f'model = "{MODEL}"',
        f"pairs = {len(pairs)}",
        f"first = [{', '.join(f'{value:.4f}' for value in confidence.first)}]",
        f"second = [{', '.join(f'{value:.4f}' for value in confidence.second)}]",
        f"match = [{', '.join(f'{value:.4f}' for value in confidence.match)}]",
        f"check = {confidence.check}\nfloor = {confidence.floor}\nlikely = {confidence.likely}",
    ]
    for name, mask in bands.items():
        good, labels = share(pairs, mask)
        low, high = wilson(good, labels)
        lines.append(f"\n[bands.{name}]\ngood = {good}\nlabels = {labels}\nat_least = {low:.4f}\nat_most = {high:.4f}")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] = ()) -> int:
    """Fit, print, and write when asked to."""
    if "--from-labels" in arguments:
        pairs = read_pairs(LABELS.read_text("utf-8").splitlines())
    else:
        pairs = [pair for one in labelled_sets() for pair in pairs_of(one)]
    first, second = cross_validated(pairs)
    floor = choose_floor(pairs, second, chances(pairs, fitted(pairs)))
    kept = second >= floor
    confidence = replace(fitted(pairs, floor), match=fit_matches(pairs, first, kept))
    scores = np.where(kept, confidence.of_matches(first), 0.0)
    confidence = replace(confidence, likely=choose_likely(pairs, scores, floor))
    print(written(confidence, pairs, scores))
    for name in dict.fromkeys(one.name for one in pairs):
        good, labels = share(pairs, scores >= floor, name)
        low, high = wilson(good, labels)
        print(f"{name}: {good} of {labels} over the floor are good ({low:.2f}-{high:.2f})")
    print(f"absent demands called good: {absent_called_good(pairs, scores >= floor)}")
    if "--write" in arguments:
        PARAMETERS.write_text(written(confidence, pairs, scores), "utf-8")
        head = (
            "# set, demand, characters, coverage, the same lifted by the title, object and wish in the title, both met,"
            " good; by bench.calibrate"
        )
        LABELS.write_text("\n".join([head, *(one.line() for one in pairs)]) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
