"""Fixtures of the services: a runtime over a filled base of its own."""

from tests.services.desk_base import base, empty_home
from tests.services.small_city import built_city, city
from tests.web.installation import clock, filled_home, runtime

__all__ = ["base", "built_city", "city", "clock", "empty_home", "filled_home", "runtime"]
