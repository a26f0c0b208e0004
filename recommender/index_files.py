"""Saving an index to a folder and opening it again, mapped from disk so that several processes share the memory.

The thesaurus is not part of it: it belongs to the ``Matcher`` and may change without a new index.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy.typing as npt

from recommender import storage
from recommender.index import Index
from recommender.records import IndexFault
from recommender.segment import Segment
from recommender.settings import Settings
from recommender.text import Tokenizer, jieba_words


def save_index(index: Index, folder: Path | str) -> None:
    """Write the index so that a reader sees either the old one or the new one, complete."""
    arrays: dict[str, npt.NDArray[Any]] = {"vocabulary": index.vocabulary, "idf": index.idf}
    for number, segment in enumerate(index.segments):
        arrays.update(segment.arrays(segment_prefix(number)))
    storage.write_arrays(Path(folder), arrays, facts_of(index, len(index.segments)))


def facts_of(index: Index, segments: int) -> dict[str, object]:
    """What the manifest says of an index besides its arrays."""
    return {
        "settings": asdict(index.settings),
        "documents_at_build": index.documents_at_build,
        "mean_lengths": list(index.mean_lengths),
        "mean_weight": index.mean_weight,
        "segments": segments,
    }


def open_index(folder: Path | str, tokenizer: Tokenizer = jieba_words) -> Index:
    """Map a saved index into memory. Raises IndexFault when it is missing, damaged or of another version."""
    manifest = storage.read_manifest(Path(folder))
    try:
        return _from_arrays(storage.read_arrays(Path(folder), manifest), manifest, tokenizer)
    except TypeError as other:
        raise IndexFault("index_settings", "settings") from other
    except KeyError as missing:
        raise IndexFault("index_damaged", str(missing)) from missing


def _from_arrays(arrays: dict[str, npt.NDArray[Any]], manifest: Mapping[str, Any], tokenizer: Tokenizer) -> Index:
    return Index(
        settings=Settings(**manifest["settings"]),
        vocabulary=arrays["vocabulary"],
        idf=arrays["idf"],
        documents_at_build=manifest["documents_at_build"],
        mean_lengths=tuple(manifest["mean_lengths"]),
        mean_weight=manifest["mean_weight"],
        segments=tuple(Segment.from_arrays(arrays, segment_prefix(number)) for number in range(manifest["segments"])),
        tokenizer=tokenizer,
        token=manifest.get("token", ""),
    )


def segment_prefix(segment: int) -> str:
    """What the names of a segment's files begin with."""
    return f"segment{segment:03d}"
