"""The part of a rule pack that says from where the bureau is told what looks odd."""

from __future__ import annotations

from matchhub.domain.rules import SignalRules
from matchhub.policy.section import Section


def signals_of(section: Section) -> SignalRules:
    """The checked ``[signals]``; ``PackFault`` with the place of the first fault."""

    def share(name: str) -> float:
        return section.between(name, 0, 1)

    rules = SignalRules(
        days=section.positive("days"),
        share=share("share"),
        minimum=section.positive("minimum"),
        burst_share=share("burst_share"),
        one_person_share=share("one_person_share"),
        late_share=share("late_share"),
        uniform_share=share("uniform_share"),
        gone_share=share("gone_share"),
        few=section.positive("few"),
        bearers=section.positive("bearers"),
        push_firms=section.positive("push_firms"),
        clock_seconds=section.positive("clock_seconds"),
        silent_days=section.positive("silent_days"),
    )
    section.done()
    return rules
