"""One immutable part of an index: up to a few hundred thousand documents as an inverted matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recommender.records import Document
from recommender.storage import StringTable
from recommender.text import Array, term_keys

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Segment:
    """n documents in the order they were given: their ``postings`` (v, n), one row of weights for each term of the
    vocabulary of the index, their texts, and an index of their ids.

    ``id_keys`` (n,) are the sorted hashes of the ids and ``id_places`` (n,) the row of each; ``alive`` (n,) is False
    for documents that were removed.
    """

    postings: sparse.csr_matrix
    ids: StringTable
    titles: StringTable
    abstracts: StringTable
    ipc: StringTable
    id_keys: Array
    id_places: npt.NDArray[np.int64]
    alive: Mask

    @classmethod
    def of(cls, documents: Sequence[Document], postings: sparse.csr_matrix) -> Segment:
        """A segment of ``documents`` (n); ``postings`` (v, n) with rising document numbers within each row."""
        keys = term_keys([document.id for document in documents])
        order = np.argsort(keys, kind="stable")
        return cls(
            postings,
            StringTable.of([document.id for document in documents]),
            StringTable.of([document.title for document in documents]),
            StringTable.of([document.abstract for document in documents]),
            StringTable.of([" ".join(document.ipc) for document in documents]),
            keys[order],
            order,
            np.ones(len(documents), dtype=bool),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def find(self, document_ids: Sequence[str]) -> npt.NDArray[np.int64]:
        """Rows (m,) of the documents with these ids; -1 for an unknown or removed one."""
        keys = term_keys(list(document_ids))
        spots = np.searchsorted(self.id_keys, keys)
        spots[spots == len(self.id_keys)] = 0
        places = self.id_places[spots] if len(self) else np.zeros(len(keys), dtype=np.int64)
        found = (self.id_keys[spots] == keys) & self.alive[places] if len(self) else np.zeros(len(keys), dtype=bool)
        return np.where(found, places, -1)

    def document(self, place: int) -> Document:
        """The document in row ``place``."""
        return Document(self.ids[place], self.titles[place], self.abstracts[place], tuple(self.ipc[place].split()))

    def without(self, places: npt.NDArray[np.int64]) -> Segment:
        """The segment with the documents in these rows (m,) marked as removed."""
        alive = self.alive.copy()
        alive[places] = False
        return replace(self, alive=alive)

    def arrays(self, prefix: str) -> dict[str, npt.NDArray[Any]]:
        """All parts as arrays for storage; each name begins with ``prefix``."""
        named: dict[str, npt.NDArray[Any]] = {
            "indptr": self.postings.indptr,
            "indices": self.postings.indices,
            "weights": self.postings.data,
            "id_keys": self.id_keys,
            "id_places": self.id_places,
            "alive": self.alive,
        }
        for name, table in (
            ("ids", self.ids),
            ("titles", self.titles),
            ("abstracts", self.abstracts),
            ("ipc", self.ipc),
        ):
            named[f"{name}_block"], named[f"{name}_ends"] = table.block, table.ends
        return {f"{prefix}_{name}": array for name, array in named.items()}

    @classmethod
    def from_arrays(cls, arrays: dict[str, npt.NDArray[Any]], prefix: str) -> Segment:
        """The segment that ``arrays`` gave under this prefix. Raises KeyError when one of them is missing."""

        def array(name: str) -> npt.NDArray[Any]:
            return arrays[f"{prefix}_{name}"]

        def table(name: str) -> StringTable:
            return StringTable(array(f"{name}_block"), array(f"{name}_ends"))

        indptr = array("indptr")
        postings = sparse.csr_matrix((len(indptr) - 1, len(array("ids_ends"))), dtype=np.float32)
        # set as attributes, because the constructor would scan or copy what is mapped from disk
        postings.data, postings.indices = array("weights"), array("indices")
        postings.indptr = np.asarray(indptr, dtype=postings.indices.dtype)
        return cls(
            postings,
            table("ids"),
            table("titles"),
            table("abstracts"),
            table("ipc"),
            array("id_keys"),
            array("id_places"),
            np.asarray(array("alive")),
        )
