"""What is missing most (缺项): of each number the one thing that most records lack, and the act that would mend it."""

from __future__ import annotations

from dataclasses import dataclass

from matchhub.domain.counting.acts import act_for
from matchhub.domain.organisations import OPERATOR
from matchhub.services.counting.counts import Question, count_lacks
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.rows import kind_of


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that ``records`` lack and nothing else: mended, they count strictly.

    ``lack`` is a reason's code with whose word it is (``domain.counting.acts.lack_of``); ``act`` and ``by`` (a kind of
    organisation) say what mends it, empty where nobody can.
    """

    threshold: str
    lack: str
    records: int
    act: str
    by: str

    @property
    def can_be_assigned(self) -> bool:
        """Whether the operator mends it, so that one of its people can be given the work."""
        return self.by == OPERATOR


def missing_most(unit: Unit, threshold: str, asked: Question) -> tuple[Missing, ...]:
    """What records of a threshold lack, the most first; what somebody can mend before what nobody can.

    Raises ``NotFound("threshold_not_found")``.
    """
    unit.require("progress.read")
    kind_of(threshold, asked)
    found = [_missing(threshold, lack, records) for lack, records in count_lacks(unit, threshold, asked).items()]
    return tuple(sorted(found, key=lambda each: (not each.act, -each.records, each.lack)))


def _missing(threshold: str, lack: str, records: int) -> Missing:
    mending = act_for(lack)
    return Missing(threshold, lack, records, mending.key if mending else "", mending.by if mending else "")
