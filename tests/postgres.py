"""A temporary PostgreSQL: one cluster per test process, a fresh database per test, reached by a Unix socket only."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

import run

# Waits for the end of the test process ($1), however it ends, then ends the server and removes the folder ($2).
WATCH = """
while kill -0 "$1" 2>/dev/null; do sleep 0.3; done
test -f "$2/data/postmaster.pid" && kill -QUIT "$(head -n 1 "$2/data/postmaster.pid")"
sleep 0.3
rm -rf "$2"
"""


class Cluster:
    """A PostgreSQL of our own under ``folder``; ``start``, ``stop`` and ``restart`` take pg_ctl's shutdown modes."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs = programs
        self.folder = folder
        # initdb refuses root, so the cluster then belongs to the user that Debian's package made.
        self.owner = "postgres" if os.geteuid() == 0 else None
        self._numbers = itertools.count(1)

    def watch(self) -> subprocess.Popen[bytes]:
        """A process of its own session that clears up when this one is killed: fixtures do not run then."""
        command = ["sh", "-c", WATCH, "sh", str(os.getpid()), str(self.folder)]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, cwd="/", start_new_session=True)

    def create(self) -> None:
        if self.owner:
            shutil.chown(self.folder, self.owner, pwd.getpwnam(self.owner).pw_gid)
        self._run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        # fsync off: these databases need to outlive a killed server, not a power cut.
        settings = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", settings, "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def restart(self, mode: str = "fast") -> None:
        """Stop (``fast`` ends sessions in order, ``immediate`` is a crash) and start again."""
        self.stop(mode)
        self.start()

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create_database(self) -> str:
        """The name of a new empty database."""
        name = f"test_{next(self._numbers)}"
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, ending the connections a test forgot."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-D", str(self.folder / "data"), *arguments]
        # The output goes to a file: the server inherits a pipe and would keep a reader waiting for its end.
        with (self.folder / "commands").open("a+b") as output:
            done = subprocess.run(
                command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, user=self.owner, cwd="/", check=False
            )
            if done.returncode != 0:
                output.seek(0)
                raise RuntimeError(f"{program} failed: {output.read().decode(errors='replace')}")


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A running cluster, removed when the test process ends."""
    programs = run.find_postgres()
    if programs is None:
        pytest.fail("PostgreSQL is missing: apt-get install postgresql, or run.py test --without-postgres")
    # Not pytest's own folder: its path may be too long for a socket, and only root may enter it.
    folder = Path(tempfile.mkdtemp(prefix="matchhub-pg-"))
    cluster = Cluster(programs, folder)
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


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """``postgresql+psycopg://`` address of an empty database of this test's own."""
    name = postgres_cluster.create_database()
    yield postgres_cluster.url(name)
    postgres_cluster.drop_database(name)
