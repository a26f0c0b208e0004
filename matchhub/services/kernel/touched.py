"""Which bound rows a unit of work touched, noted by the session itself so that no act can forget it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from matchhub.db.base import Base
from matchhub.services.kernel.bound import BOUND
from matchhub.services.kernel.row_digests import unpacked


class WatchedSession(Session):
    """A session that notes bound rows as they are written."""


class Touched:
    """Rows to be read at the end of the unit, and rows whose digests are known already, in the order they came."""

    def __init__(self) -> None:
        self.rows: dict[str, set[int]] = defaultdict(set)
        self.made: list[tuple[str, bytes, bytes]] = []  # table, keys, digests


def touched_in(session: Session) -> Touched:
    """What was touched in this session so far."""
    noted: Touched = session.info.setdefault("touched", Touched())
    return noted


@event.listens_for(WatchedSession, "after_flush")
def _note_objects(session: Session, _context: UOWTransaction) -> None:
    changed = [each for each in session.dirty if session.is_modified(each)]
    for each in (*session.new, *changed, *session.deleted):
        if each.__tablename__ in BOUND:
            touched_in(session).rows[each.__tablename__].add(each.id)


@event.listens_for(WatchedSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete or state.is_insert):
        return
    statement: Any = state.statement
    if statement.table.name not in BOUND:
        return
    if state.is_insert:
        raise TypeError(f"rows of {statement.table.name} are added as objects or by kernel.bulk: their digests are due")
    state.session.flush()
    touched_in(state.session).rows[statement.table.name].update(_rows_meant(state, statement))


def _rows_meant(state: ORMExecuteState, statement: Any) -> Sequence[int]:
    if isinstance(state.parameters, list):  # many rows, each by its key
        return [row["id"] for row in state.parameters]
    table = Base.metadata.tables[statement.table.name]
    chosen = select(table.c.id).where(*statement._where_criteria)
    if state.session.get_bind().dialect.name == "postgresql":
        chosen = chosen.with_for_update()  # what is found stays so until the statement changes it
    return state.session.connection().execute(chosen).scalars().all()


@event.listens_for(WatchedSession, "after_soft_rollback")
def _doubt_what_was_made(session: Session, _previous: SessionTransaction) -> None:
    """After a savepoint was taken back, what was written in bulk may be gone: it is read again at the end."""
    noted = touched_in(session)
    for table_name, ids, _ in noted.made:
        noted.rows[table_name].update(unpacked(ids))
    noted.made.clear()
