"""``matchhub move`` and backups between engines: every row, the chain and the evidence arrive, or nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from matchhub.db.base import Base
from matchhub.db.tables import LogEntry
from matchhub.errors import Conflict
from matchhub.operation.moving import move_base
from matchhub.services.counting.counts import count_progress, question
from matchhub.services.evidence.auditing import audit_base
from matchhub.services.kernel.backup import make_backup, restore_backup
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.unit import SYSTEM
from tests.services.small_city import City, built_city, city, hand_in

__all__ = ["built_city", "city"]


@pytest.fixture
def lived_in(city: City) -> City:
    """A city with pushes, evidence and rows of most kinds."""
    city.post()
    city.push()
    with city.unit("operator") as unit:
        hand_in(unit, "demands", 1, "authorisation")
    return city


def opened(runtime: Runtime, url: str) -> Runtime:
    found, _ = open_runtime(replace(runtime.settings, database_url=url), create=False)
    found.clock = runtime.clock
    return found


def told(runtime: Runtime) -> tuple[dict[str, int], object, object]:
    """Rows of every table, the counts, and what an audit finds."""
    with runtime.unit(SYSTEM, write=False) as unit:
        rows = {
            table.name: unit.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }
        found = audit_base(unit)
        assert found.valid, found.to_json()
        return rows, count_progress(unit, question(unit)), found.entries


@pytest.fixture
def moved(lived_in: City, postgres_url: str) -> Iterator[Runtime]:
    move_base(lived_in.runtime, postgres_url)
    target = opened(lived_in.runtime, postgres_url)
    yield target
    target.close()


def test_it_arrives_whole_and_goes_on_living_and_comes_back(lived_in: City, moved: Runtime, tmp_path: Path) -> None:
    assert told(moved) == told(lived_in.runtime)
    later = City(moved, lived_in.clock, lived_in.actors)
    later.post(title="鞋带断裂", text="登山鞋鞋带受力后断裂,需要更耐磨的编织结构。")  # numbers go on after the last one
    with pytest.raises(sa.exc.DBAPIError), moved.unit() as unit:
        unit.session.execute(sa.update(LogEntry).values(actor="nobody"))
    back = opened(moved, f"sqlite:///{tmp_path / 'back.db'}")
    done = move_base(moved, back.settings.database_url)
    assert told(back) == told(moved) and done["chain"]["entries"] == told(back)[2]
    back.close()


def test_a_filled_target_is_left_alone(lived_in: City, moved: Runtime) -> None:
    before = told(moved)
    with pytest.raises(Conflict) as refused:
        move_base(lived_in.runtime, moved.settings.database_url)
    assert refused.value.code == "move_target_filled" and told(moved) == before


def test_a_row_that_arrives_otherwise_leaves_the_target_empty(
    lived_in: City, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matchhub.services.kernel import bulk, carrying

    honest = bulk.hand_over

    def lossy(connection: sa.Connection, table: sa.Table, columns: dict[str, object]) -> dict[str, list[object]]:
        if table.name == "patents":
            columns = {**columns, "title": ["?"] * len(columns["title"])}  # type: ignore[arg-type]
        return honest(connection, table, columns)  # type: ignore[arg-type]

    monkeypatch.setattr(carrying, "hand_over", lossy)
    with pytest.raises(Conflict) as refused:
        move_base(lived_in.runtime, postgres_url)
    assert refused.value.data == {"table": "patents"}
    engine = sa.create_engine(postgres_url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_backup_of_either_engine_is_put_back_on_the_other(lived_in: City, moved: Runtime, tmp_path: Path) -> None:
    make_backup(moved, tmp_path / "server.tar")
    make_backup(lived_in.runtime, tmp_path / "file.tar")
    before = told(moved)
    home = tmp_path / "other"
    restore_backup(
        replace(moved.settings, home=home, database_url=f"sqlite:///{home / 'matchhub.db'}"), tmp_path / "server.tar"
    )
    other = opened(moved, f"sqlite:///{home / 'matchhub.db'}")
    other.settings = replace(other.settings, home=home)
    assert told(other) == before
    other.close()
    with pytest.raises(Conflict) as refused:
        restore_backup(moved.settings, tmp_path / "file.tar")
    assert refused.value.code == "backup_over_records"
    with pytest.raises(Conflict) as in_use:
        restore_backup(moved.settings, tmp_path / "file.tar", force=True)
    assert in_use.value.code == "base_in_use"
    moved.close()
    restore_backup(moved.settings, tmp_path / "file.tar", force=True)
    assert told(moved) == before
