"""The cycle collector rests inside and works again afterwards, whatever happens inside."""

from __future__ import annotations

import gc

import pytest

from matchhub.services.kernel.garbage import garbage_collection_paused


def test_the_collector_rests_inside_and_works_again_after_a_fault() -> None:
    with pytest.raises(ValueError, match="inside"), garbage_collection_paused():
        assert not gc.isenabled()
        raise ValueError("inside")
    assert gc.isenabled()


def test_rest_inside_rest_ends_with_the_outer_one() -> None:
    with garbage_collection_paused():
        with garbage_collection_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
