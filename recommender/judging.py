"""The scores of ranked pairs: coverage becomes confidence, and pairs that may be matches are read once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from recommender.confidence import LONGEST_SHORT, UNLIFTED, Band, Confidence, Floats, lifts
from recommender.elements import Asked, Element, elements
from recommender.index import Index, Place
from recommender.records import Query
from recommender.text import Tokenizer, normalise_all
from recommender.thesaurus import OBJECT, Thesaurus
from recommender.weighting import opening_clause

LOOKED_AT = 40
"""How many documents of a short demand are put in order by their titles."""


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

    def reach(self, rows: npt.NDArray[np.int64], places: Sequence[Place], coverage: npt.NDArray[np.floating]) -> Floats:
        """The coverage (n,) of pairs, in short demands lifted by what of them stands in the title."""
        lengths = np.array([len(text) for text in self.texts], dtype=np.int64)[rows]
        lift = lifts(lengths) * self._short[rows]
        reach = np.asarray(coverage, dtype=np.float64).copy()
        lifted = np.flatnonzero((lift > 0) & (reach > 0)).tolist()
        titles = all_titles(self.index, [places[spot] for spot in lifted])
        for spot, title in zip(lifted, titles, strict=True):
            reach[spot] *= 1.0 + lift[spot] * self.asked(int(rows[spot])).share_in(title)
        return reach

    def scores(
        self, rows: npt.NDArray[np.int64], places: Sequence[Place], coverage: npt.NDArray[np.floating]
    ) -> npt.NDArray[np.float32]:
        """The scores (n,) of pairs: the demand's row, the document's place, and their coverage, each (n,)."""
        lengths = np.array([len(text) for text in self.texts], dtype=np.int64)[rows]
        prose = np.array(self.prose, dtype=bool)[rows]
        chances = np.where(coverage > 0, self.confidence.at_first(self.reach(rows, places, coverage), lengths), 0.0)
        scores = np.where(prose, self.confidence.under(chances), chances)
        looked = np.flatnonzero(prose & (chances >= self.confidence.check))
        looked = looked[self.confidence.may_reach(coverage[looked], lengths[looked])]
        of_matches, spots = self.confidence.of_matches(chances), looked.tolist()
        texts = titled_texts(self.index, [places[spot] for spot in spots])
        for spot, (title, abstract) in zip(spots, texts, strict=True):
            asked = self.asked(int(rows[spot]))
            closer = self.confidence.at_second(float(coverage[spot]), int(lengths[spot]), asked.in_title(title))
            text = f"{title}\n{abstract}"
            if closer >= self.confidence.floor and asked.object_met(text) and asked.wish_met(text):
                scores[spot] = of_matches[spot]
        return scores.astype(np.float32)

    def depth(self, top: int) -> int:
        """How many documents to look at before the best ``top`` are known: more where titles lift short demands."""
        return max(top, LOOKED_AT) if self._short.any() else top

    def looked_at(self, rows: npt.NDArray[np.int64], top: int) -> npt.NDArray[np.int64]:
        """Which of the documents found (n,), best coverage first within each of the rising ``rows``, are judged: the
        ``top`` of each demand, all of a short one's. So an answer does not depend on what is asked beside it."""
        ranks = np.arange(len(rows)) - np.searchsorted(rows, rows)
        return np.flatnonzero((ranks < top) | self._short[rows])

    @cached_property
    def _short(self) -> npt.NDArray[np.bool_]:
        return short_demands(self.texts, self.prose)

    def seen(self, text: str, score: float) -> tuple[Band, tuple[Element, ...]]:
        """The word for the first demand with a document of this normalised text, and what that does not speak of.

        Of the same kind is what shares an object; of a few words only what names it in its title, because an abstract
        mentions much (an earphone with a zip is no zip).
        """
        asked, (title, _, abstract) = self.asked(0), text.partition("\n")
        about = text
        if len(self.texts[0]) <= LONGEST_SHORT:
            about = _without_crossings(title.strip() or opening_clause(abstract), asked.every, self.index.tokenizer)
        return self.confidence.band(score, asked.object_met(about)), asked.unmet(text)


def prose_of(queries: Sequence[Query]) -> list[bool]:
    """Which demands are more than lists of keywords."""
    return [bool(query.title or query.text) for query in queries]


def short_demands(texts: Sequence[str], prose: Sequence[bool]) -> npt.NDArray[np.bool_]:
    """Which demands, given as normalised texts, are lifted by titles."""
    return np.array([said and len(text) < UNLIFTED for text, said in zip(texts, prose, strict=True)], dtype=bool)


def titled_texts(index: Index, places: Sequence[Place]) -> list[tuple[str, str]]:
    """Normalised title and abstract of each document; its first clause serves as title where it has none."""
    documents = [(index.segments[number], row) for number, row in places]
    titles = normalise_all([segment.titles[row] for segment, row in documents])
    abstracts = normalise_all([segment.abstracts[row] for segment, row in documents])
    return [
        (title.strip() or opening_clause(abstract), abstract) for title, abstract in zip(titles, abstracts, strict=True)
    ]


def titled_text(index: Index, place: Place) -> tuple[str, str]:
    """``titled_texts`` of one document."""
    return titled_texts(index, [place])[0]


def all_titles(index: Index, places: Sequence[Place]) -> list[str]:
    """The normalised titles of documents; the first clause where there is none."""
    titles = normalise_all([index.segments[number].titles[row] for number, row in places])
    return [title.strip() or titled_text(index, place)[0] for title, place in zip(titles, places, strict=True)]


def _without_crossings(title: str, words: Sequence[Element], tokenizer: Tokenizer) -> str:
    """A title in which no word of a demand is found across two words of it (色花 in 白色|花椰菜), and none but an
    object at the beginning of a longer one (染色 in 染色体): it is cut there."""
    ends, place = {0}, 0
    for piece in tokenizer(title):
        place += len(piece)
        ends.add(place)
    cuts = set()
    for one in words:
        start = title.find(one.word)
        while start >= 0:
            inside = start + len(one.word) not in ends
            if inside and len(one.word) > 1 and (one.role != OBJECT or start not in ends):
                cuts.add(start + 1)
            start = title.find(one.word, start + 1)
    return "".join(("\n" if spot in cuts else "") + char for spot, char in enumerate(title))
