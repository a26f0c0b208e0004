"""One estimate: who, which year, from what base, at which rate, under which cap, and why not more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from matchhub.domain.goals import Window


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a reader must know of an estimate: an exclusion, a cap, a boundary case. ``code`` has its sentence."""

    code: str
    data: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one clause would pay one payee for one year. ``payee`` is the id of an enterprise (2.1) or an agency."""

    clause: str
    payee: int
    year: int
    base_yuan: Decimal
    rate: Decimal | None
    cap_yuan: int | None
    amount_yuan: Decimal
    remarks: tuple[Remark, ...] = ()


def capped(base_yuan: Decimal, rate: Decimal, cap_yuan: int) -> tuple[Decimal, tuple[Remark, ...]]:
    """``base`` times ``rate`` to the fen, at most the cap, with the remark that says so."""
    full = (base_yuan * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if full > cap_yuan:
        return Decimal(cap_yuan), (Remark("award_capped", {"full": full, "cap": cap_yuan}),)
    if full == cap_yuan:
        return full, (Remark("award_at_cap", {"cap": cap_yuan}),)
    return full, ()


def window_remark(day: date, window: Window) -> Remark | None:
    """Why an event of that day lies outside the measure, or counts by reference only (参照执行); None when inside."""
    if not window.holds(day):
        return Remark("award_outside_window", {"on": day})
    if day < window.formal_from_on:
        return Remark("award_by_reference", {"on": day})
    return None
