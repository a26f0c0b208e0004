"""The installations that ``bench/load.py`` loads: the whole demo city on SQLite or PostgreSQL, and more patents."""

from __future__ import annotations

import csv
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select, text

import run
from bench._city_of_rows import number_of
from ingest.reader_process import rows_from_reader_process
from matchhub.db import schema
from matchhub.db.base import Base
from matchhub.db.engine import make_engine
from matchhub.db.tables import Patent
from matchhub.demo import load_demo
from matchhub.services.imports.batch import import_rows
from matchhub.services.imports.headers import Corrections
from matchhub.services.imports.reading import read_files
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.matching.store import refresh_index
from tests.postgres import Cluster

COMMAND = "import sys; sys.argv[0] = 'matchhub'; from matchhub.cli import main; sys.exit(main())"
HEADER = ("申请号", "专利名称", "摘要", "申请人", "主分类号", "申请日", "专利类型")
SECRET = "bench-of-load"
_ROWS = 5000  # copied at once


def opened(home: Path, url: str | None = None) -> Runtime:
    """The installation in ``home``, on its own SQLite base or on the one at ``url``."""
    return open_runtime(Settings(home, url or f"sqlite:///{home}/matchhub.db", SECRET))[0]


def make_base(home: Path, patents: int) -> None:
    """The whole demo city (about 10,000 patents), and further patents up to so many by the import everybody uses."""
    runtime = opened(home)
    load_demo(runtime, full=True, progress=lambda said: print(f"  {said}", file=sys.stderr, flush=True))
    with runtime.unit(write=False) as unit:
        there = unit.session.execute(select(func.count()).select_from(Patent)).scalar_one()
    if patents > there:
        import_more(home, there, patents - there)
    with runtime.unit() as unit:
        refresh_index(unit)
    runtime.close()


def rows_of_patents(runtime: Runtime, first: int, number: int) -> Iterator[tuple[str, ...]]:
    """Invented patents with titles and texts put together from those of the base; numbers from ``first`` on."""
    chance = random.Random(first)
    with runtime.unit(write=False) as unit:
        texts = unit.session.execute(select(Patent.title, Patent.abstract).limit(2000)).all()
    for at in range(first, first + number):
        one, other = chance.choice(texts), chance.choice(texts)
        abstract = f"{(one.abstract or '')[:150]}{(other.abstract or '')[-150:]}"
        yield (number_of(at + 3_000_000), f"{one.title}{at}", abstract, f"福建某大学{at % 400}", "A43B 13/04",
               f"20{10 + at % 12}-03-04", "发明")  # fmt: skip


def write_patents(home: Path, first: int, number: int, url: str | None = None) -> Path:
    """A csv file with invented patents, beside the home."""
    file = home.parent / f"more-{first}-{number}.csv"
    runtime = opened(home, url)
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(rows_of_patents(runtime, first, number))
    runtime.close()
    return file


def import_more(home: Path, first: int, number: int) -> None:
    """So many further patents, recorded as the command does it."""
    file = write_patents(home, first, number)
    record(home, None, file)
    file.unlink()


def record(home: Path, url: str | None, file: Path) -> None:
    """What ``matchhub import`` does with a file of patents; they are demo rows, since the city is one."""
    runtime = opened(home, url)
    read = read_files(runtime, [file], "patents", "", Corrections())
    with runtime.unit() as unit:
        import_rows(unit, "patents", rows_from_reader_process(read[0]), demo=True)
    runtime.close()


def run_environment(home: Path, url: str | None = None) -> dict[str, str]:
    """Environment of a process of the installation; this checkout, whatever is installed."""
    own = {"MATCHHUB_HOME": str(home), "PYTHONPATH": str(run.ROOT), "MATCHHUB_SECRET_KEY": SECRET}
    return os.environ | own | ({"MATCHHUB_DATABASE_URL": url} if url else {})


class Durable(Cluster):
    """PostgreSQL as one installs it: what was acknowledged is on the disk."""

    def start(self) -> None:
        settings = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c shared_buffers=256MB"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", settings, "start")


@contextmanager
def postgres() -> Iterator[Durable]:
    """A PostgreSQL of our own, reached by a Unix socket only, gone afterwards."""
    programs = run.find_postgres()
    if programs is None:
        raise SystemExit("PostgreSQL is missing; leave it out with --database sqlite")
    folder = Path(tempfile.mkdtemp(prefix="matchhub-load-"))
    cluster = Durable(programs, folder)
    watcher = cluster.watch()
    try:
        cluster.create()
        cluster.start()
        yield cluster
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            cluster.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
        watcher.terminate()
        watcher.wait()


def copy_base(home: Path, url: str) -> None:
    """The rows of a home's SQLite base into an empty PostgreSQL base, each under its own number."""
    source, target = opened(home).engine, make_engine(url)
    schema.upgrade(target)
    with source.connect() as reading, target.begin() as writing:
        writing.execute(text("SET session_replication_role = replica"))  # rows come table by table, the log as it is
        for table in Base.metadata.sorted_tables:
            writing.execute(table.delete())
            found = reading.execution_options(yield_per=_ROWS).execute(select(table))
            for part in found.mappings().partitions():
                writing.execute(table.insert(), [dict(row) for row in part])
            for column in table.primary_key.columns:
                if column.autoincrement and column.type.python_type is int:
                    writing.execute(text(
                        f"SELECT setval(s, GREATEST((SELECT MAX({column.name}) FROM {table.name}), 1)) "
                        f"FROM pg_get_serial_sequence('{table.name}', '{column.name}') AS s WHERE s IS NOT NULL"
                    ))  # fmt: skip
    with target.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    source.dispose()
    target.dispose()


if __name__ == "__main__":  # a process of its own, beside which others work
    record(Path(sys.argv[1]), sys.argv[3] if len(sys.argv) > 3 else None, Path(sys.argv[2]))
