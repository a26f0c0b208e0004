"""All labelled sets: ``python3 run.py bench quality``; with ``[name=value ...] [name=v1,v2,... ]`` many settings.

Without arguments every figure of every set is printed with its interval and its goal (``bench.honesty``). Each
``name=value`` sets one setting for all lines; ``name=v1,v2`` tries its values one at a time. Data are read in
place from ``MATCHHUB_SHARED``.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path

from recommender import Document, Index, Matcher, Query, Settings, build_index, read_corpus, read_qrels, read_queries
from recommender.evaluation import Grades, measure, rank_all
from recommender.thesaurus import Thesaurus, shipped

FIRST = 1000
SHARED = Path(os.environ.get("MATCHHUB_SHARED", Path(__file__).resolve().parents[2] / "shared"))


@lru_cache(maxsize=1)
def keyword_set() -> tuple[list[Document], list[Query], Grades]:
    """Known-item retrieval: the first 1,000 keyword lists, each with its one patent."""
    folder = SHARED / "data/relevance/kppatent"
    queries = read_queries(folder / "queries.jsonl")[:FIRST]
    grades = read_qrels(folder / "qrels.tsv")
    return read_corpus(folder / "corpus.jsonl"), queries, {query.id: grades[query.id] for query in queries}


def read_a01() -> Iterator[Document]:
    """The agriculture patents: GBK files with line breaks inside quoted fields; the file's name is the IPC subclass."""
    for path in sorted((SHARED / "data/patents/a01").glob("*.csv")):
        with path.open(encoding="gb18030", newline="") as stream:
            for row in csv.DictReader(stream):
                yield Document(row["申请号"], row["名称"], row["摘要"], (path.stem,))


@lru_cache(maxsize=1)
def demand_set() -> tuple[list[Document], list[Query], Grades]:
    """Graded demands over the pool of ``pool_ids.txt``: the agriculture patents and the keyword set's corpus."""
    folder = SHARED / "data/relevance/demands"
    pool = set((folder / "pool_ids.txt").read_text(encoding="utf-8").split())
    documents = {document.id: document for document in (*read_a01(), *keyword_set()[0])}
    return (
        [document for name, document in documents.items() if name in pool],
        read_queries(folder / "queries.jsonl"),
        read_qrels(folder / "qrels.tsv"),
    )


def has_answers() -> dict[str, bool]:
    """For each graded demand whether a good patent is in the pool."""
    lines = (SHARED / "data/relevance/demands/queries.jsonl").read_text(encoding="utf-8").splitlines()
    return {line["qid"]: line["has_answer"] for line in map(json.loads, lines)}


DOCUMENT_SIDE = ("k1", "document_weight_power", "title_weight", "clause_weight", "title_b", "abstract_b")
_built: dict[tuple[object, ...], Index] = {}


def matcher_under(name: str, documents: list[Document], settings: Settings, thesaurus: Thesaurus) -> Matcher:
    """A matcher under these settings; its index is built anew only where they change what documents weigh."""
    key = (name, *(getattr(settings, one) for one in DOCUMENT_SIDE))
    if key not in _built:
        _built[key] = build_index(documents, settings)
    return Matcher(replace(_built[key], settings=settings), thesaurus)


def scores(settings: Settings, thesaurus: Thesaurus) -> dict[str, dict[str, float]]:
    """All measures of both sets."""
    result = {}
    for name, (documents, queries, grades) in (("keywords", keyword_set()), ("demands", demand_set())):
        result[name] = measure(rank_all(matcher_under(name, documents, settings, thesaurus), queries), grades)
    return result


def line(label: str, settings: Settings, thesaurus: Thesaurus) -> str:
    """One line of the table of docs/matching.md."""
    both = scores(settings, thesaurus)
    keywords, demands = both["keywords"], both["demands"]
    return (
        f"| {label} | {keywords['mrr@10']:.4f} | {keywords['recall@10']:.3f} | {demands['ndcg@10']:.4f} |"
        f" {demands['recall@20']:.3f} | {demands['p@5']:.3f} | {demands['judged@10']:.2f} |"
    )


def main(arguments: list[str]) -> None:
    """Print all figures; with settings the base line and one line for each value to be tried."""
    if not arguments:
        from bench.honesty import report  # it reads the sets of this module

        report()
        return
    types = {one.name: type(getattr(Settings(), one.name)) for one in fields(Settings)}
    settings, tries = Settings(), []
    for argument in arguments:
        name, _, values = argument.partition("=")
        if "," in values:
            tries += [(f"{name} {value}", {name: types[name](value)}) for value in values.split(",")]
        else:
            settings = replace(settings, **{name: types[name](values)})
    print("| variant | MRR@10 | R@10 | nDCG@10 | R@20 | P@5 | judged@10 |\n|---|---|---|---|---|---|---|")
    print(line("base", settings, shipped()))
    print(line("base without thesaurus", settings, Thesaurus()))
    for label, change in tries:
        print(line(label, replace(settings, **change), shipped()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
