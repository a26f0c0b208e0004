"""Records from the JSON in which a held row was kept: the exact inverse of ``imports.state.to_json``."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from matchhub.domain.records import (
    AgencyRecord,
    AwardRowRecord,
    DealRecord,
    DemandRecord,
    EnterpriseRecord,
    ExpertRecord,
    Kind,
    LicenceRecord,
    OfferRecord,
    PatentRecord,
    Record,
    StockGradeRecord,
)

RECORDS: dict[Kind, type[Any]] = {
    "patents": PatentRecord,
    "enterprises": EnterpriseRecord,
    "experts": ExpertRecord,
    "agencies": AgencyRecord,
    "demands": DemandRecord,
    "offers": OfferRecord,
    "licences": LicenceRecord,
    "deals": DealRecord,
    "award_records": AwardRowRecord,
    "stock_grades": StockGradeRecord,
}


def restore_record(kind: Kind, said: Mapping[str, Any]) -> Record:
    """The record that ``said`` was written from; fields unknown to this version are left out."""
    return cast(Record, _restored(RECORDS[kind], said))


@cache
def _hints(shape: type[Any]) -> dict[str, Any]:
    return get_type_hints(shape)


def _restored(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _restored(next(each for each in get_args(hint) if each is not type(None)), value)
    if origin is tuple:
        inner = get_args(hint)
        repeated = len(inner) == 2 and inner[1] is Ellipsis
        hints = [inner[0]] * len(value) if repeated else inner
        return tuple(_restored(each, item) for each, item in zip(hints, value, strict=True))
    if is_dataclass(hint) and isinstance(hint, type):
        known = _hints(hint)
        return hint(**{each.name: _restored(known[each.name], value[each.name]) for each in fields(hint)
                       if each.name in value})  # fmt: skip
    if hint is date:
        return date.fromisoformat(value)
    return Decimal(value) if hint is Decimal else value
