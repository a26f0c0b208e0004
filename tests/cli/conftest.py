"""Fixtures of the city for commands."""

from __future__ import annotations

from tests.services.small_city import built_city

__all__ = ["built_city"]
