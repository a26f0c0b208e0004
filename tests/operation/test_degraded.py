"""What is wrong is named: tables that are not the program's, a damaged file, an index that is gone, a job that is due."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from matchhub.db import schema
from matchhub.db.comparing import first_difference
from matchhub.db.engine import make_engine
from matchhub.operation.diagnosis import examine
from matchhub.services.matching import store
from tests.services.small_city import City, built_city, city

__all__ = ["built_city", "city"]

HARM = {
    "DROP INDEX ix_demands_enterprise_id": "index: ix_demands_enterprise_id",
    "ALTER TABLE demands DROP COLUMN aim": "column: demands.aim",
    "ALTER TABLE demands ADD COLUMN odd TEXT": "column: demands.odd",
    "DROP TABLE form_keys": "table: form_keys",
    "DROP TRIGGER event_log_no_update": "trigger: event_log_no_update",
}


def difference(url: str, harm: str = "") -> str:
    engine = make_engine(url)
    try:
        schema.upgrade(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql(harm or "SELECT 1")
        return first_difference(engine)
    finally:
        engine.dispose()


def test_the_first_table_column_index_or_trigger_that_differs_is_named(tmp_path: Path) -> None:
    whole = tmp_path / "whole.db"
    assert difference(f"sqlite:///{whole}") == ""
    for number, (harm, named) in enumerate(HARM.items()):
        copy = shutil.copy(whole, tmp_path / f"{number}.db")
        assert difference(f"sqlite:///{copy}", harm) == named


def test_it_is_on_a_server_too(postgres_url: str) -> None:
    assert difference(postgres_url, "CREATE TABLE of_others (id int)") == ""
    harm = "DROP TRIGGER event_log_no_change ON event_log"
    assert difference(postgres_url, harm) == "trigger: event_log_no_change"


def checks(home: Path) -> dict[str, dict[str, Any]]:
    environment = {"MATCHHUB_HOME": str(home), "MATCHHUB_SECRET_KEY": "a key for tests only"}
    return {check["name"]: check for check in examine({**os.environ, **environment})["checks"]}


def damaged(home: Path) -> None:
    file = home / "matchhub.db"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(file.read_bytes())
    at = len(content) // 2 // 4096 * 4096
    content[at : at + 16384] = b"\x5a" * 16384
    file.write_bytes(bytes(content))


def without_index(home: Path) -> None:
    place = store.folder(home)
    shutil.rmtree(place)
    os.utime(place.with_name(place.name + ".json"))  # another process has nothing in its memory


def without_column(home: Path) -> None:
    with sqlite3.connect(home / "matchhub.db") as connection:
        connection.execute("ALTER TABLE demands DROP COLUMN aim")


@pytest.mark.parametrize(
    ("harm", "name", "code"),
    [
        (damaged, "integrity", "doctor_integrity_broken"),
        (without_index, "index", "doctor_index_stale"),
        (without_column, "tables", "doctor_tables_differ"),
    ],
)
def test_doctor_names_what_was_harmed_and_only_that(
    city: City, harm: Callable[[Path], None], name: str, code: str
) -> None:
    home = city.runtime.home
    assert checks(home)[name]["ok"]
    city.runtime.close()
    harm(home)
    found = checks(home)
    told = found.get(name) or found["database"]
    assert not told["ok"] and told["code"] in (code, "database_damaged")


def test_nobody_is_ready_whose_base_holds_what_the_index_does_not(city: City) -> None:
    from tests.web.people import Person
    from web import create_app

    def ready() -> dict[str, bool]:
        page = Person(create_app(city.runtime)).get("/readyz").get_json()
        return {check["key"]: check["ok"] for check in page["checks"]}

    assert ready() | {"worker": False, "jobs": False} == {
        "database": True, "worker": False, "index": True, "jobs": False, "disk": True,
    }  # fmt: skip
    without_index(city.runtime.home)
    assert ready()["index"] is False
