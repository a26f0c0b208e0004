"""From a patent to the firms it fits: ``python3 run.py bench firms``.

Known items: patents of an official bulletin whose holder stands in a city's register of firms. Each is asked for by its
title alone; counted is whether its holder is among the first ten of all firms. Ours is asked by scope of business
alone, and with the firm's patents filed before the one asked for; beside it TF-IDF on the scope alone. Intervals are
95 % bootstrap intervals over firms, because the patents of one firm are alike. Data are read in place from
``MATCHHUB_SHARED``; a draw takes firms, so the interval says how far another register may lie from this one.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from bench._usual import words
from bench.quality import SHARED
from matchhub.domain.parties import normalise_name
from recommender import Document, Matcher, Query, build_index
from recommender.firm_fit import Voice, best_fits, likenesses

REGISTER = SHARED / "data/enterprises/quanzhou_register.csv"
BULLETIN = SHARED / "data/patents/bulletin_2019"
FIRST, NEAR, DRAWS = 10, 300, 10_000
Ranks = npt.NDArray[np.float64]


class Notice(NamedTuple):
    """One patent of the bulletin: title, day of filing (``2019.01.24``), and the firms of the register that hold it."""

    title: str
    filed: str
    firms: tuple[int, ...]


def register() -> list[tuple[str, str]]:
    """Name and scope of business (经营范围) of every firm."""
    with REGISTER.open(encoding="utf-8-sig", newline="") as stream:
        return [(row["企业名称"], row["经营范围"]) for row in csv.DictReader(stream)]


def bulletin(firms: Sequence[tuple[str, str]]) -> list[Notice]:
    """Every patent of the bulletin."""
    places = {normalise_name(name): place for place, (name, _) in enumerate(firms)}
    found = []
    for path in sorted(BULLETIN.glob("*.csv")):
        with path.open(encoding="gb18030", errors="replace", newline="") as stream:
            for row in csv.DictReader(stream):
                holders = (normalise_name(part) for part in re.split(r"[;；]", row["patentee"] or "") if part.strip())
                held = tuple(dict.fromkeys(places[key] for key in holders if key in places))
                found.append(Notice(row["name"] or "", row["filing_date"] or "", held))
    return found


def scope_scores(firms: Sequence[tuple[str, str]], asked: Sequence[Notice]) -> list[dict[int, float]]:
    """Scores of all firms for each patent asked, by the index of names and scopes that the product uses."""
    matcher = Matcher(build_index(Document(str(at), name, scope) for at, (name, scope) in enumerate(firms)))
    found: list[dict[int, float]] = [{} for _ in asked]
    for number, firm, score in likenesses(matcher.match(_queries(asked), len(firms))):
        found[int(number)][int(firm)] = score
    return found


def own_scores(notices: Sequence[Notice], asked: Sequence[Notice]) -> list[dict[int, float]]:
    """For each patent asked the best score of each firm's patents that were filed before it."""
    matcher = Matcher(build_index(Document(str(at), notice.title, "") for at, notice in enumerate(notices)))
    found: list[dict[int, float]] = [{} for _ in asked]
    for number, key, score in likenesses(matcher.match(_queries(asked), NEAR)):
        other, one = notices[int(key)], asked[int(number)]
        for firm in other.firms if other.filed < one.filed else ():
            found[int(number)][firm] = max(score, found[int(number)].get(firm, 0.0))
    return found


def usual_scores(firms: Sequence[tuple[str, str]], asked: Sequence[Notice], characters: bool) -> list[dict[int, float]]:
    """Cosine of TF-IDF over the scope of business alone."""
    shape = {"analyzer": "char", "ngram_range": (1, 2)} if characters else {"analyzer": words}
    vectorizer = TfidfVectorizer(**shape)
    matrix = vectorizer.fit_transform(scope for _, scope in firms)
    table = (vectorizer.transform([one.title for one in asked]) @ matrix.T).toarray()
    return [{firm: score for firm, score in enumerate(row.tolist()) if score > 0} for row in table]


def ranks(scores: Sequence[Mapping[int, float]], asked: Sequence[Notice]) -> Ranks:
    """Rank (0-based) of the best placed holder of each patent; among equal scores the middle."""
    return np.array([min(_rank(each, firm) for firm in one.firms) for each, one in zip(scores, asked, strict=True)])


def _rank(scores: Mapping[int, float], firm: int) -> float:
    mine = scores.get(firm, 0.0)
    values = np.fromiter(scores.values(), dtype=float)
    return float((values > mine).sum() + ((values == mine).sum() - 1) / 2) if mine > 0 else np.inf


def interval(hits: npt.NDArray[np.bool_], asked: Sequence[Notice], seed: int = 1) -> tuple[float, float]:
    """95 % bootstrap interval of the share of hits; a draw takes firms, each with all its patents."""
    groups: dict[int, list[bool]] = defaultdict(list)
    for hit, one in zip(hits.tolist(), asked, strict=True):
        groups[one.firms[0]].append(hit)
    sums = np.array([(sum(each), len(each)) for each in groups.values()], dtype=float)
    drawn = sums[np.random.default_rng(seed).integers(0, len(sums), (DRAWS, len(sums)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], (0.025, 0.975))
    return float(low), float(high)


def _queries(asked: Sequence[Notice]) -> list[Query]:
    return [Query(str(number), one.title, "") for number, one in enumerate(asked)]


def fitted(voices: Sequence[Mapping[Voice, Mapping[int, float]]], size: int) -> list[dict[int, float]]:
    """The fit of every firm for each patent asked."""
    return [{each.firm: each.fit for each in best_fits(one, size)} for one in voices]


def _line(name: str, found: Ranks, asked: Sequence[Notice]) -> str:
    hits = found < FIRST
    low, high = interval(hits, asked)
    shares = (
        f"{hits.mean():.3f} ({low:.3f}-{high:.3f})",
        f"{(found < 20).mean():.3f}",
        f"{(1 / (1 + found)).mean():.3f}",
    )
    return f"| {name} | {' | '.join(shares)} |"


def main() -> int:
    """Print the table in Markdown."""
    if not REGISTER.exists():
        print("缺少企业名册:请将 MATCHHUB_SHARED 指向含 data/enterprises 的目录。", file=sys.stderr)
        print(
            "The register is absent: point MATCHHUB_SHARED at the folder that holds data/enterprises.", file=sys.stderr
        )
        return 0
    firms = register()
    notices = bulletin(firms)
    asked = [notice for notice in notices if notice.firms]
    scope, own = scope_scores(firms, asked), own_scores(notices, asked)
    both: list[dict[Voice, dict[int, float]]] = [
        {"scope": one, "own_patents": other} for one, other in zip(scope, own, strict=True)
    ]
    print(f"{len(asked)} patents of {len({one.firms[0] for one in asked})} firms, among {len(firms)} firms\n")
    print("| | hit@10 (95 % interval) | hit@20 | MRR |\n|---|---|---|---|")
    print(_line("TF-IDF cosine, words of the scope", ranks(usual_scores(firms, asked, False), asked), asked))
    print(_line("TF-IDF cosine, characters 1-2 of the scope", ranks(usual_scores(firms, asked, True), asked), asked))
    print(_line("ours, name and scope alone", ranks(scope, asked), asked))
    print(_line("**ours, with the firm's earlier patents**", ranks(fitted(both, len(firms)), asked), asked))
    known = [number for number, one in enumerate(asked) if any(firm in own[number] for firm in one.firms)]
    print(f"\nEarlier patents of the holder are near in {len(known)} of them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
