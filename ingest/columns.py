"""Headers to fields, by meaning: which row is the header, which column is what, which kind of table it is."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from itertools import zip_longest

from rapidfuzz import fuzz, process

from ingest.categories import category_of
from ingest.tables import RawRow
from matchhub.domain.records import KINDS, Kind

SEARCHED_ROWS = 40  # title rows and notes above a header are few
_LONGEST_HEADER = 80
_PROPOSAL_RATIO = 55.0
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_DECORATION = re.compile(r"\(标\)|[*★☆※]|\(?必填(项)?\)?|\(?选填\)?|[:;。]$")
_BRACKETS = str.maketrans("[]{}【】〔〕", "()()()()")
_HEADLINE = re.compile(r"名单|公示|公告|通知|关于|[\d〔]{4}年|.{20}")
_FINAL_BRACKET = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of one kind: ``words`` header word -> (field, rank); what it needs; what gives it away."""

    words: Mapping[str, tuple[str, int]]
    ignored: frozenset[str]
    required: tuple[frozenset[str], ...]
    tell_tale: frozenset[str]
    subject: frozenset[str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: its header as written and the field it means ("" when ignored or unknown)."""

    index: int
    header: str
    field: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A header nobody knows, with fields it resembles, best first: (field, word, ratio 0..100)."""

    index: int
    header: str
    proposals: tuple[tuple[str, str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """A row read as header for one kind: its columns, how many mean something, and where it stands."""

    kind: Kind
    line: int
    columns: tuple[Column, ...]
    unknown: tuple[UnknownColumn, ...] = ()
    depth: int = 1  # rows that the header takes
    fields: frozenset[str] = field(default=frozenset())

    @property
    def score(self) -> int:
        return len(self.fields)


@lru_cache(maxsize=16384)
def plain_header(text: str) -> str:
    """A header without what varies: NFKC, no blanks or invisible characters, one form of brackets, lower case."""
    squeezed = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_BRACKETS).lower()
    return _DECORATION.sub("", squeezed)


@lru_cache(maxsize=1)
def vocabularies() -> dict[Kind, Vocabulary]:
    """The header words of every kind, from ``vocabulary.toml``."""
    data = tomllib.loads(resources.files("ingest").joinpath("vocabulary.toml").read_text(encoding="utf-8"))
    return {kind: _vocabulary(kind, data) for kind in KINDS}


def _vocabulary(kind: Kind, data: dict[str, dict[str, list[str]]]) -> Vocabulary:
    words: dict[str, tuple[str, int]] = {}
    for name, listed in data[kind].items():
        if name != "ignored":
            for rank, word in enumerate(listed):
                words.setdefault(plain_header(word), (name, rank))
    ignored = frozenset(map(plain_header, data["any"]["ignored"] + data[kind].get("ignored", [])))
    return Vocabulary(
        words,
        ignored - words.keys(),
        tuple(frozenset(group) for group in data["required"][kind]),
        frozenset(data["tell_tale"][kind]),
        frozenset(map(plain_header, data["subject"][kind])),
    )


def fields_of(kind: Kind) -> tuple[str, ...]:
    """Fields that a person may choose from when saying what a column means, in the order of the vocabulary."""
    return tuple(dict.fromkeys(field for field, _ in vocabularies()[kind].words.values()))


def _lookup(header: str, vocabulary: Vocabulary) -> tuple[str, int] | None:
    """Field and rank of a header; with its final bracket (a unit, a hint) left out when need be."""
    word = plain_header(header) if len(header) <= _LONGEST_HEADER else ""
    while word:
        if word in vocabulary.words:
            return vocabulary.words[word]
        if word in vocabulary.ignored:
            return "", 0
        shorter = _FINAL_BRACKET.sub("", word)
        if shorter == word:
            return None
        word = shorter
    return None


def _column(index: int, header: str, kind: Kind, confirmed: Mapping[str, str]) -> Column | UnknownColumn:
    if header in confirmed:
        return Column(index, header, confirmed[header])
    if found := _lookup(header, vocabularies()[kind]):
        return Column(index, header, *found)
    if kind == "enterprises" and not _HEADLINE.search(header) and (category := category_of(header)):
        return Column(index, header, f"category:{category}")
    return UnknownColumn(index, header)


def read_header(row: RawRow, kind: Kind, confirmed: Mapping[str, str] | None = None, depth: int = 1) -> Header:
    """Read one row as the header of a table of ``kind``. ``confirmed`` maps headers to fields as a person said."""
    read = [_column(index, cell, kind, confirmed or {}) for index, cell in enumerate(row.cells) if cell.strip()]
    columns = tuple(column for column in read if isinstance(column, Column))
    unknown = tuple(column for column in read if isinstance(column, UnknownColumn))
    fields = frozenset(column.field for column in columns if column.field)
    return Header(kind, row.line, columns, unknown, depth, fields)


def joined_header(upper: RawRow, lower: RawRow) -> RawRow:
    """Two header rows as one: a group's word stands over its columns, so each column takes its own lower word, the
    upper word where the lower is empty, and both where the lower one means little alone (起, 止, 名称)."""
    cells, group = [], ""
    width = max(len(upper.cells), len(lower.cells))
    for index in range(width):
        above = upper.cells[index].strip() if index < len(upper.cells) else ""
        below = lower.cells[index].strip() if index < len(lower.cells) else ""
        group = above or (group if below else "")
        if not below:
            cells.append(above)
        elif len(plain_header(below)) <= 2 and group and group != below:
            cells.append(group + below)
        else:
            cells.append(below)
    return RawRow(upper.line, tuple(cells))


def has_required(header: Header) -> bool:
    """Whether the columns suffice for a table of the header's kind."""
    return all(group & header.fields for group in vocabularies()[header.kind].required)


def kind_weight(header: Header) -> int:
    """How much a header speaks for its kind: subject words weigh most, then tell-tale fields."""
    vocabulary = vocabularies()[header.kind]
    subjects = sum(plain_header(column.header) in vocabulary.subject for column in header.columns)
    return 4 * subjects + 2 * len(header.fields & vocabulary.tell_tale) + len(header.fields)


def _looks_like_data(row: RawRow) -> bool:
    """A header holds words; a row with long texts or several numbers is data."""
    filled = [cell for cell in row.cells if cell.strip()]
    numbers = sum(bool(re.fullmatch(r"[\d.,:/\-\s]+X?", cell)) for cell in filled)
    return any(len(cell) > 60 for cell in filled) or numbers * 3 > len(filled)


def could_be_header(row: RawRow) -> bool:
    """Whether a row has the look of a header, known words or not: several words and no data."""
    return sum(bool(cell.strip()) for cell in row.cells) > 1 and not _looks_like_data(row)


def _may_join(upper: RawRow, lower: RawRow) -> bool:
    """A title has one cell; a header's upper row has several, and its lower row holds words too."""
    return sum(bool(cell.strip()) for cell in upper.cells) > 1 and not _looks_like_data(lower)


def header_candidates(
    rows: Sequence[RawRow], line: int | None = None, confirmed: Mapping[str, str] | None = None
) -> list[tuple[RawRow, int]]:
    """Rows that may be a header of any kind, alone (depth 1) or joined with the row below (2), from the top.

    ``line`` names the row when a person corrected the choice; else a row of data or without any known word is none.
    """
    found: list[tuple[RawRow, int]] = []
    for row, below in zip_longest(rows, rows[1:]):
        if (line is None and _looks_like_data(row)) or line not in (None, row.line):
            continue
        found.append((row, 1))
        if below and below.line == row.line + 1 and _may_join(row, below):
            found.append((joined_header(row, below), 2))
    known = _all_words() | {plain_header(header) for header in confirmed or ()}
    return [(row, depth) for row, depth in found if line is not None or _knows_any(row, known)]


@lru_cache(maxsize=1)
def _all_words() -> frozenset[str]:
    return frozenset(word for vocabulary in vocabularies().values() for word in vocabulary.words)


def _knows_any(row: RawRow, known: frozenset[str]) -> bool:
    words = (plain_header(cell) for cell in row.cells if cell and len(cell) <= _LONGEST_HEADER)
    return any(word in known or _FINAL_BRACKET.sub("", word) in known for word in words)


def find_header(
    rows: Sequence[RawRow], kind: Kind, line: int | None = None, confirmed: Mapping[str, str] | None = None
) -> Header | None:
    """The row among the first ones that reads best as header of ``kind``; None when none says anything known."""
    return best_header(header_candidates(rows, line, confirmed), kind, confirmed)


def best_header(
    candidates: Sequence[tuple[RawRow, int]], kind: Kind, confirmed: Mapping[str, str] | None = None
) -> Header | None:
    """The candidate with the most fields of ``kind``, of equals the first."""
    read = (read_header(row, kind, confirmed, depth) for row, depth in candidates)
    best = max(read, key=lambda header: header.score, default=None)
    return best if best and best.score else None


def likely_kind(rows: Sequence[RawRow], confirmed: Mapping[str, str] | None = None) -> Header | None:
    """The best header over all kinds, for a file whose kind nobody told; None when it has none."""
    candidates = header_candidates(rows, None, confirmed)
    read = (best_header(candidates, kind, confirmed) for kind in KINDS)
    found = [header for header in read if header and has_required(header)]
    return max(found, key=kind_weight, default=None)


def with_proposals(header: Header) -> Header:
    """The header with likely fields for each unknown column, by similarity; only a person may accept them."""
    vocabulary = vocabularies()[header.kind]
    unknown = tuple(
        UnknownColumn(column.index, column.header, _proposals(column.header, vocabulary)) for column in header.unknown
    )
    return Header(header.kind, header.line, header.columns, unknown, header.depth, header.fields)


def _proposals(header: str, vocabulary: Vocabulary) -> tuple[tuple[str, str, float], ...]:
    word = plain_header(header)
    near = process.extract(word, list(vocabulary.words), scorer=fuzz.ratio, limit=8, score_cutoff=_PROPOSAL_RATIO)
    best: dict[str, tuple[str, str, float]] = {}
    for known, ratio, _ in near:
        name = vocabulary.words[known][0]
        best.setdefault(name, (name, known, round(ratio, 1)))
    return tuple(best.values())[:3]


def columns_by_field(columns: Iterable[Column]) -> dict[str, list[Column]]:
    """Columns of each field, best word first, then from left to right."""
    grouped: dict[str, list[Column]] = {}
    for column in sorted(columns, key=lambda column: (column.rank, column.index)):
        if column.field:
            grouped.setdefault(column.field, []).append(column)
    return grouped
