"""Alembic's entry: runs migrations on the connection it is given (see ``matchhub.db.schema``)."""

from __future__ import annotations

from typing import Literal

from alembic import context

import matchhub.db.tables  # noqa: F401  (declares the schema)
from matchhub.db.base import Base
from matchhub.db.types import UtcDateTime, Yuan


def _render_plainly(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Migrations name the engine's own types, so that they stay as they were when our classes change."""
    plain: dict[type, str | Literal[False]] = {UtcDateTime: "sa.DateTime()", Yuan: "sa.BigInteger()"}
    return plain.get(type(item), False) if kind == "type" else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=False,
    render_item=_render_plainly,
)
context.run_migrations()
