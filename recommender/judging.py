"""The scores of ranked pairs: coverage becomes confidence, and pairs that may be matches are read once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from recommender.confidence import Band, Confidence
from recommender.elements import Asked, Element, elements
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
    _asked: dict[int, Asked] = field(default_factory=dict, init=False, repr=False)

    def asked(self, row: int) -> Asked:
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
        looked = np.flatnonzero(prose & (chances >= self.confidence.check))
        looked = looked[self.confidence.may_reach(coverage[looked], lengths[looked])]
        for spot in looked.tolist():
            asked, (title, abstract) = self.asked(int(rows[spot])), titled_text(self.index, places[spot])
            closer = self.confidence.at_second(float(coverage[spot]), int(lengths[spot]), asked.in_title(title))
            text = f"{title}\n{abstract}"
            if closer >= self.confidence.floor and asked.object_met(text) and asked.wish_met(text):
                scores[spot] = closer
        return scores.astype(np.float32)

    def seen(self, text: str, score: float) -> tuple[Band, tuple[Element, ...]]:
        """The word for the first demand with a document of this normalised text, and what that does not speak of."""
        asked = self.asked(0)
        unmet = asked.unmet(text)
        objects = asked.objects or asked.every
        return self.confidence.band(score, any(one not in unmet for one in objects)), unmet


def titled_text(index: Index, place: Place) -> tuple[str, str]:
    """Normalised title and abstract of a document; its first clause serves as title where it has none."""
    segment, row = index.segments[place[0]], place[1]
    title, abstract = normalise(segment.titles[row]), normalise(segment.abstracts[row])
    return title.strip() or opening_clause(abstract), abstract
