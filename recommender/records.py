"""What goes in and what comes out: plain frozen values without behaviour.

The recommender knows the world as ``Document`` and ``Query`` and answers with ``Hit`` and ``Reason``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Document:
    """One patent (or any other thing to be found): ``ipc`` are IPC symbols, main one first; all but id may be empty."""

    id: str
    title: str
    abstract: str
    ipc: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """One demand. ``title`` and ``text`` are prose, ``keywords`` a list of terms; any of the three may be empty."""

    id: str
    title: str
    text: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reason:
    """One summand of a score.

    ``feature`` is one of ``word`` (a phrase that occurs in both texts), ``gram`` (what fragments of words
    add, without words),
    ``thesaurus`` (a word of the demand was expanded to a word of the patent), ``learned`` (the same by a word that
    accepted matches taught), ``feedback`` (earlier answers to this demand), ``own_field`` and ``own_words``
    (``affinity``: near to a document the enterprise owns; the title of that and the field or words they share).
    ``weight`` is in units of the score and may be negative for ``feedback``; ``demand_text`` and ``patent_text`` are
    the normalised words that met.
    """

    feature: str
    weight: float
    demand_text: str
    patent_text: str


@dataclass(frozen=True)
class Hit:
    """One document found: ``score`` in 0..1 and the reasons, largest first, whose weights add up to it.

    ``band``: ``likely`` or ``possible`` (a match), ``same_kind`` (it shares what the demand is about and no more) or
    ``weak`` (it shares words). ``unmet``: words of the trades in the demand that the document does not speak of, with
    their role.
    ``coverage``: the share of the demand's weight that it covers, by which it was ranked.
    """

    document_id: str
    score: float
    reasons: tuple[Reason, ...] = ()
    band: str = "weak"
    unmet: tuple[tuple[str, str], ...] = ()
    coverage: float = 0.0


@dataclass(frozen=True)
class MatchTable:
    """The result of a batch as three columns of equal length: queries in the order asked, each with its best first.

    ``query_ids`` and ``document_ids`` are lists of str, ``scores`` a float32 array in 0..1, ``coverage`` one of what
    they were ranked by. Iterating gives ``(query_id, document_id, score)`` triples.
    """

    query_ids: list[str] = field(default_factory=list)
    document_ids: list[str] = field(default_factory=list)
    scores: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    coverage: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    def __len__(self) -> int:
        return len(self.query_ids)

    def __iter__(self) -> Iterator[tuple[str, str, float]]:
        return zip(self.query_ids, self.document_ids, (float(score) for score in self.scores), strict=True)


class IndexFault(Exception):
    """A saved index that cannot be trusted or read: ``code`` (``index_missing``, ``index_damaged``,
    ``index_version``, ``index_settings``) and the name of the part. Build the index again."""

    def __init__(self, code: str, part: str = "") -> None:
        self.code = code
        self.part = part
        super().__init__(code, part)
