"""Ours and the usual ways on demands written after the matcher was frozen: ``python3 run.py bench later [graded]``.

With ``graded`` the same table for the older graded demands, on which settings were chosen. ``bench/later_demands``
holds the demands, an expert's patent words for them (used for the pool of judged pairs alone) and the grades by patent
number; the patents are read in place from ``MATCHHUB_SHARED`` (the agriculture patents and one city's, 18,861).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from python_calamine import CalamineWorkbook

from bench._usual import USUAL, Run, rank_usual
from bench.quality import SHARED, demand_set, read_a01
from recommender import (
    ANSWER_FLOOR,
    Document,
    Matcher,
    Query,
    build_index,
    calibrate,
    judge_rule,
    read_qrels,
    read_queries,
)
from recommender.evaluation import Grades, least_relevant, query_measures, rank_all
from recommender.thesaurus import Thesaurus

FOLDER = Path(__file__).resolve().parent / "later_demands"
CITY = SHARED / "data/patents/city/city_patents_1985_2015.xlsx"
OURS, WITHOUT = "**ours**", "ours without the thesaurus"
MEASURES = ("ndcg@10", "recall@20", "p@5")
DEPTH = 20
FIRST = 24  # demands written before any patent was looked at; the others after the first pool had been read
DRAWS = 10_000
HEADER = "| | nDCG@10 | recall@20 | P@5 | judged@10 | judged@20 |\n|---|---|---|---|---|---|"
Rows = Mapping[str, Mapping[str, float]]
"""Measures of each demand with a good patent, by the demand's id."""


def read_city(path: Path = CITY) -> Iterator[Document]:
    """Every patent of one city, from its workbook."""
    heads, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    number, title, abstract = (heads.index(head) for head in ("申请号", "专利名称", "摘要"))
    for row in rows:
        yield Document(str(row[number]), str(row[title]), str(row[abstract]))


def corpus() -> list[Document]:
    """Both sources together, each patent once."""
    return list({document.id: document for document in (*read_a01(), *read_city())}.values())


def later_set(folder: Path = FOLDER) -> tuple[list[Query], Grades]:
    """The demands and their grades; every demand has been judged, a grade is 0 to 3."""
    queries, grades = read_queries(folder / "queries.jsonl"), read_qrels(folder / "qrels.tsv")
    if {query.id for query in queries} != set(grades):
        raise ValueError("the demands and the judged pairs name different demands")
    if not all(0 <= grade <= 3 for judged in grades.values() for grade in judged.values()):
        raise ValueError("a grade is not 0 to 3")
    return queries, grades


def runs(documents: Sequence[Document], queries: Sequence[Query], depth: int = DEPTH) -> dict[str, Run]:
    """Each way's ranking of each demand, ours first."""
    index = build_index(documents)
    plain = Matcher(index, Thesaurus())
    ours = {OURS: rank_all(Matcher(index), queries, depth), WITHOUT: rank_all(plain, queries, depth)}
    return ours | {name: rank_usual(name, documents, queries, depth) for name in USUAL}


def measured(run: Run, grades: Grades) -> dict[str, dict[str, float]]:
    """The measures of each demand that has a good patent, with the share of the first 20 that was judged."""
    least = least_relevant(grades)
    rows = {}
    for qid, judged in grades.items():
        ranked = [name for name, _ in run[qid]]
        if any(grade >= least for grade in judged.values()):
            share = sum(name in judged for name in ranked[:20]) / max(1, len(ranked[:20]))
            rows[qid] = {**query_measures(ranked, judged, least), "judged@20": share}
    return rows


def mean(rows: Rows, name: str) -> float:
    """The mean of one measure."""
    return float(np.mean([row[name] for row in rows.values()]))


