"""Why a document was found: the summands of its score, gathered into phrases that people recognise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.demand import DemandTerms, Origin
from recommender.phrases import shared_phrases
from recommender.product import settled
from recommender.ranking import Place, score_of
from recommender.records import Hit, Reason
from recommender.text import normalise_all, plain_offsets

if TYPE_CHECKING:
    from recommender.index import Index

Span = tuple[int, int]


def _contributions(
    index: Index, columns: npt.NDArray[np.int64], weights: npt.NDArray[np.float32], places: Sequence[Place]
) -> npt.NDArray[np.float64]:
    """(places, terms): what each term adds to the coverage of each document."""
    table = np.zeros((len(places), len(columns)))
    known = np.flatnonzero(columns >= 0)
    for number in {segment for segment, _ in places}:
        mine = np.array([spot for spot, (segment, _) in enumerate(places) if segment == number])
        postings = index.segments[number].postings
        # of the postings' own type: otherwise each search would first copy its list to a common one
        rows = np.array([places[spot][1] for spot in mine], dtype=postings.indices.dtype)
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


def _phrase_of(phrases: Sequence[str]) -> dict[str, str]:
    """For each character and pair the longest phrase that holds it, the first of equally long ones."""
    holders: dict[str, str] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        for place in range(len(phrase)):
            holders.setdefault(phrase[place], phrase)
            holders.setdefault(phrase[place : place + 2], phrase)
    return holders


def _gathered(
    terms: DemandTerms, said: Sequence[bool], amounts: list[float], phrases: Sequence[str]
) -> dict[str | Origin, float]:
    """Contributions by phrase (own terms, which are ``said``, under the phrase they belong to) or by origin."""
    holders = _phrase_of(phrases)
    sums: dict[str | Origin, float] = {}
    rest: dict[str, float] = {}
    for spot, amount in enumerate(amounts):
        if not amount:
            continue
        key: str | Origin = terms.origins[spot]
        if said[spot]:
            term = terms.terms[spot]
            key = holders.get(term[:2], term)
            if len(term) > 2 and term not in key:
                key = next((other for other in phrases if term in other), term)
            if len(key) == 1:
                rest[term] = amount
                continue
        sums[key] = sums.get(key, 0.0) + amount
    if rest:
        joined = " ".join(rest)
        sums[Origin("gram", joined, joined)] = sum(rest.values())
    return sums


def _reason(key: str | Origin, weight: float) -> Reason:
    return Reason("word", weight, key, key) if isinstance(key, str) else Reason(key.feature, weight, *key[1:])


def _hit(
    terms: DemandTerms, said: Sequence[bool], name: str, score: float, amounts: list[float], phrases: Sequence[str]
) -> Hit:
    gathered = _gathered(terms, said, amounts, phrases)
    scale = score / sum(amounts)
    order = sorted(gathered.items(), key=lambda one: -one[1])
    return Hit(name, score, tuple(_reason(key, amount * scale) for key, amount in order))


def hits(index: Index, terms: DemandTerms, places: Sequence[Place]) -> list[Hit]:
    """Score and reasons of a demand with the documents at ``places``, in that order."""
    documents = [(index.segments[number], row) for number, row in places]
    texts = normalise_all([f"{segment.titles[row]}\n{segment.abstracts[row]}" for segment, row in documents])
    # looking into a posting list costs more than looking into these texts, and many terms stand in none of them
    together = "\n".join(texts)
    held = np.array([term in together for term in terms.terms], dtype=bool)
    table = _contributions(index, np.where(held, terms.columns, -1), terms.weights, places)
    scores = score_of(settled(table.sum(axis=1).astype(np.float32))).tolist()
    phrases = shared_phrases(terms.text, texts)
    said = [origin.feature == "word" for origin in terms.origins]
    return [
        _hit(terms, said, segment.ids[row], score, amounts, shared) if score > 0 else Hit(segment.ids[row], 0.0)
        for (segment, row), score, amounts, shared in zip(documents, scores, table.tolist(), phrases, strict=True)
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
    shown = [
        reason
        for reason in reasons
        if reason.feature in ("word", "thesaurus", "learned", "feedback") and reason.weight > 0
    ]
    return (
        _spans(query_text, {reason.demand_text for reason in shown}),
        _spans(patent_text, {reason.patent_text for reason in shown}),
    )
