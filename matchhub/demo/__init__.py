"""The demo city: an invented small Jinjiang (晋江) in which every screen shows something and no name is real.

It tells its story through the same services that record real work, in order of time, inside the window of the
measure, and marks every row as demo; a base that holds real rows refuses it.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from matchhub.demo.accounts import DEMO_ACCOUNTS, DemoAccount
from matchhub.demo.story import tell
from matchhub.services.kernel.runtime import Runtime

__all__ = ["DEMO_ACCOUNTS", "DemoAccount", "load_demo"]

_SEED = 350582


def load_demo(runtime: Runtime, *, full: bool, progress: Callable[[str], None]) -> dict[str, int]:
    """Fill an empty base with the demo city, the ``full`` one above every threshold; records by kind.

    One transaction: on failure nothing is kept. Raises ``Conflict`` (``demo_in_real_base``, ``demo_already_loaded``).
    """
    return tell(runtime, Random(_SEED), full=full, progress=progress)
