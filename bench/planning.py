"""Planning pushes beside the matching it rests on: 1,000 demands and 2,000 enterprises over 10,000 patents.

``python3 run.py bench planning [--patents N] [--enterprises N] [--demands N]``. Planning judges every result of a run,
matches new patents with the trades of all firms, explains what it chose and keeps every pair as a draft; the automatic
plan writes the pushes too. Its time is told as a ratio to matching and storing the run, measured in the same process.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.main_job import DEMAND_HEADER, PATENT_HEADER, SHARED, _demands, _import, _index, _match, _patents, _write
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.pushes.desk import confirm_draft
from matchhub.services.pushes.drafting import make_draft

FIRM_HEADER = ("企业名称", "统一社会信用代码", "注册地址", "经营范围")
GOAL = 5.0


def _timed(work: Callable[[], object]) -> tuple[float, float, object]:
    begun, worked = time.perf_counter(), time.process_time()
    answer = work()
    return time.perf_counter() - begun, time.process_time() - worked, answer


def _draft(runtime: Runtime) -> tuple[int, int]:
    with runtime.unit() as unit:
        made = make_draft(unit)
        return made.draft_id, made.chosen + sum(made.left_out.values())


def _confirm(runtime: Runtime, draft_id: int) -> int:
    with runtime.unit() as unit:
        return confirm_draft(unit, draft_id).queued


def _prepare(home: Path, chosen: argparse.Namespace) -> Runtime:
    with (SHARED / "data" / "enterprises" / "quanzhou_register.csv").open(encoding="utf-8-sig", newline="") as stream:
        firms = [row for _, row in zip(range(chosen.enterprises), csv.DictReader(stream), strict=False)]
    patents = _write(home / "patents.xlsx", PATENT_HEADER, _patents(chosen.patents))
    enterprises = _write(
        home / "enterprises.xlsx", FIRM_HEADER, (tuple(firm.get(name) or "" for name in FIRM_HEADER) for firm in firms)
    )
    demands = _write(home / "demands.xlsx", DEMAND_HEADER, _demands(chosen.demands, firms))
    runtime, _ = open_runtime(Settings(home / "home", f"sqlite:///{home / 'home' / 'matchhub.db'}", "bench"))
    _import(runtime, "patents", patents)
    _import(runtime, "enterprises", enterprises)
    _import(runtime, "demands", demands)
    _index(runtime)
    return runtime


def main(arguments: list[str] | None = None) -> int:
    """Print the times; returns 1 where the real data are absent."""
    parser = argparse.ArgumentParser(prog="python3 run.py bench planning", description=__doc__)
    parser.add_argument("--patents", type=int, default=10_000)
    parser.add_argument("--enterprises", type=int, default=2_000)
    parser.add_argument("--demands", type=int, default=1_000)
    chosen = parser.parse_args(arguments)
    if not SHARED.is_dir():
        print(f"real data not found at {SHARED}; set MATCHHUB_SHARED", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as place:
        runtime = _prepare(Path(place), chosen)
        matched, matched_cpu, _ = _timed(lambda: _match(runtime))
        drafted, drafted_cpu, made = _timed(lambda: _draft(runtime))
        assert isinstance(made, tuple)
        confirmed, confirmed_cpu, queued = _timed(lambda: _confirm(runtime, made[0]))
        print(f"{chosen.patents} patents, {chosen.enterprises} enterprises, {chosen.demands} demands; {made[1]} pairs")
        print(f"{'match all demands and store':<34}{matched:>8.2f} s{matched_cpu:>8.2f} s CPU")
        print(f"{'plan as a draft':<34}{drafted:>8.2f} s{drafted_cpu:>8.2f} s CPU   goal {GOAL:.0f} s")
        print(f"{f'confirm it ({queued} pushes)':<34}{confirmed:>8.2f} s{confirmed_cpu:>8.2f} s CPU")
        print(f"planning / matching (CPU): {drafted_cpu / matched_cpu:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
