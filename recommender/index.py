"""The index as data: a frozen vocabulary with its document frequencies, and immutable segments that hold the documents.

An index answers no demands: ``matcher.Matcher`` does that. It is built and extended in ``building`` and stored in
``index_files``. Nothing here changes in place: ``remove`` returns another index that shares all unchanged parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from recommender.records import Document
from recommender.segment import Mask, Segment
from recommender.settings import Settings
from recommender.text import Array, Tokenizer, jieba_words, term_keys
from recommender.weighting import LEAST_IDF

Place = tuple[int, int]
"""Where a document lies: number of its segment, row in it."""


@dataclass(frozen=True, eq=False)
class Index:
    """Documents that can be searched, with the statistics of the base they were weighed by.

    ``vocabulary`` (v,) sorted term keys; ``idf`` (v,) their inverse document frequencies; ``documents_at_build`` the
    number of documents these were counted on; ``mean_lengths`` mean characters of titles and abstracts;
    ``mean_weight`` mean document weight (``weighting.document_weights``).
    """

    settings: Settings
    vocabulary: Array
    idf: npt.NDArray[np.float32]
    documents_at_build: int
    mean_lengths: tuple[float, float]
    mean_weight: float
    segments: tuple[Segment, ...]
    tokenizer: Tokenizer = field(default=jieba_words)
    token: str = ""  # of the files it was opened from; "": it lies in memory alone

    def __len__(self) -> int:
        """How many documents can be found."""
        return int(sum(int(segment.alive.sum()) for segment in self.segments))

    @property
    def size(self) -> int:
        """Rows of all segments, removed documents included: the length of a mask over the index."""
        return sum(len(segment) for segment in self.segments)

    # -- documents -----------------------------------------------------------------------------------------------

    def __contains__(self, document_id: str) -> bool:
        return bool(self.places([document_id]))

    def places(self, document_ids: Iterable[str]) -> dict[str, Place]:
        """Places of the documents with these ids; unknown and removed ones are left out."""
        found: dict[str, Place] = {}
        wanted = list(dict.fromkeys(document_ids))
        for number, segment in enumerate(self.segments):  # of an id held twice the newest segment counts
            rows = segment.find(wanted).tolist()
            found |= {name: (number, row) for name, row in zip(wanted, rows, strict=True) if row >= 0}
        return found

    def document(self, document_id: str) -> Document:
        """The stored document. Raises KeyError when the index holds none of that id."""
        number, row = self.places([document_id])[document_id]
        return self.segments[number].document(row)

    def mask(self, document_ids: Iterable[str]) -> Mask:
        """Boolean (size,): True for the documents with these ids; unknown ids are ignored."""
        wanted = list(document_ids)
        masks = [np.zeros(0, dtype=bool)]
        for segment in self.segments:
            mask = np.zeros(len(segment), dtype=bool)
            rows = segment.find(wanted)
            mask[rows[rows >= 0]] = True
            masks.append(mask)
        return np.concatenate(masks)

    def remove(self, document_ids: Iterable[str]) -> Index:
        """The index without these documents; unknown ids are ignored."""
        wanted = list(document_ids)
        segments = []
        for segment in self.segments:
            rows = segment.find(wanted)
            rows = rows[rows >= 0]
            segments.append(segment.without(rows) if len(rows) else segment)
        return replace(self, segments=tuple(segments), token="")

    # -- statistics of terms -------------------------------------------------------------------------------------

    def lookup(self, keys: Sequence[int] | Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Rows of the postings (t,) of terms by key, -1 for an unknown one, and their IDF on a scale of 0..1.

        An unknown term gets the IDF 1 of the rarest one.
        """
        rarest = float(np.log(1.0 + self.documents_at_build)) + LEAST_IDF
        if not len(self.vocabulary):
            return np.full(len(keys), -1, dtype=np.int64), np.ones(len(keys))
        wanted = np.asarray(keys, dtype=np.uint64)
        places = np.searchsorted(self.vocabulary, wanted)
        places[places == len(self.vocabulary)] = 0
        columns = np.where(self.vocabulary[places] == wanted, places, -1)
        return columns, np.where(columns >= 0, self.idf[places] / rarest, 1.0)

    def document_counts(self, terms: Sequence[str]) -> npt.NDArray[np.float64]:
        """In how many documents each of these normalised terms (t,) occurred when the index was built; 0: unknown."""
        columns, idf = self.lookup(term_keys(terms))
        rarest = float(np.log(1.0 + self.documents_at_build)) + LEAST_IDF
        found = (1.0 + self.documents_at_build) * np.exp(LEAST_IDF - idf * rarest) - 1.0
        return np.where(columns >= 0, np.rint(found), 0.0)

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """Those of the normalised ``terms`` that the vocabulary holds, with their IDF on a scale of 0..1."""
        columns, idf = self.lookup(term_keys(terms))
        return {term: float(value) for term, column, value in zip(terms, columns, idf, strict=True) if column >= 0}
