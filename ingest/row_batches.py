"""Row batches: the form in which a reader process sends rows.

A batch is one pickled tuple (file, sheet, headers, rows, remarks). What all rows of a table share, such as the name of
the file and its headers, stands in it once; each row is a plain tuple. This makes a batch several times as fast to
pickle as the rows themselves.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterator
from dataclasses import fields
from operator import attrgetter
from typing import Any

from matchhub.domain.records import (
    AgencyRecord,
    CategoryClaim,
    DealRecord,
    DemandRecord,
    EncumbranceClaim,
    EnterpriseRecord,
    ExistenceClaim,
    ExpertRecord,
    Kind,
    LicenceRecord,
    OfferRecord,
    PatentRecord,
    Problem,
    Row,
    Source,
    StatusClaim,
)

_RECORDS: dict[Kind, type[Any]] = {
    "patents": PatentRecord,
    "enterprises": EnterpriseRecord,
    "experts": ExpertRecord,
    "agencies": AgencyRecord,
    "demands": DemandRecord,
    "offers": OfferRecord,
    "licences": LicenceRecord,
    "deals": DealRecord,
}


def _values_getter(shape: type[Any], begin: int = 0) -> Callable[[Any], tuple[Any, ...]]:
    """A function from an object to the tuple of its field values, from field ``begin`` on."""
    return attrgetter(*[each.name for each in fields(shape)][begin:])


def _reducer(shape: type[Any]) -> Callable[[Any], tuple[type[Any], tuple[Any, ...]]]:
    """Pickles a small frozen class as a call of its constructor, several times as fast as dataclasses do by default."""
    values = _values_getter(shape)
    return lambda value: (shape, values(value))


_SMALL = (Problem, StatusClaim, EncumbranceClaim, CategoryClaim, ExistenceClaim)
_REDUCERS: dict[type, Callable[[Any], Any]] = {shape: _reducer(shape) for shape in _SMALL}


def pack_rows(rows: list[Row], kind: Kind, remarks: list[Problem]) -> bytes:
    """Rows of one table, with remarks on the table, as a pickled batch; ``rows`` may be empty."""
    values = _values_getter(_RECORDS[kind], 1)  # without the record's source, which is that of the row
    first = rows[0].source if rows else Source("", 0)
    contents = [
        (
            row.source.line,
            row.source.as_of_on,
            tuple([cell for _, cell in row.source.raw]),
            None if row.record is None else values(row.record),
            row.problems,
        )
        for row in rows
    ]
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _REDUCERS
    pickler.dump((first.file, first.sheet, tuple(header for header, _ in first.raw), contents, remarks))
    return buffer.getvalue()


def unpack_rows(batch: Any, kind: Kind) -> tuple[Iterator[Row], list[Problem]]:
    """The rows of a batch that was loaded from its pickle, built one at a time, and its remarks."""
    file, sheet, headers, contents, remarks = batch
    shape = _RECORDS[kind]

    def rows() -> Iterator[Row]:
        for line, day, cells, values, problems in contents:
            source = Source(file, line, sheet, tuple(zip(headers, cells, strict=True)), day)
            yield Row(source, None if values is None else shape(source, *values), problems)

    return rows(), remarks
