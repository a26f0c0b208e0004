"""How large a demo city is: how many records of each kind shall count strictly."""

from __future__ import annotations

from dataclasses import dataclass

from matchhub.domain.rules import RulePack


@dataclass(frozen=True, slots=True)
class Sizes:
    """Records that count strictly on the last day of the window, by kind, and the shape of the push campaign."""

    patents: int
    enterprises: int
    experts: int
    agencies: int
    demands: int
    pushes: int
    deals: int
    offers: int
    licences: int
    accounts: int  # firms with an account
    rounds: int  # rounds of matching and pushing


SMALL = Sizes(
    patents=320, enterprises=88, experts=42, agencies=22, demands=90, pushes=48, deals=18, offers=36, licences=26,
    accounts=6, rounds=4,
)  # fmt: skip


def full_sizes(pack: RulePack) -> Sizes:
    """Every threshold of both goals passed by exactly one."""
    least = {each.key: each.least for goal in pack.goals for each in goal.thresholds}
    return Sizes(
        patents=least["patents"] + 1,
        enterprises=least["enterprises"] + 1,
        experts=least["experts"] + 1,
        agencies=least["agencies"] + 1,
        demands=least["local_demands"] + 1,
        pushes=least["pushes"] + 1,
        deals=least["invention_deals"] + 1,
        offers=least["open_licence_offers"] + 1,
        licences=least["open_licences"] + 1,
        accounts=24,
        rounds=8,
    )
