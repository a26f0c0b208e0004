"""Counting a base of a city's size: ``python3 run.py bench counting [--scale 1.0] [--markdown FILE]``.

At scale 1: 100,000 patents, 20,000 enterprises, 10,000 demands, 50,000 pushes, 2,000 deals and what belongs to them,
all invented. Peer of every line is a full recount in the same run, so that a busy machine shows in both; the processor
time is that of this process.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench._city_of_rows import SIZES, fill
from bench._table import write_into
from matchhub.db.tables import Deal, Demand, Enterprise, Licence, Patent, PlatformEvent
from matchhub.domain.counting.counters import count_all
from matchhub.domain.counting.progress import progress
from matchhub.services.counting import kept
from matchhub.services.counting.awards.estimating import estimate_awards
from matchhub.services.counting.counts import count_growth, count_progress, drill_down, explain_record, question
from matchhub.services.counting.gather import gather_facts
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import Unit

HEADER = "| step | CPU | wall | of a full recount |\n|---|---|---|---|"


class Table:
    """The lines so far, each beside the full recount, which comes first."""

    def __init__(self) -> None:
        self.lines = [HEADER]
        self.full = 0.0

    def time(self, name: str, work: Callable[[], Any]) -> None:
        """Do one step and write its line."""
        gc.collect()
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        self.full = self.full or cpu
        share = "1" if cpu == self.full else f"1/{self.full / max(cpu, 1e-4):,.0f}"
        self.lines.append(f"| {name} | {cpu:.3f} s | {wall:.3f} s | {share} |")
        print(self.lines[-1], flush=True)


def reading(runtime: Runtime, ask: Callable[[Unit], Any]) -> Callable[[], Any]:
    """What a page does: ask in a reading unit of its own."""

    def work() -> Any:
        with runtime.unit(write=False) as unit:
            return ask(unit)

    return work


def full_recount(unit: Unit) -> object:
    """Everything read and judged, as each page did after every change before verdicts were kept."""
    asked = question(unit)
    atoms = count_all(gather_facts(unit, Moment(), asked.pack), asked.pack, asked.as_of)
    return progress(atoms, asked.pack, asked.as_of)


def changes(table: Table, runtime: Runtime) -> None:
    """One change each, and the page that is opened next."""
    both = reading(runtime, lambda unit: count_progress(unit, question(unit)))

    def after(name: str, ask: Callable[[], Any], change: Callable[[Unit], Any]) -> None:
        with runtime.unit() as unit:
            change(unit)
        table.time(name, ask)

    def put(of: Any, key: int, **values: Any) -> Callable[[Unit], None]:
        def change(unit: Unit) -> None:
            for name, value in values.items():
                setattr(unit.session.get_one(of, key), name, value)

        return change

    def seen(unit: Unit) -> None:
        at = {"occurred_at": unit.now, "recorded_at": unit.now}
        unit.session.add(PlatformEvent(enterprise_id=7, patent_id=9, event="view", **at))

    after("`progress` after a patent lost its title", both, put(Patent, 55, title=None))
    after("`progress` after a firm changed its telephone", both, put(Enterprise, 55, contact_phone="000-0000056"))
    after("`progress` after a firm lost its code", both, put(Enterprise, 56, uscc=None))
    after("`progress` after a demand was edited", both, put(Demand, 55, text="另一段文字"))
    after("`progress` after a deal was edited", both, put(Deal, 25, amount_yuan=Decimal(70000)))
    after("`progress` after a licence was edited", both, put(Licence, 25, paid_yuan=Decimal(900)))
    after("`progress` after a view", both, seen)
    for kind, of in (("deals", Deal), ("licences", Licence), ("demands", Demand)):
        day = date(2024, 4, 1)
        change = {Deal: {"signed_on": day}, Licence: {"filed_on": day}, Demand: {"posted_on": day}}[of]
        page = reading(runtime, partial(_verdict, kind=kind))
        after(f"verdict on a page of {kind}, just edited", page, put(of, 26, **change))
        table.time(f"verdict on a page of {kind}, again", page)


def _verdict(unit: Unit, kind: str) -> object:
    return explain_record(unit, kind, 26, question(unit))


def _page(unit: Unit, threshold: str, show: str, start: int) -> object:
    return drill_down(unit, threshold, question(unit), show=show, start=start, most=25)


def pages(table: Table, runtime: Runtime) -> None:
    """Pages while nothing changes."""
    table.time("`progress`, nothing changed", reading(runtime, lambda unit: count_progress(unit, question(unit))))
    table.time("both landing pages: growth", reading(runtime, lambda unit: count_growth(unit, question(unit))))
    for threshold in ("patents", "enterprises", "pushes", "invention_deals"):
        for name, show, start in (("first page", "all", 0), ("strict, page 400", "strict", 10_000)):
            asked = partial(_page, threshold=threshold, show=show, start=start)
            table.time(f"ledger of {threshold}, {name}", reading(runtime, asked))
    code = "patent_status_unknown"
    ask = reading(runtime, lambda unit: drill_down(unit, "patents", question(unit), most=25, code=code))
    table.time("ledger of patents by a reason", ask)
    table.time("awards", reading(runtime, estimate_awards))
    table.time("all rows of invention_deals", reading(
        runtime, lambda unit: drill_down(unit, "invention_deals", question(unit), most=None)))  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Print the table; write it into a document between its two marks where one is named."""
    parser = argparse.ArgumentParser(prog="python3 run.py bench counting", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--markdown", type=Path)
    chosen = parser.parse_args(arguments)
    table = Table()
    with tempfile.TemporaryDirectory() as place:
        runtime, _ = open_runtime(Settings(Path(place), f"sqlite:///{place}/matchhub.db", "bench"))
        fill(runtime, {name: max(30, round(size * chosen.scale)) for name, size in SIZES.items()})
        print(HEADER)
        table.time("full recount (the peer)", reading(runtime, full_recount))
        first = reading(runtime, lambda unit: count_progress(unit, question(unit)))
        table.time("the first count of a day, verdicts stored", first)
        with patch.object(kept, "count_everything", _never):  # from here on nothing may count everything
            pages(table, runtime)
            changes(table, runtime)
        runtime.close()
    if chosen.markdown:
        write_into(chosen.markdown, "counting", "\n".join(table.lines))
    return 0


def _never(*_: Any) -> None:
    raise AssertionError("everything was counted for a single change")


if __name__ == "__main__":
    sys.exit(main())
