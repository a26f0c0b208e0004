"""Why a document was found: the summands of its score, gathered into phrases that people recognise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.demand import DemandTerms
from recommender.ranking import Place, score_of, settled
from recommender.records import Document, Hit, Reason
from recommender.text import normalise, plain_offsets

if TYPE_CHECKING:
    from recommender.index import Index

Span = tuple[int, int]
LEAST_PHRASE = 2
_RUN = re.compile(r"[^\W_]{2,}")


def _contributions(
    index: Index, columns: npt.NDArray[np.int64], weights: npt.NDArray[np.float32], places: Sequence[Place]
) -> npt.NDArray[np.float64]:
    """(places, terms): what each term adds to the coverage of each document."""
    table = np.zeros((len(places), len(columns)))
    known = np.flatnonzero(columns >= 0)
    for number in {segment for segment, _ in places}:
        mine = np.array([spot for spot, (segment, _) in enumerate(places) if segment == number])
        rows = np.array([places[spot][1] for spot in mine])
        postings = index.segments[number].postings
        starts, ends = postings.indptr[columns[known]].tolist(), postings.indptr[columns[known] + 1].tolist()
        spots = np.empty((len(known), len(rows)), dtype=np.int64)
        for term, (start, end) in enumerate(zip(starts, ends, strict=True)):
            spots[term] = start + postings.indices[start:end].searchsorted(rows)
        inside = spots < np.array(ends, dtype=np.int64)[:, None]
        spots[~inside] = 0
        met = inside & (postings.indices[spots] == rows) if postings.nnz else inside
        found = np.where(met, postings.data[spots], 0) if postings.nnz else np.zeros(spots.shape)
        table[np.ix_(mine, known)] = (found * weights[known][:, None]).T
    return table


def shared_phrases(demand: str, patent: str) -> list[str]:
    """The longest pieces (two characters and more, no punctuation) of a demand that stand in a patent, in order."""
    phrases: dict[str, None] = {}
    for run in _RUN.findall(demand):
        place = 0
        while place < len(run) - 1:
            end = place + LEAST_PHRASE
            while end <= len(run) and run[place:end] in patent:
                end += 1
            if end - 1 - place >= LEAST_PHRASE:
                phrases[run[place : end - 1]] = None
                place = end - 1
            else:
                place += 1
    return list(phrases)


def _gathered(
    terms: DemandTerms, amounts: npt.NDArray[np.float64], document: Document
) -> dict[tuple[str, str, str], float]:
    """Contributions by (feature, demand's words, patent's words): own terms under the phrase they belong to."""
    patent = normalise(f"{document.title}\n{document.abstract}")
    phrases = sorted(shared_phrases(terms.text, patent), key=len, reverse=True)
    sums: dict[tuple[str, str, str], float] = {}
    rest: list[str] = []
    rest_sum = 0.0
    for spot in np.flatnonzero(amounts):
        origin, amount, term = terms.origins[spot], float(amounts[spot]), terms.terms[spot]
        phrase = next((phrase for phrase in phrases if term in phrase), term if len(term) > 1 else "")
        if origin.feature != "word":
            key = (origin.feature, origin.source, origin.target)
        elif phrase:
            key = ("word", phrase, phrase)
        else:
            rest.append(term)
            rest_sum += amount
            continue
        sums[key] = sums.get(key, 0.0) + amount
    if rest:
        sums["gram", " ".join(rest), " ".join(rest)] = rest_sum
    return sums


def _hit(terms: DemandTerms, amounts: npt.NDArray[np.float64], document: Document) -> Hit:
    coverage = float(amounts.sum())
    if coverage <= 0:
        return Hit(document.id, 0.0)
    score = float(score_of(settled(np.array(coverage, dtype=np.float32))))
    scale = score / coverage
    reasons = [
        Reason(feature, amount * scale, demand_text, patent_text)
        for (feature, demand_text, patent_text), amount in _gathered(terms, amounts, document).items()
    ]
    return Hit(document.id, score, tuple(sorted(reasons, key=lambda reason: -reason.weight)))


def hits(index: Index, terms: DemandTerms, places: Sequence[Place]) -> list[Hit]:
    """Score and reasons of a demand with the documents at ``places``, in that order."""
    table = _contributions(index, terms.columns, terms.weights, places)
    return [
        _hit(terms, amounts, index.segments[segment].document(row))
        for amounts, (segment, row) in zip(table, places, strict=True)
    ]


def _spans(text: str, words: Iterable[str]) -> list[Span]:
    plain, places = plain_offsets(text)
    marked = np.zeros(len(text) + 1, dtype=bool)
    for word in words:
        start = plain.find(word)
        while word and start >= 0:
            marked[places[start] : places[start + len(word) - 1] + 1] = True
            start = plain.find(word, start + 1)
    edges = np.diff(np.concatenate(([False], marked)).astype(np.int8))
    return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))


def highlight(query_text: str, patent_text: str, reasons: Iterable[Reason]) -> tuple[list[Span], list[Span]]:
    """Where the words of the reasons stand: (start, end) spans in the demand's text and in the patent's, as written.

    Spans are sorted, do not overlap and fit the texts given (full width, capitals and all). Single characters
    (``gram``) are left out.
    """
    shown = [reason for reason in reasons if reason.feature in ("word", "thesaurus", "feedback") and reason.weight > 0]
    return (
        _spans(query_text, {reason.demand_text for reason in shown}),
        _spans(patent_text, {reason.patent_text for reason in shown}),
    )
