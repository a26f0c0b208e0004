"""The scores of ranked pairs: coverage becomes confidence, and pairs that may be matches are read once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from recommender.confidence import Confidence
from recommender.elements import Element, Meeting, elements, meeting
from recommender.index import Index, Place
from recommender.text import normalise
from recommender.thesaurus import Thesaurus
from recommender.weighting import opening_clause


@dataclass(frozen=True, eq=False)
class Judge:
    """Judges pairs of demands, given as normalised ``texts``, and documents of an index.

    ``prose`` says of each demand whether it is more than a list of keywords: a list has no object and no wish, so its
    pairs are judged once, and its scores are chances without a floor.
    """

    index: Index
    thesaurus: Thesaurus
    confidence: Confidence
    texts: Sequence[str]
    prose: Sequence[bool]
    _asked: dict[int, tuple[Element, ...]] = field(default_factory=dict, init=False, repr=False)

    def asked(self, row: int) -> tuple[Element, ...]:
        """The elements of one demand, worked out once."""
        if row not in self._asked:
            self._asked[row] = elements(self.texts[row], self.thesaurus, self.index.rarity)
        return self._asked[row]

    def scores(
        self, rows: npt.NDArray[np.int64], places: Sequence[Place], coverage: npt.NDArray[np.floating]
    ) -> npt.NDArray[np.float32]:
        """The scores (n,) of pairs: the demand's row, the document's place, and their coverage, each (n,)."""
        lengths = np.array([len(text) for text in self.texts], dtype=np.int64)[rows]
        prose = np.array(self.prose, dtype=bool)[rows]
        chances = np.where(coverage > 0, self.confidence.at_first(coverage, lengths), 0.0)
        scores = np.where(prose, self.confidence.under(chances), chances)
        for spot in np.flatnonzero(prose & (chances >= self.confidence.check)).tolist():
            met = self.meeting(int(rows[spot]), places[spot])
            scores[spot] = self.confidence.at_second(float(coverage[spot]), int(lengths[spot]), met)
        return scores.astype(np.float32)

    def meeting(self, row: int, place: Place) -> Meeting:
        """How the document at ``place`` meets the elements of one demand."""
        segment = self.index.segments[place[0]]
        return self.of_texts(row, normalise(segment.titles[place[1]]), normalise(segment.abstracts[place[1]]))

    def of_texts(self, row: int, title: str, abstract: str) -> Meeting:
        """The same for a document given by its normalised texts; a first clause serves where there is no title."""
        return meeting(self.asked(row), title.strip() or opening_clause(abstract), abstract)
