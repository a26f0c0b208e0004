"""Units of work for views: open one for the current account, call one verb, show one thing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import tzinfo
from typing import Any, Self, cast

from flask import current_app, g

from matchhub.domain.rules import RulePack
from matchhub.errors import Refusal
from matchhub.services.kernel.faults import cannot_write
from matchhub.services.kernel.form_keys import Answer, Sent, keep_answer, reserve_key
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.turns import wait_for_turn
from matchhub.services.kernel.unit import Unit
from web.held import HeldBack, held

EXTENSION = "matchhub"
_log = logging.getLogger("matchhub.web")


def runtime() -> Runtime:
    """The installation this application serves."""
    return cast(Runtime, current_app.extensions[EXTENSION])


def pack() -> RulePack:
    """The rule pack of this installation: numbers that a page names are those that count; one for all of a page."""
    if "pack" not in g:
        g.pack = runtime().pack
    found: RulePack = g.pack
    return found


def local_zone() -> tzinfo:
    """The time zone of the pack's city: moments on pages are by its clock."""
    return pack().local.time_zone


class ActUnit:
    """The one writing unit of a request that carries a key: all its blocks share it, and it ends with the answer.

    The key is taken when the first block opens it. A block that raises rolls back the whole act, its key included.
    """

    def __init__(self, sent: Sent) -> None:
        self.sent = sent
        self.unit: Unit | None = None
        self.began = False
        self._held = ExitStack()

    @contextmanager
    def block(self, opened: AbstractContextManager[Unit]) -> Iterator[Unit]:
        """One block of the act; ``opened`` serves the first one. Raises ``DoneBefore``."""
        with ExitStack() as ending:
            ending.callback(setattr, self, "unit", None)
            ending.push(self._held.pop_all())
            if self.unit is None:
                self.unit, self.began = ending.enter_context(opened), True
                answer = reserve_key(self.unit, self.sent)
                if answer is not None:
                    raise DoneBefore(answer)
            yield self.unit
            self._held = ending.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: Any) -> None:
        self._held.__exit__(*failure)

    def end(self, status: int, answer: Answer | None) -> None:
        """Keep the answer with the act; an act that was answered with a fault is undone."""
        if self.unit is not None and status >= 400:
            self.unit.session.rollback()
        elif self.unit is not None and answer is not None:
            keep_answer(self.unit, self.sent, answer)


class DoneBefore(Exception):
    """The act of this key was done meanwhile: ``answer`` is to be given again."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@contextmanager
def reading() -> Iterator[Unit]:
    """A unit that reads, for the current account; it never waits for writers, and sees what its own request wrote."""
    act: ActUnit | None = g.get("act_unit")
    if act is not None and act.unit is not None:
        yield act.unit
        return
    with runtime().unit(g.actor, write=False) as unit:
        yield unit


def take_key() -> None:
    """Take the key of a request now: before it uses up what its other sendings would look for, or after it acted
    without a transaction of the base (files kept, letters sent).

    Sent again it is answered the same; of two at once the second one is given the answer of the first.
    """
    with writing():
        pass


@contextmanager
def _in_turn(opened: AbstractContextManager[Unit]) -> Iterator[Unit]:
    with opened as unit:
        wait_for_turn(unit)
        yield unit


@contextmanager
def writing(opened: AbstractContextManager[Unit] | None = None) -> Iterator[Unit]:
    """A unit that writes, for the current account: committed when the block ends well, rolled back when it raises.

    In a request that carries a key it is committed together with the key and the answer, once the view has answered.
    ``opened`` is the unit to take where the usual one will not do.
    """
    code = held()
    if code is not None:
        raise HeldBack(code)
    own = _in_turn(opened or runtime().unit(g.actor, write=True))
    act: ActUnit | None = g.get("act_unit")
    with own if act is None else act.block(own) as unit:
        yield unit


def leave_note(note: Callable[[Unit], object]) -> None:
    """Write down that the current account looked at something; where the base takes nothing now (a full disk, one that
    is only read, many writers), the page is shown all the same."""
    try:
        with writing() as unit:
            note(unit)
    except Refusal as refusal:
        if not cannot_write(refusal):
            raise
        _log.warning("not noted: %s", refusal.code)
