"""What counts: progress, the rows behind each number, why one record counts, statistics, forecasts, losses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from matchhub.domain.calendar import moment_said
from matchhub.domain.statistics import BASES, Span
from matchhub.errors import Refusal
from matchhub.services.claim import claims, narrowing
from matchhub.services.claim.history import DayCount, history_of
from matchhub.services.claim.ledger import LedgerRow, ledger_page
from matchhub.services.claim.missing import Missing, missing_most
from matchhub.services.counting import counts, signs
from matchhub.services.counting.forecasts import ThresholdForecast, forecast_all
from matchhub.services.counting.losses import usual_claim_at
from matchhub.services.counting.rule_packs import pack_is_confirmed, pack_lines
from matchhub.services.counting.shares import count_checked
from matchhub.services.counting.sources import SourceView, list_sources, source_view
from matchhub.services.kernel.paging import Page, Sought
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.rows import LossView, kind_of, loss_views
from matchhub.services.records.samples import SampledRow, SampleLine, sample_lines, sample_view
from matchhub.services.statistics import figures
from matchhub.services.statistics import rows as statistics_rows
from matchhub.services.statistics.asking import Asked
from web.api.operations import File, Room

_counts = Room("counts")
ROOMS = (_counts,)


@dataclass(frozen=True, slots=True)
class Pack:
    """One rule pack that can be asked; ``readable``: it has no fault."""

    key: str
    title_zh: str
    title_en: str
    document: str
    is_headline: bool
    is_confirmed: bool
    readable: bool


def question(unit: Unit, as_of: date | None, known_at: str, policy: str) -> counts.Question:
    """The question of a call; ``Refusal`` ``moment_unreadable`` or ``policy_unknown``."""
    return counts.question(unit, as_of, _moment(unit, known_at), policy or None)


def _moment(unit: Unit, text: str) -> datetime | None:
    try:
        return moment_said(unit.zone, text) if text else None
    except ValueError as fault:
        raise Refusal("moment_unreadable", value=text[:40]) from fault


@_counts.get("/progress", "progress.read", "bureau.desk")
def progress(unit: Unit, as_of: date | None = None, known_at: str = "", policy: str = "") -> dict[str, Any]:
    """The counts of both goals, literal and strict: what `matchhub progress --json` prints."""
    return count_checked(unit, question(unit, as_of, known_at, policy)).to_json()


@_counts.get("/explain/<kind>/<int:record_id>", "record.read")
def explain(unit: Unit, kind: str, record_id: int, as_of: date | None = None, policy: str = "") -> dict[str, Any]:
    """Why one record counts or not: what `matchhub explain --json` prints."""
    asked = question(unit, as_of, "", policy)
    found = counts.explain_record(unit, kind, record_id, asked)
    return found.to_json() | {"policy_confirmed": pack_is_confirmed(unit, asked.pack)}


@_counts.get("/thresholds/<goal>/rows", "progress.read", "bureau.threshold")
def threshold_rows(
    unit: Unit, goal: str, sought: Sought, as_of: date | None = None, known_at: str = "", policy: str = "",
    show: Literal["all", "strict", "near", "literal_only", "out"] = "all", code: str = "", q: str = "", trade: str = "",
) -> Page[LedgerRow]:  # fmt: skip
    """The ledger of a number: each record with its verdict, reasons, proofs, amounts and people."""
    asked = question(unit, as_of, known_at, policy)
    kind_of(goal, asked)
    wanted = narrowing.Wanted(
        show=show, code=code, lack="", act="", query=q, trade=trade, source=None, person=None, only=None
    )
    return ledger_page(unit, goal, asked, wanted, sought)


@_counts.get("/thresholds/<goal>/missing", "progress.read")
def threshold_missing(unit: Unit, goal: str, as_of: date | None = None, policy: str = "") -> tuple[Missing, ...]:
    """What is missing most, as work."""
    asked = question(unit, as_of, "", policy)
    kind_of(goal, asked)
    return missing_most(unit, goal, asked)


@_counts.get("/thresholds/<goal>/history", "progress.read")
def threshold_history(unit: Unit, goal: str) -> tuple[DayCount, ...]:
    """The number at the end of each kept day."""
    kind_of(goal, counts.question(unit))
    return history_of(unit, goal)


@_counts.get("/thresholds/<goal>/samples", "sample.read", "bureau.sample")
def samples(unit: Unit, goal: str) -> tuple[SampleLine, ...]:
    """Spot checks of a number."""
    asked = counts.question(unit)
    kind_of(goal, asked)
    return sample_lines(unit, goal, asked)


@_counts.get("/samples/<int:sample_id>/records", "sample.read", "bureau.sampled")
def sampled(unit: Unit, sample_id: int) -> tuple[SampledRow, ...]:
    """The records of one spot check, and what was found of each."""
    return sample_view(unit, sample_id)[1]


@_counts.get("/forecasts", "progress.read")
def forecasts(unit: Unit, as_of: date | None = None, policy: str = "") -> dict[str, ThresholdForecast]:
    """What each number may reach by the end of the window."""
    return forecast_all(unit, question(unit, as_of, "", policy))


@_counts.get("/losses", "progress.read", "bureau.losses")
def losses(unit: Unit, claimed_at: str = "", as_of: date | None = None) -> tuple[LossView, ...]:
    """Records that counted when a claim was handed in and do not now, with why."""
    asked = question(unit, as_of, "", "")
    return loss_views(unit, asked, _moment(unit, claimed_at) or usual_claim_at(unit, asked))


@_counts.get("/signs", "sign.read", "bureau.signs")
def odd(unit: Unit, as_of: date | None = None) -> tuple[signs.Sign, ...]:
    """What looks odd, by threshold."""
    asked = question(unit, as_of, "", "")
    return signs.list_signs(unit, asked, [usual_claim_at(unit, asked)])


@_counts.get("/sources", "source.read", "bureau.sources")
def sources(
    unit: Unit, sought: Sought, show: Literal["open", "all"] = "open", q: str = "", kind: str = ""
) -> Page[SourceView]:
    """Named sources that wait for the bureau, or all of them."""
    return list_sources(unit, counts.question(unit), show, sought, q, kind)


@_counts.get("/sources/<int:batch_id>", "source.read", "bureau.source")
def source(unit: Unit, batch_id: int) -> SourceView:
    """One source: its files, what rests on it, and what the bureau said."""
    return source_view(unit, batch_id, counts.question(unit))


@_counts.get("/packs", "pack.read", "bureau.packs")
def packs(unit: Unit) -> Sequence[Pack]:
    """The rule packs that can be asked."""
    return [
        Pack(each.key, each.title_zh, each.title_en, each.document, each.is_headline, each.is_confirmed,
             each.fault is None)
        for each in pack_lines(unit)
    ]  # fmt: skip


@_counts.get("/packages", "claim.read", "bureau.packages")
def packages(unit: Unit) -> list[claims.ClaimView]:
    """Packages of claims, the newest first."""
    return claims.list_claims(unit)


@_counts.get("/packages/<int:claim_id>", "claim.read", "bureau.package")
def package(unit: Unit, claim_id: int) -> claims.ClaimView:
    """One package: how far it is, its digests, handing in."""
    return claims.claim_view(unit, claim_id)


@_counts.get("/packages/<int:claim_id>/file", "claim.read", "bureau.package_zip")
def package_file(unit: Unit, claim_id: int) -> File:
    """The package itself."""
    place = claims.package_file(unit, claim_id)
    return File(place.name, place.read_bytes(), "application/zip")


@_counts.get("/statistics", "statistics.read", "bureau.statistics")
def statistics(
    unit: Unit, as_of: date | None = None, basis: str = BASES[0], since: date | None = None, until: date | None = None
) -> figures.Figures:
    """What is wanted and offered by trade and class, how far demands came, how holders answer, what agencies did."""
    return figures.statistics(unit, _asked(unit, as_of, basis, since, until))


@_counts.get("/statistics/rows", "statistics.read", "bureau.statistics_rows")
def rows_of_statistics(
    unit: Unit, of: str, sought: Sought, trade: str = "", group: str = "", holder: str = "", q: str = "",
    as_of: date | None = None, basis: str = BASES[0], since: date | None = None, until: date | None = None,
) -> Page[statistics_rows.Row]:  # fmt: skip
    """The rows behind a cell of the statistics: exactly what it adds up."""
    wanted = statistics_rows.Wanted(of, trade, group, holder, 0, q)
    return statistics_rows.list_rows(unit, _asked(unit, as_of, basis, since, until), wanted, sought)


def _asked(unit: Unit, as_of: date | None, basis: str, since: date | None, until: date | None) -> Asked:
    known = basis if basis in BASES else BASES[0]
    return Asked(counts.question(unit, as_of), known, Span(since, until))