def paired_interval(ours: Sequence[float], other: Sequence[float], seed: int = 1) -> tuple[float, float, float]:
    """Mean difference ours - other over the same demands and its 95 % percentile bootstrap interval (Efron 1979)."""
    difference = np.asarray(ours) - np.asarray(other)
    drawn = np.random.default_rng(seed).integers(len(difference), size=(DRAWS, len(difference)))
    low, high = np.percentile(difference[drawn].mean(axis=1), (2.5, 97.5))
    return float(difference.mean()), float(low), float(high)


def table(measures: Mapping[str, Rows]) -> str:
    """One line for each way, and below the difference to the best usual way by each measure."""
    lines = [HEADER]
    for name, rows in measures.items():
        numbers = [mean(rows, one) for one in (*MEASURES, "judged@10", "judged@20")]
        lines.append(f"| {name} | " + " | ".join(f"{number:.3f}" for number in numbers) + " |")
    lines.append("")
    for one in MEASURES:
        best = max(USUAL, key=lambda name, one=one: mean(measures[name], one))  # type: ignore[misc]
        for name in (OURS, WITHOUT):
            mine, theirs = ([row[one] for row in measures[way].values()] for way in (name, best))
            gain, low, high = paired_interval(mine, theirs)
            lines.append(f"- {one}, {name.strip('*')} - {best}: {gain:+.3f} ({low:+.3f} to {high:+.3f})")
    return "\n".join(lines)


def answer_rule(run: Run, grades: Grades) -> str:
    """How often the rule "no good match yet" is right with the floor in force."""
    least = least_relevant(grades)
    best = [(run[qid][0][1] if run[qid] else 0.0, max(judged.values()) >= least) for qid, judged in grades.items()]
    rule = judge_rule(best, ANSWER_FLOOR)
    return (
        f"no good match yet, floor {ANSWER_FLOOR:.2f}: {rule.kept} of {rule.answered} demands with a good patent keep"
        f" their answer, {rule.silent} of {rule.unanswered} without one are told so"
    )


def score_table(run: Run, grades: Grades) -> str:
    """What a score meant here: the judged pairs among the first 20 of each demand, in steps of the score."""
    least = least_relevant(grades)
    pairs = [(score, grades[qid][name] >= least) for qid in grades for name, score in run[qid] if name in grades[qid]]
    lines = ["| score | judged pairs | good | precision | 95 % interval |", "|---|---|---|---|---|"]
    for step in calibrate(pairs):
        if step.labels:
            interval = f"{step.at_least:.2f}-{step.at_most:.2f}"
            lines.append(
                f"| {step.low:.2f}-{step.high:.2f} | {step.labels} | {step.good} | {step.precision:.2f} | {interval} |"
            )
    return "\n".join(lines)


def report(documents: list[Document], queries: list[Query], grades: Grades, parts: Mapping[str, list[str]]) -> None:
    """Print one table for each part (a label and its demands), what the rule and the scores did in all of them."""
    ranked = runs(documents, queries)
    measures = {name: measured(run, grades) for name, run in ranked.items()}
    for label, chosen in parts.items():
        part = {way: {qid: row for qid, row in rows.items() if qid in chosen} for way, rows in measures.items()}
        print(f"{label}: {len(part[OURS])} of {len(chosen)} demands have a good patent\n\n{table(part)}\n")
    print(f"{answer_rule(ranked[OURS], grades)}\n\n{score_table(ranked[OURS], grades)}")


def main(arguments: list[str]) -> int:
    """Print the tables in Markdown: all demands, then those written before and after the first pool was read."""
    if not CITY.exists():
        print("缺少专利数据:请将 MATCHHUB_SHARED 指向含 data/patents 的目录。", file=sys.stderr)
        print("The patents are absent: point MATCHHUB_SHARED at the folder that holds data/patents.", file=sys.stderr)
        return 0
    if arguments == ["graded"]:
        documents, queries, grades = demand_set()
        report(documents, queries, grades, {"graded": [query.id for query in queries]})
        return 0
    queries, grades = later_set()
    names = [query.id for query in queries]
    report(corpus(), queries, grades, {"all": names, "the first 24": names[:FIRST], "the other 16": names[FIRST:]})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
