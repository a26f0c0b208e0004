"""Column types that keep their meaning on SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer
from sqlalchemy.types import JSON, TypeDecorator

# SQLite gives an automatic key only to INTEGER; PostgreSQL deserves the wide one.
Key = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON()

_FEN = Decimal(100)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite drops time zones, so the naive UTC value is stored and the zone put back."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Yuan(TypeDecorator[Decimal]):
    """Money in yuan as ``Decimal`` with two places, stored as whole fen so that no engine turns it into a float."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Any) -> int | None:
        if value is None:
            return None
        if isinstance(value, float):
            raise TypeError("money is Decimal, never float")
        fen = Decimal(value) * _FEN
        return int(fen.to_integral_value(rounding=ROUND_HALF_EVEN))

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value) / _FEN
