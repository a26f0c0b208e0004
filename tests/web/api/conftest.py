"""Programs that call the API: each holds a key of one account."""

from __future__ import annotations

from tests.web.conftest import app, clock, filled_home, made_app, runtime

__all__ = ["app", "clock", "filled_home", "made_app", "runtime"]
