"""Documents that hold typed words as they are made plain, however they were written: by the index, then by reading.

An index knows which documents hold all characters, pairs and runs of letters of a word; only these are read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from recommender.index import Index
from recommender.segment import Segment
from recommender.text import normalise_all, term_spans

MOST_READ = 5_000


def documents_holding(index: Index, words: Sequence[str], without: Collection[str] = ()) -> list[str]:
    """Ids of the documents whose plain title or abstract holds every one of the normalised ``words``, ``without`` those
    known to hold them already.

    None of a segment where more than ``MOST_READ`` documents would have to be read: such words are frequent.
    """
    keys = np.unique(term_spans(words, index.tokenizer).keys)
    rows, _ = index.lookup(keys)
    if not len(keys) or (rows < 0).any():
        return []
    found: list[str] = []
    left, first = ~index.mask(without), 0
    for segment in index.segments:
        places = _sharing(segment, rows)
        places = places[left[first + places]]
        first += len(segment)
        if len(places) <= MOST_READ:
            found += _read(segment, places, words)
    return found


def _sharing(segment: Segment, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Documents that hold all terms of these rows, from the rarest term on."""
    postings = segment.postings
    lists = sorted((postings.indices[postings.indptr[row] : postings.indptr[row + 1]] for row in rows), key=len)
    places = np.asarray(lists[0], dtype=np.int64)
    for each in lists[1:]:
        places = places[np.isin(places, each, assume_unique=True)]
    return places[segment.alive[places]]


def _read(segment: Segment, places: npt.NDArray[np.int64], words: Sequence[str]) -> list[str]:
    titles, abstracts = normalise_all(segment.titles.many(places)), normalise_all(segment.abstracts.many(places))
    texts = zip(segment.ids.many(places), titles, abstracts, strict=True)
    return [key for key, title, text in texts if all(word in title or word in text for word in words)]
