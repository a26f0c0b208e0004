"""Evaluating the matcher on a labelled set: reading the files, the measures, and runs in the format of TREC.

Measures are means over the queries that have at least one relevant document (Järvelin and Kekäläinen 2002 for nDCG,
with gain 2^grade - 1; an unjudged document counts 0 and ``judged@10`` says how many were judged).
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from recommender.building import build_index
from recommender.matcher import Matcher
from recommender.records import Document, Query
from recommender.settings import Settings

Grades = Mapping[str, Mapping[str, int]]
Ranked = Mapping[str, Sequence[tuple[str, float]]]
DEPTH = 100
HIGHEST_GRADE = 10


class EvaluationFault(ValueError):
    """A file that is not what it should be: its name, and the line from 1 (0: the file as a whole).

    ``code``: ``evaluation_line`` (a line that cannot be read), ``evaluation_file`` (missing, no file, not UTF-8),
    ``evaluation_empty`` (nothing in it), ``evaluation_strangers`` (no query of it has labels) or ``evaluation_run``
    (the run cannot be written there).
    """

    def __init__(self, code: str, file: str, line: int = 0) -> None:
        self.code, self.file, self.line = code, file, line
        super().__init__(code, file, line)


def _numbered(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that are not blank, numbered from 1; only a line feed ends a line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise EvaluationFault("evaluation_file", path.name) from unreadable
    found = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not found:
        raise EvaluationFault("evaluation_empty", path.name)
    yield from found


def _lines(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in _numbered(path):
        try:
            value = json.loads(line)
            if "\\ud" in line.lower():
                json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise EvaluationFault("evaluation_line", path.name, number)
        yield number, value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def read_corpus(path: Path | str) -> list[Document]:
    """Documents of a corpus.jsonl: ``{"id", "title", "abstract"}`` a line, ``ipc`` (list or string) if there is one.

    This and the other readers raise ``EvaluationFault``.
    """
    documents = []
    for number, line in _lines(Path(path)):
        if not isinstance(line.get("id"), str):
            raise EvaluationFault("evaluation_line", Path(path).name, number)
        ipc = line.get("ipc") or ()
        symbols = tuple(str(symbol) for symbol in ipc) if isinstance(ipc, list) else tuple(_text(ipc).split())
        documents.append(Document(_text(line["id"]), _text(line.get("title")), _text(line.get("abstract")), symbols))
    return documents


def read_queries(path: Path | str) -> list[Query]:
    """Queries of a queries.jsonl: ``qid`` and ``keywords`` (a list), ``text``, or ``title`` and ``text`` (a demand)."""
    queries = []
    for number, line in _lines(Path(path)):
        keywords = line.get("keywords", [])
        if not isinstance(line.get("qid"), str) or not isinstance(keywords, list):
            raise EvaluationFault("evaluation_line", Path(path).name, number)
        queries.append(
            Query(
                _text(line["qid"]),
                _text(line.get("title")),
                _text(line.get("text")),
                tuple(str(word) for word in keywords),
            )
        )
    return queries


def read_qrels(path: Path | str) -> dict[str, dict[str, int]]:
    """Grades of a TREC qrels file: ``qid 0 docid grade`` a line, separated by white space; grades -10 to 10."""
    grades: dict[str, dict[str, int]] = {}
    for number, line in _numbered(Path(path)):
        try:
            qid, _, document, grade = line.split()
            if abs(int(grade)) > HIGHEST_GRADE:
                raise ValueError(grade)
            grades.setdefault(qid, {})[document] = int(grade)
        except ValueError:
            raise EvaluationFault("evaluation_line", Path(path).name, number) from None
    return grades


def least_relevant(grades: Grades) -> int:
    """The lowest grade that counts as relevant: 2 in a graded set, 1 where no grade exceeds 1."""
    highest = max((grade for documents in grades.values() for grade in documents.values()), default=0)
    return 2 if highest > 1 else 1


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain at ``depth``; 0 when nothing has a gain."""

    def gain(values: Iterable[int]) -> float:
        """The discounted gain of documents with these grades, in the order of their ranks."""
        return sum((2 ** max(grade, 0) - 1) / math.log2(rank + 2) for rank, grade in enumerate(values))

    ideal = gain(sorted(grades.values(), reverse=True)[:depth])
    return gain(grades.get(document, 0) for document in ranked[:depth]) / ideal if ideal else 0.0


