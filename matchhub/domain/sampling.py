"""What a sample says of the whole: the share that was not as counted, with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from scipy.special import betaincinv

Finding = Literal["confirmed", "wrong", "not_found"]
FINDINGS: tuple[Finding, ...] = get_args(Finding)
_OUTSIDE = 0.05  # 95 % interval


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


def faulty_share(looked: int, faulty: int) -> FaultyShare:
    """The exact interval of Clopper and Pearson (1934) at 95 %; without a look nothing is known (0 to 1).

    It takes the sample as drawn from a large whole, so for a small one it is too wide, never too narrow.
    """
    low = float(betaincinv(faulty, looked - faulty + 1, _OUTSIDE / 2)) if faulty else 0.0
    high = float(betaincinv(faulty + 1, looked - faulty, 1 - _OUTSIDE / 2)) if faulty < looked else 1.0
    return FaultyShare(looked, faulty, low, high)
