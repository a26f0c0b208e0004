"""A base of an older schema is backed up, and the backup read again, before anything in it changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from matchhub.db import schema
from matchhub.errors import FileRefused
from matchhub.services.kernel.backup import check_backup
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.upgrading import backup_before_upgrade


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A base whose schema is older than the code: the number it bears is none of today's."""
    settings = Settings(tmp_path / "home", f"sqlite:///{tmp_path / 'home' / 'matchhub.db'}", "a key for tests only")
    runtime, _ = open_runtime(settings, before_upgrade=backup_before_upgrade)
    with runtime.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    runtime.close()
    monkeypatch.setattr(schema, "upgrade", lambda engine: False)  # there is no older schema yet to come from
    return settings


def test_the_backup_lies_beside_the_nightly_ones_and_can_be_restored(older: Settings) -> None:
    assert not older.backups.exists(), "a new base needs none"
    open_runtime(older, before_upgrade=backup_before_upgrade)[0].close()
    (file,) = older.backups.glob("before-*.tar")
    check_backup(file, older.home / "again")


def test_nothing_is_upgraded_that_could_not_be_put_back(older: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    upgraded: list[object] = []

    def upgrade(engine: object) -> bool:
        upgraded.append(engine)
        return False

    monkeypatch.setattr(schema, "upgrade", upgrade)

    def refuse(_: Runtime) -> None:
        raise FileRefused("backup_damaged", file="x")

    with pytest.raises(FileRefused):
        open_runtime(older, before_upgrade=refuse)
    assert upgraded == []
