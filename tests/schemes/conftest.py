"""The pages over a base with the staff's accounts, and the small city."""

from tests.services.desk_base import base, empty_home
from tests.services.small_city import built_city, city
from tests.web.conftest import desk_app, made_app

__all__ = ["base", "built_city", "city", "desk_app", "empty_home", "made_app"]
