"""Units of work and their turn to write."""

from __future__ import annotations

import pytest

from matchhub.services.kernel.runtime import Runtime


def test_a_writing_unit_inside_another_of_its_thread_is_an_error_and_not_an_endless_wait(runtime: Runtime) -> None:
    with runtime.unit(), runtime.unit(write=False), pytest.raises(RuntimeError, match="is open"), runtime.unit():
        raise AssertionError
    with runtime.unit() as unit:  # the turn was given back
        unit.session.flush()
