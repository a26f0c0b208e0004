"""What the first question of a process would have to wait for: done beforehand, beside whatever is asked meanwhile."""

from __future__ import annotations

import gc
import logging
import threading

from matchhub.errors import Refusal
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.matching.store import ready_matcher
from recommender import Query

log = logging.getLogger("matchhub.matching")
_ANYTHING = Query("", "鞋底防滑耐磨", "面料起球，机器噪音大，想找一项专利")


def warm_up(runtime: Runtime) -> bool:
    """Open the index and ask it once; true when there is one. Builds nothing and writes nothing."""
    with runtime.unit(write=False) as unit:
        matcher = ready_matcher(unit)
    if matcher is not None:
        matcher.search(_ANYTHING)
    return matcher is not None and len(matcher.index) > 0 and bool(matcher.model)


def warm_up_beside(runtime: Runtime) -> threading.Thread:
    """``warm_up`` in a thread of its own that holds up neither start nor end of the process."""

    def work() -> None:
        try:
            warm_up(runtime)
        except Refusal as refusal:
            # the questions themselves will say it to those who ask them
            log.warning("the index was not opened beforehand: %s", refusal.code)
        # what is loaded now stays: looking through all of it for garbage would hold up a question every now and then
        gc.collect()
        gc.freeze()

    thread = threading.Thread(target=work, name="warm-up", daemon=True)
    thread.start()
    return thread
