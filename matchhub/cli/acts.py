"""A command that changes something acts once for each ``--key`` (PROMISES.md P6), as a form does (``web.once``)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from matchhub.cli.console import installation, show
from matchhub.errors import Conflict, Refusal
from matchhub.services.kernel.form_keys import Answer, Sent, keep_answer, kept_answer, reserve_key
from matchhub.services.kernel.locks import held_in_turn
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.settings import read_settings
from matchhub.services.kernel.unit import Unit

OWNER = "command"  # whoever may call the command is one and the same person to the platform
LONGEST = 200
_LINES = 16  # locks that calls with a key stand at: enough that different keys hardly ever wait for one another
_UNREAD = frozenset({"key", "as_json"})  # what says nothing of the act

key_option = click.option("--key", help="a key of your own: called with it again, it answers the same and acts once")


@dataclass(frozen=True)
class Told:
    """What a command answers. One that changed nothing after all (``acted`` false) leaves its key unused."""

    answer: dict[str, Any]
    text: str
    status: int = 0
    acted: bool = True

    def show(self, as_json: bool) -> None:
        """Show it, and end the command with its status."""
        show(self.answer, as_json, self.text)
        if self.status:
            raise click.exceptions.Exit(self.status)


class DoneBefore(Exception):
    """The act of this key was done meanwhile."""

    def __init__(self, told: Told) -> None:
        super().__init__(told.status)
        self.told = told


@dataclass
class CommandAct:
    """The act that this call of a command asks for; without a key nothing of it is kept."""

    sent: Sent | None
    _taken: bool = field(default=False, init=False)

    def take(self, unit: Unit) -> None:
        """Take the key in the transaction of the act; raises ``DoneBefore`` when another call was first."""
        answer = reserve_key(unit, self.sent) if self.sent else None
        if answer is not None:
            raise DoneBefore(_told(answer))
        self._taken = True

    def before(self, runtime: Runtime) -> Told | None:
        """What was answered to this key before. Raises ``Conflict`` as ``kept_answer`` does."""
        if self.sent is None:
            return None
        with runtime.unit(write=False) as unit:
            answer = kept_answer(unit, self.sent)
        return _told(answer) if answer else None

    def keep(self, unit: Unit, told: Told) -> Told:
        """Keep what is answered, in the transaction of the act where it has one of its own."""
        if self.sent is not None and told.acted:
            if not self._taken:
                self.take(unit)
            body = json.dumps({"answer": told.answer, "text": told.text}, ensure_ascii=False)
            keep_answer(unit, self.sent, Answer(told.status, {}, (), body))
        return told


def act_in_unit(
    key: str | None, do: Callable[[Unit], Told], inputs: Sequence[Path] = (), *, create: bool = True
) -> Told:
    """An act of one transaction, which keeps its key and its answer too; ``inputs`` as for ``act_in_steps``."""

    def once(runtime: Runtime, act: CommandAct) -> Told:
        with runtime.unit() as unit:
            act.take(unit)
            return act.keep(unit, do(unit))

    return _act(key, once, inputs, create)


def act_in_steps(
    key: str | None, do: Callable[[Runtime, CommandAct], Told], inputs: Sequence[Path] = (), *, create: bool = True
) -> Told:
    """An act of several transactions, or with files of its own: its answer is kept when it is done.

    A call that dies before is begun again by the same key, unless the act took the key in its own transaction.
    ``inputs`` are the files it reads: the same key with other content in them is refused.
    """

    def once(runtime: Runtime, act: CommandAct) -> Told:
        told = do(runtime, act)
        with runtime.unit() as unit:
            return act.keep(unit, told)

    return _act(key, once, inputs, create)


def act_by_key(key: str | None, do: Callable[[CommandAct], Told], inputs: Sequence[Path] = ()) -> Told:
    """Do an act while nobody else can do one with the same key in this home."""
    if key is None:
        return do(CommandAct(None))
    sent = _sent(key, inputs)
    home = read_settings(os.environ).home
    home.mkdir(parents=True, exist_ok=True)
    line = int(hashlib.sha256(key.encode()).hexdigest(), 16) % _LINES
    with held_in_turn(home / f"act-{line}.lock"):
        try:
            return do(CommandAct(sent))
        except DoneBefore as done:
            return done.told
        except Conflict as refused:
            raise _of_a_command(refused) from refused


def _act(key: str | None, once: Callable[[Runtime, CommandAct], Told], inputs: Sequence[Path], create: bool) -> Told:
    def do(act: CommandAct) -> Told:
        with installation(create=create) as runtime:
            return act.before(runtime) or once(runtime, act)

    return act_by_key(key, do, inputs)


def _sent(key: str, inputs: Sequence[Path]) -> Sent:
    """What this call says: the command, its arguments, and what the files it reads hold."""
    if not 0 < len(key) <= LONGEST:
        raise Refusal("command_key_length", longest=LONGEST)
    context = click.get_current_context()
    said = {name: value for name, value in context.params.items() if name not in _UNREAD}
    files = [hashlib.sha256(file.read_bytes()).hexdigest() for file in inputs if file.is_file()]
    return Sent(OWNER, key, json.dumps([context.command_path, said, files], default=str, sort_keys=True))


def _of_a_command(refused: Conflict) -> Conflict:
    """What ``kept_answer`` says of forms, said of a command."""
    if refused.code == "form_used_otherwise":
        return Conflict("command_key_used_otherwise")
    return Conflict("command_done_already") if refused.code == "form_done_already" else refused


def _told(answer: Answer) -> Told:
    kept = json.loads(answer.body)
    return Told(kept["answer"], kept["text"], answer.status)
