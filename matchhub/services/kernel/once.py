"""What a reading unit asks of the base once, however many parts of a page want to know it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from matchhub.db.engine import READ_ONLY
from matchhub.services.kernel.unit import Unit

T = TypeVar("T")
_ANSWERS = "asked once"


def once(unit: Unit, key: Hashable, read: Callable[[], T]) -> T:
    """What ``read`` answers; a reading unit sees one state of the base, so it asks each ``key`` only once.

    A unit that writes asks every time: its own rows change the answer. ``key`` names the question with everything the
    answer depends on besides the base and the actor; nobody may change what is answered.
    """
    if not unit.session.connection().get_execution_options().get(READ_ONLY):
        return read()
    answers = unit.session.info.setdefault(_ANSWERS, {})
    if key not in answers:
        answers[key] = read()
    return cast(T, answers[key])
