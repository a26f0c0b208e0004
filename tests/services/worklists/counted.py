"""How often a piece of work asks the base."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from matchhub.services.kernel.unit import Unit


def statements(unit: Unit, act: Callable[[], Any]) -> int:
    """How many statements ``act`` sends."""
    seen: list[str] = []
    engine = unit.session.get_bind()

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
