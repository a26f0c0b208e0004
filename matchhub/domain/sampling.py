"""What a sample says of the whole: the share that was not as counted, with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Finding = Literal["confirmed", "wrong", "not_found"]
FINDINGS: tuple[Finding, ...] = get_args(Finding)


@dataclass(frozen=True, slots=True)
class FaultyShare:
    """Of ``looked`` records ``faulty`` were wrong or not found; ``low`` and ``high`` bound the share of the whole."""

    looked: int
    faulty: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share among those looked at; 0 where nobody looked."""
        return self.faulty / self.looked if self.looked else 0.0
