"""Why a document was found: the summands of its score, gathered into phrases that people recognise.

The score is a sum over terms, most of them single characters and pairs that overlap. Nobody recognises these, so each
contribution is counted for the longest phrase that demand and patent share around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from recommender.demand import Origin, QueryTerms
from recommender.index import Index, Place
from recommender.judging import Judge
from recommender.phrases import shared_phrases, whole_words
from recommender.product import rounded_coverage
from recommender.records import Hit, Reason
from recommender.stop_words import stop_words, vague_words
from recommender.text import normalise_all, plain_offsets, word_spans

Span = tuple[int, int]


def _contributions(
    index: Index, columns: npt.NDArray[np.int64], weights: npt.NDArray[np.float32], places: Sequence[Place]
) -> npt.NDArray[np.float64]:
    """What each term contributes to the coverage of each document: (places, terms), 0 for a term it does not hold.

    ``columns`` (t,) in the vocabulary (-1: skip this term) and ``weights`` (t,) are those of the demand.
    """
    table = np.zeros((len(places), len(columns)))
    known = np.flatnonzero(columns >= 0)
    for number in {segment for segment, _ in places}:
        mine = np.array([spot for spot, (segment, _) in enumerate(places) if segment == number])
        postings = index.segments[number].postings
        # of the type of the postings: otherwise every searchsorted would first copy the whole list to another type
        rows = np.array([places[spot][1] for spot in mine], dtype=postings.indices.dtype)
        starts, ends = postings.indptr[columns[known]].tolist(), postings.indptr[columns[known] + 1].tolist()
        # the position of each document in each posting list, which is sorted by document
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
    """For each character and each pair of neighbours the longest phrase that holds it, the first of equal ones."""
    holders: dict[str, str] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        for place in range(len(phrase)):
            holders.setdefault(phrase[place], phrase)
            holders.setdefault(phrase[place : place + 2], phrase)
    return holders


def _phrase_holding(term: str, holders: Mapping[str, str], phrases: Sequence[str]) -> str:
    """The phrase that a term is shown under; the term itself when no phrase holds it."""
    phrase = holders.get(term[:2], term)
    if len(term) > 2 and term not in phrase:  # its first two characters may be in one phrase, all of it in another
        return next((other for other in phrases if term in other), term)
    return phrase


def _gathered(
    terms: QueryTerms, own: Sequence[bool], amounts: list[float], phrases: Sequence[str]
) -> dict[str | Origin, float]:
    """Contributions by phrase or by origin.

    ``amounts`` (t,) are the contributions of the terms. The demand's ``own`` terms go to the phrase that holds them,
    all other terms to their origin. What no phrase holds, and what a single character was expanded to, goes into one
    common entry without words, because nobody recognises a fragment.
    """
    holders = _phrase_of(phrases)
    sums: dict[str | Origin, float] = {}
    rest = 0.0
    for spot, amount in enumerate(amounts):
        if not amount:
            continue
        key = _phrase_holding(terms.terms[spot], holders, phrases) if own[spot] else terms.origins[spot]
        if key not in phrases if isinstance(key, str) else len(key.source) == 1:
            rest += amount
        else:
            sums[key] = sums.get(key, 0.0) + amount
    if rest:
        sums[Origin("gram", "", "")] = rest
    return sums


def _reason(key: str | Origin, weight: float) -> Reason:
    return Reason("word", weight, key, key) if isinstance(key, str) else Reason(key.feature, weight, *key[1:])


def _explained(
    terms: QueryTerms, own: Sequence[bool], score: float, amounts: list[float], phrases: Sequence[str]
) -> tuple[Reason, ...]:
    """The reasons of one document; contributions to the coverage are scaled so that they add up to the score."""
    gathered = _gathered(terms, own, amounts, phrases)
    scale = score / sum(amounts)
    order = sorted(gathered.items(), key=lambda one: -one[1])
    return tuple(_reason(key, amount * scale) for key, amount in order)


def hits(judge: Judge, terms: QueryTerms, places: Sequence[Place]) -> list[Hit]:
    """Scores and reasons of a demand with the documents at ``places``, in that order; ``judge`` knows its text."""
    index = judge.index
    documents = [(index.segments[number], row) for number, row in places]
    texts = normalise_all([f"{segment.titles[row]}\n{segment.abstracts[row]}" for segment, row in documents])
    # many terms occur in none of these texts, and finding that out here is cheaper than in their posting lists
    together = "\n".join(texts)
    held = np.array([term in together for term in terms.terms], dtype=bool)
    table = _contributions(index, np.where(held, terms.columns, -1), terms.weights, places)
    coverage = rounded_coverage(table.sum(axis=1).astype(np.float32))
    scores = judge.scores(np.zeros(len(places), dtype=np.int64), places, coverage).tolist()
    words, hollow = word_spans(terms.text, index.tokenizer), stop_words() | vague_words()
    phrases = [whole_words(terms.text, words, shared, hollow) for shared in shared_phrases(terms.text, texts)]
    own = [origin.feature == "word" for origin in terms.origins]
    found = []
    each = zip(places, texts, coverage.tolist(), scores, table.tolist(), phrases, strict=True)
    for place, text, covered, score, amounts, shared in each:
        reasons = _explained(terms, own, score, amounts, shared) if score > 0 else ()
        band, unmet = judge.seen(text, score)
        name = index.segments[place[0]].ids[place[1]]
        told = tuple((one.word, one.role) for one in unmet if one.named)
        found.append(Hit(name, score, reasons, band, told, covered))
    return found


def _spans(text: str, words: Iterable[str]) -> list[Span]:
    """Where the normalised ``words`` occur in a text as written: sorted spans that do not overlap."""
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
    """Where the words of the reasons occur: (start, end) spans in the demand's text and in the patent's, as written.

    Spans are sorted, do not overlap and refer to the texts as given, before any normalisation. Single characters
    (``gram``), feedback against a patent and reasons of ownership are left out.
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