def query_measures(ranked: Sequence[str], grades: Mapping[str, int], least: int) -> dict[str, float]:
    """All measures of one query's ranked document ids. ``grades`` must hold a relevant one."""
    relevant = {document for document, grade in grades.items() if grade >= least}
    measures = {
        f"recall@{depth}": len(relevant.intersection(ranked[:depth])) / len(relevant) for depth in (1, 10, 20, 50)
    }
    first = next((rank for rank, document in enumerate(ranked[:10], start=1) if document in relevant), 0)
    measures["mrr@10"] = 1 / first if first else 0.0
    measures["p@5"] = len(relevant.intersection(ranked[:5])) / 5
    measures["ndcg@10"] = ndcg(ranked, grades)
    measures["judged@10"] = sum(document in grades for document in ranked[:10]) / max(1, len(ranked[:10]))
    return measures


def measure(run: Ranked, grades: Grades) -> dict[str, float]:
    """Means over the queries with at least one relevant document, and their number as ``queries``."""
    least = least_relevant(grades)
    rows = [
        query_measures([document for document, _ in run.get(qid, ())], documents, least)
        for qid, documents in grades.items()
        if any(grade >= least for grade in documents.values())
    ]
    names = ("recall@1", "recall@10", "recall@20", "recall@50", "mrr@10", "p@5", "ndcg@10", "judged@10")
    means = {name: sum(row[name] for row in rows) / len(rows) if rows else 0.0 for name in names}
    return {"queries": len(rows), **means}


def rank_all(matcher: Matcher, queries: Sequence[Query], depth: int = DEPTH) -> dict[str, list[tuple[str, float]]]:
    """A run: for each query id its documents with scores, best first."""
    run: dict[str, list[tuple[str, float]]] = {query.id: [] for query in queries}
    for qid, document, score in matcher.match(queries, top=depth):
        run[qid].append((document, score))
    return run


def write_run(run: Ranked, path: Path | str, tag: str) -> None:
    """A run in TREC's six columns: qid Q0 docid rank score tag. Raises ``EvaluationFault("evaluation_run")``."""
    lines = [
        f"{qid} Q0 {document} {rank} {score:.6f} {tag}\n"
        for qid, ranked in run.items()
        for rank, (document, score) in enumerate(ranked, start=1)
    ]
    try:
        Path(path).write_text("".join(lines), encoding="utf-8")
    except OSError as refused:
        raise EvaluationFault("evaluation_run", Path(path).name) from refused


def evaluate(
    corpus: Iterable[Document],
    queries: Iterable[Query],
    qrels: Grades,
    run_path: Path | str | None = None,
    settings: Settings | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """Build an index, match all queries and measure the result; the run is written to ``run_path`` when one is given.

    Returns the measures (0..1) of ``measure``, and as ``seconds`` the time of all steps.

    Raises ``EvaluationFault("evaluation_strangers")`` when none of the queries has labels.
    """
    started = clock()
    asked = [query for query in queries if query.id in qrels]
    if not asked:
        raise EvaluationFault("evaluation_strangers", "")
    matcher = Matcher(build_index(corpus, settings))
    run = rank_all(matcher, asked)
    labels = {query.id: qrels[query.id] for query in asked}  # nothing can be measured on queries that were not asked
    result = measure({query.id: run[query.id] for query in asked}, labels)
    if run_path is not None:
        write_run(run, run_path, matcher.model)
    return {**result, "seconds": round(clock() - started, 3)}
