"""How often the load asks for a page is said of pages that there are."""

from __future__ import annotations

from bench._load_kinds import DAILY, SELDOM, WRITTEN
from matchhub.services.kernel.runtime import Runtime
from tests.web.installation import clock, filled_home, runtime
from web import create_app

__all__ = ["clock", "filled_home", "runtime"]


def test_every_page_that_is_named_exists(runtime: Runtime) -> None:
    named = SELDOM.union(WRITTEN, *DAILY.values())
    assert named - {rule.endpoint for rule in create_app(runtime).url_map.iter_rules()} == set()
