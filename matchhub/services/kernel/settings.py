"""Settings of an installation, read from the environment once, at the edge (CONTRACT.md, Settings)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matchhub.errors import SettingInvalid

DEFAULT_POLICY = "jinjiang-2023-6"
DEFAULT_BASE_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults filled in."""

    home: Path
    database_url: str
    secret_key: str
    smtp_url: str | None = None
    base_url: str = DEFAULT_BASE_URL
    policy: str = DEFAULT_POLICY
    dask: str | None = None
    checkpoint_folder: Path | None = None
    bureau_email: str | None = None
    automatic_pushes: bool = True

    @property
    def checkpoints(self) -> Path:
        """Where checkpoints are written; best a folder of another machine."""
        return self.checkpoint_folder or self.home / "checkpoints"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from ``MATCHHUB_*``; raises ``SettingInvalid`` where one is missing that must be given.

    On SQLite the secret key is made once and kept in the home, readable by its owner alone.
    """
    home = Path(environment.get("MATCHHUB_HOME") or "data").resolve()
    url = environment.get("MATCHHUB_DATABASE_URL") or f"sqlite:///{home / 'matchhub.db'}"
    if not url.startswith(("sqlite:", "postgresql")):
        raise SettingInvalid("database_url_invalid")
    return Settings(
        home=home,
        database_url=url,
        secret_key=environment.get("MATCHHUB_SECRET_KEY") or _kept_key(home, url),
        smtp_url=environment.get("MATCHHUB_SMTP_URL") or None,
        base_url=(environment.get("MATCHHUB_BASE_URL") or DEFAULT_BASE_URL).rstrip("/"),
        policy=environment.get("MATCHHUB_POLICY") or DEFAULT_POLICY,
        dask=environment.get("MATCHHUB_DASK") or None,
        checkpoint_folder=Path(folder).resolve() if (folder := environment.get("MATCHHUB_CHECKPOINTS")) else None,
        bureau_email=environment.get("MATCHHUB_BUREAU_EMAIL") or None,
        automatic_pushes=_automatic(environment.get("MATCHHUB_PUSHES") or "automatic"),
    )


def _automatic(said: str) -> bool:
    if said not in ("automatic", "desk"):
        raise SettingInvalid("pushes_setting_invalid", value=said)
    return said == "automatic"


def _kept_key(home: Path, url: str) -> str:
    if not url.startswith("sqlite"):
        raise SettingInvalid("secret_key_missing")
    file = home / "secret_key"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        try:
            with file.open("x", encoding="ascii") as handle:
                file.chmod(0o600)
                handle.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass  # another process made it a moment ago
    return file.read_text("ascii").strip()
