"""Fixtures for every test: what the machine gives (browser, PostgreSQL, real data) and what a run leaves out."""

from __future__ import annotations

import pytest

from tests.browser import browser, foreign_requests, page
from tests.machine import mark_by_need, shared
from tests.postgres import postgres_cluster, postgres_url

__all__ = ["browser", "foreign_requests", "page", "postgres_cluster", "postgres_url", "shared"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mark_by_need(items)
