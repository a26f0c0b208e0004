"""Fixtures of the services: a runtime over a filled base of its own."""

from tests.web.installation import clock, filled_home, runtime

__all__ = ["clock", "filled_home", "runtime"]
