"""Units of work for views: open one for the current account, call one verb, show one thing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app, g

from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Unit

EXTENSION = "matchhub"


def runtime() -> Runtime:
    """The installation this application serves."""
    return cast(Runtime, current_app.extensions[EXTENSION])


@contextmanager
def reading() -> Iterator[Unit]:
    """A unit that reads, for the current account; it never waits for writers."""
    with runtime().unit(g.actor, write=False) as unit:
        yield unit


@contextmanager
def writing() -> Iterator[Unit]:
    """A unit that writes, for the current account: committed when the block ends well, rolled back when it raises."""
    with runtime().unit(g.actor, write=True) as unit:
        yield unit
