"""The index: a frozen vocabulary with its document frequencies, and immutable segments that hold the documents.

Nothing here changes in place: ``add``, ``remove`` and ``with_thesaurus`` return another index that shares the parts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender import explanation, ranking, storage
from recommender.expansion import Kept
from recommender.feedback import Answers
from recommender.records import Document, Hit, IndexFault, MatchTable, Query
from recommender.segment import Mask, Segment
from recommender.settings import Settings
from recommender.text import Array, Tokenizer, jieba_words
from recommender.thesaurus import Thesaurus, shipped
from recommender.weighting import all_fields, count_chunk, masses, onto_vocabulary, pivoted

MODEL = "tfidf-bm25f-1"


@dataclass(frozen=True)
class Index:
    """Documents that can be searched. ``vocabulary`` (v,) sorted term keys, ``idf`` (v,) their inverse document
    frequencies, ``documents_at_build`` how many documents those were counted on, ``means`` mean field lengths,
    ``mean_mass`` what a document says on average (``weighting.masses``)."""

    settings: Settings
    thesaurus: Thesaurus
    vocabulary: Array
    idf: npt.NDArray[np.float32]
    documents_at_build: int
    means: tuple[float, float]
    mean_mass: float
    segments: tuple[Segment, ...]
    tokenizer: Tokenizer = field(default=jieba_words, compare=False)

    def __len__(self) -> int:
        """Living documents."""
        return int(sum(int(segment.alive.sum()) for segment in self.segments))

    @property
    def size(self) -> int:
        """Rows, removed ones included: the length of a mask over the index."""
        return sum(len(segment) for segment in self.segments)

    @cached_property
    def model(self) -> str:
        """The model's name: kind, version and a digest of everything that changes scores apart from the base."""
        return f"{MODEL}:{self.settings.digest(self.thesaurus.digest())}"

    @cached_property
    def loans(self) -> Kept:
        """What plain words lend under this index, filled as demands are read."""
        return {}

    # -- what it holds -------------------------------------------------------------------------------------------

    def ids(self) -> Iterator[str]:
        """Ids of the living documents, oldest segment first."""
        for segment in self.segments:
            yield from (segment.ids[int(place)] for place in np.flatnonzero(segment.alive))

    def __contains__(self, document_id: str) -> bool:
        return self.place(document_id) is not None

    def place(self, document_id: str) -> tuple[int, int] | None:
        """(segment, row) of a living document, the newest one of that id; None when there is none."""
        for number in range(len(self.segments) - 1, -1, -1):
            row = int(self.segments[number].find([document_id])[0])
            if row >= 0:
                return number, row
        return None

    def document(self, document_id: str) -> Document:
        """The stored document. Raises KeyError when the index holds none of that id."""
        place = self.place(document_id)
        if place is None:
            raise KeyError(document_id)
        return self.segments[place[0]].document(place[1])

    def mask(self, document_ids: Iterable[str]) -> Mask:
        """Boolean (size,): True for the documents with these ids; unknown ids are ignored. Reusable over searches."""
        wanted = list(document_ids)
        masks = []
        for segment in self.segments:
            mask = np.zeros(len(segment), dtype=bool)
            places = segment.find(wanted)
            mask[places[places >= 0]] = True
            masks.append(mask)
        return np.concatenate(masks) if masks else np.zeros(0, dtype=bool)

    # -- changes -------------------------------------------------------------------------------------------------

    def add(self, documents: Iterable[Document]) -> Index:
        """The index with ``documents`` as a new segment, searchable at once; one with an id already held replaces it.

        Document frequencies and vocabulary stay frozen (terms never seen before are not found until the next build).
        """
        fresh = last_of_each_id(documents)
        if not fresh:
            return self
        without = self.remove([document.id for document in fresh])
        counted = count_chunk(all_fields(fresh), self.means, self.settings, self.tokenizer)
        postings = onto_vocabulary(counted, self.vocabulary)
        postings = pivoted(postings, masses(postings, self.idf), self.mean_mass, self.settings.mass_power)
        segment = Segment.of(fresh, postings)
        return replace(without, segments=(*without.segments, segment))

    def remove(self, document_ids: Iterable[str]) -> Index:
        """The index without these documents; unknown ids are ignored."""
        wanted = list(document_ids)
        segments = []
        for segment in self.segments:
            places = segment.find(wanted)
            places = places[places >= 0]
            segments.append(segment.without(places) if len(places) else segment)
        return replace(self, segments=tuple(segments))

    def with_thesaurus(self, thesaurus: Thesaurus) -> Index:
        """The same documents under another thesaurus (only demands are read with it, so nothing is rebuilt)."""
        return replace(self, thesaurus=thesaurus)

    # -- questions -----------------------------------------------------------------------------------------------

    def search(
        self, query: Query, top: int = 20, allowed: Collection[str] | Mask | None = None, answers: Answers | None = None
    ) -> list[Hit]:
        """The best ``top`` documents for one demand with their reasons, best first; only scores above 0.

        ``allowed``: ids, or a mask of length ``size``, that the answer is limited to. ``answers``: what was said to
        earlier matches of this demand, document id to -1..1 (ids the index lacks are ignored).
        """
        terms = ranking.understand(self, query, answers)
        return explanation.hits(self, terms, ranking.search(self, terms, top, self._allowed(allowed)))

    def match(
        self,
        queries: Sequence[Query],
        top: int = 20,
        allowed: Collection[str] | Mask | None = None,
        threads: int | None = None,
        answers: Mapping[str, Answers] | None = None,
    ) -> MatchTable:
        """The best ``top`` documents for each demand in one sparse product, without reasons (``explain``).

        ``answers``: per query id what was said to its earlier matches, as in ``search``.
        """
        return ranking.match(self, queries, top, self._allowed(allowed), threads, answers or {})

    def explain(self, query: Query, document_id: str, answers: Answers | None = None) -> Hit:
        """Score and reasons of one pair, whatever its rank. Raises KeyError for an unknown document."""
        return self.explain_all(query, [document_id], answers)[0]

    def explain_all(self, query: Query, document_ids: Sequence[str], answers: Answers | None = None) -> list[Hit]:
        """Scores and reasons of one demand with each of these documents, in the order asked; the demand is read once.

        Raises KeyError for an unknown document.
        """
        return self.explain_each([query], [document_ids], {query.id: answers} if answers else {})[0]

    def explain_each(
        self,
        queries: Sequence[Query],
        document_ids: Sequence[Sequence[str]],
        answers: Mapping[str, Answers] | None = None,
    ) -> list[list[Hit]]:
        """``explain_all`` for many demands, each with its own documents; all demands are read together.

        Raises KeyError for an unknown document.
        """
        places = self.places(name for names in document_ids for name in names)
        read = ranking.understand_all(self, queries, answers or {})
        return [
            explanation.hits(self, terms, [places[name] for name in names])
            for terms, names in zip(read, document_ids, strict=True)
        ]

    def places(self, document_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
        """(segment, row) of those of these documents that live in the index; the others are left out."""
        found: dict[str, tuple[int, int]] = {}
        wanted = list(dict.fromkeys(document_ids))
        for number, segment in enumerate(self.segments):  # the newest segment has the last word
            rows = segment.find(wanted).tolist()
            found |= {name: (number, row) for name, row in zip(wanted, rows, strict=True) if row >= 0}
        return found

    def _allowed(self, allowed: Collection[str] | Mask | None) -> Mask | None:
        if allowed is None or isinstance(allowed, np.ndarray):
            if allowed is not None and len(allowed) != self.size:
                raise ValueError(f"mask of {len(allowed)} for an index of {self.size}")
            return allowed
        return self.mask(allowed)

    # -- on disk -------------------------------------------------------------------------------------------------

    def save(self, folder: Path | str) -> None:
        """Write the index so that a reader sees the old or the new one, whole. The thesaurus is not stored with it."""
        arrays: dict[str, npt.NDArray[Any]] = {"vocabulary": self.vocabulary, "idf": self.idf}
        for number, segment in enumerate(self.segments):
            arrays.update(segment.arrays(f"segment{number:03d}"))
        facts = {
            "settings": asdict(self.settings),
            "documents_at_build": self.documents_at_build,
            "means": list(self.means),
            "mean_mass": self.mean_mass,
            "segments": len(self.segments),
            "model": self.model,
        }
        storage.write_arrays(Path(folder), arrays, facts)

    @classmethod
    def open(cls, folder: Path | str, thesaurus: Thesaurus | None = None, tokenizer: Tokenizer = jieba_words) -> Index:
        """Map a saved index into memory. Raises IndexFault when it is missing, damaged or of another version."""
        manifest = storage.read_manifest(Path(folder))
        arrays = storage.read_arrays(Path(folder), manifest)
        try:
            settings = Settings(**manifest["settings"])
            segments = tuple(
                Segment.from_arrays(arrays, f"segment{number:03d}") for number in range(manifest["segments"])
            )
            return cls(
                settings,
                shipped() if thesaurus is None else thesaurus,
                arrays["vocabulary"],
                arrays["idf"],
                manifest["documents_at_build"],
                tuple(manifest["means"]),
                manifest["mean_mass"],
                segments,
                tokenizer,
            )
        except TypeError as other:
            raise IndexFault("index_settings", "settings") from other
        except KeyError as missing:
            raise IndexFault("index_damaged", str(missing)) from missing

    @staticmethod
    def verify(folder: Path | str) -> None:
        """Recompute every checksum of a saved index. Raises IndexFault naming the damaged part."""
        storage.verify(Path(folder))


def last_of_each_id(documents: Iterable[Document]) -> list[Document]:
    """The documents in order of first mention; of several with one id the last one."""
    return list({document.id: document for document in documents}.values())
