"""The whole main job, as users feel it: files in, index, match all, plan, count; each step in seconds with its share.

``python3 run.py bench main_job [--patents N] [--demands N]`` builds its files from the real data beside the project
(``MATCHHUB_SHARED``).
Peer for scale: the same rows inserted by SQLAlchemy's ORM one object at a time (what everyone writes first).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import xlsxwriter

from ingest.reading import read_rows
from matchhub.db.tables import Patent
from matchhub.domain.identifiers import application_check_digit
from matchhub.domain.records import Kind, PatentRecord
from matchhub.services.counting.counts import count_progress, question
from matchhub.services.imports.batch import import_rows
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.matching.runs import run_match
from matchhub.services.matching.store import refresh_index
from matchhub.services.pushes.plan import plan

SHARED = Path(os.environ.get("MATCHHUB_SHARED", Path(__file__).parents[2] / "shared"))
PATENT_HEADER = ("申请号", "专利名称", "摘要", "申请人", "主分类号")
DEMAND_HEADER = ("需求名称", "所属单位", "统一社会信用代码", "拟解决的技术难题", "技术领域", "联系人", "联系邮箱")


def _patents(wanted: int) -> Iterator[tuple[str, ...]]:
    """Real texts, repeated under new numbers when more are wanted than there are."""
    folder = SHARED / "data" / "patents"
    files = (folder / "city" / "city_patents_1985_2015.xlsx", *sorted((folder / "a01").glob("*.csv")))
    records = [row.record for file in files for row in read_rows(file, "patents").rows]
    real = [record for record in records if isinstance(record, PatentRecord)]
    for place in range(wanted):
        record = real[place % len(real)]
        digits = f"2016{1 + place % 2}{place:07d}"
        number = f"{digits}.{application_check_digit(digits)}"
        yield number, record.title or "", record.abstract or "", "福建某大学", "; ".join(record.ipc)


def _write(file: Path, header: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Path:
    book = xlsxwriter.Workbook(str(file), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, header)
    for line, row in enumerate(rows, 1):
        sheet.write_row(line, 0, row)
    book.close()
    return file


def _firms(wanted: int) -> list[dict[str, str]]:
    with (SHARED / "data" / "enterprises" / "quanzhou_register.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [row for _, row in zip(range(wanted), csv.DictReader(stream), strict=False)]


def _demands(wanted: int, firms: list[dict[str, str]]) -> Iterator[tuple[str, ...]]:
    lines = (SHARED / "data" / "relevance" / "kppatent" / "queries.jsonl").read_text("utf-8").splitlines()
    chance = random.Random(1)
    for place in range(wanted):
        words = "、".join(json.loads(lines[place % len(lines)])["keywords"])
        firm = firms[chance.randrange(len(firms))]
        text = f"我厂{place}号线在{words}方面有难题,希望不良率降到2%以下。"
        yield (
            f"{words}的改进",
            firm["企业名称"],
            firm["统一社会信用代码"],
            text,
            "制造",
            "某人",
            f"d{place}@example.com",
        )


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _step(name: str, work: Callable[[], object], times: dict[str, float]) -> object:
    begun, worked = time.perf_counter(), _cpu()
    answer = work()
    times[name] = time.perf_counter() - begun
    print(f"{name:<34}{times[name]:>9.2f} s{_cpu() - worked:>9.2f} s CPU{_peak_mib():>8.0f} MiB peak", flush=True)
    return answer


def _cpu() -> float:
    """CPU seconds of this process and of those it has waited for."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _import(runtime: Runtime, kind: Kind, file: Path) -> None:
    with runtime.unit() as unit:
        sums = import_rows(unit, kind, read_rows(file, kind).rows).sums
    assert sums["created"] == sums["read"], sums


def _index(runtime: Runtime) -> None:
    with runtime.unit(write=False) as unit:
        refresh_index(unit)


def _match(runtime: Runtime) -> float:
    with runtime.unit() as unit:
        return run_match(unit).seconds


def _plan(runtime: Runtime) -> int:
    with runtime.unit() as unit:
        return plan(unit).planned


def _count(runtime: Runtime) -> None:
    with runtime.unit(write=False) as unit:
        count_progress(unit, question(unit))


def _orm_peer(runtime: Runtime, wanted: int) -> None:
    """The naive way to store the same patents, without holders, classes, aliases or provenance."""
    with runtime.unit() as unit:
        for place in range(wanted):
            unit.session.add(
                Patent(
                    publication_number=f"CN9{place:08d}A",
                    title="x" * 20,
                    abstract="y" * 200,
                    recorded_at=unit.now,
                    updated_at=unit.now,
                )
            )


def main(arguments: list[str] | None = None) -> int:
    """Print the table of steps; returns 1 where the real data are absent."""
    parser = argparse.ArgumentParser(prog="python3 run.py bench main_job", description=__doc__)
    parser.add_argument("--patents", type=int, default=10_000)
    parser.add_argument("--enterprises", type=int, default=2_000)
    parser.add_argument("--demands", type=int, default=1_000)
    chosen = parser.parse_args(arguments)
    if not SHARED.is_dir():
        print(f"real data not found at {SHARED}; set MATCHHUB_SHARED", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        firms = _firms(chosen.enterprises)
        patents = _write(home / "patents.xlsx", PATENT_HEADER, _patents(chosen.patents))
        enterprises = _write(
            home / "enterprises.xlsx",
            ("企业名称", "统一社会信用代码", "注册地址"),
            ((f["企业名称"], f["统一社会信用代码"], f["注册地址"]) for f in firms),
        )
        demands = _write(home / "demands.xlsx", DEMAND_HEADER, _demands(chosen.demands, firms))
        settings = Settings(home / "home", f"sqlite:///{home / 'home' / 'matchhub.db'}", "bench")
        runtime, _ = open_runtime(settings)
        times: dict[str, float] = {}
        load, begun = os.getloadavg()[0], _cpu()
        print(f"{chosen.patents} patents, {chosen.enterprises} enterprises, {chosen.demands} demands, SQLite")
        _step("import patents (xlsx)", lambda: _import(runtime, "patents", patents), times)
        _step("import enterprises (xlsx)", lambda: _import(runtime, "enterprises", enterprises), times)
        _step("import demands (xlsx)", lambda: _import(runtime, "demands", demands), times)
        _step("build the index", lambda: _index(runtime), times)
        seconds = _step("match all demands and store", lambda: _match(runtime), times)
        _step("plan pushes", lambda: _plan(runtime), times)
        _step("count both goals", lambda: _count(runtime), times)
        spent = _cpu() - begun
        print(
            f"{'the whole main job':<34}{sum(times.values()):>9.2f} s{spent:>9.2f} s CPU   "
            f"(of which matching alone {seconds:.2f} s); load before {load:.1f} on {os.cpu_count()} cores"
        )
        other = replace(settings, home=home / "peer", database_url=f"sqlite:///{home / 'peer' / 'matchhub.db'}")
        peer, _ = open_runtime(other)
        naive: dict[str, float] = {}
        _step("peer: ORM objects, bare patents", lambda: _orm_peer(peer, chosen.patents), naive)
        ratio = times["import patents (xlsx)"] / naive["peer: ORM objects, bare patents"]
        print(f"import of whole patents from xlsx / peer: {ratio:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
