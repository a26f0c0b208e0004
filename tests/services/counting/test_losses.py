"""What counted when a claim was handed in and counts no longer is told by threshold, with the records and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchhub.domain.records import StatusClaim
from matchhub.errors import NotAllowed, Refusal
from matchhub.services.counting.counts import question
from matchhub.services.counting.losses import count_losses, usual_claim_at
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.rows import LossView, loss_views
from tests.services.desk_base import START, Base, firm, patent


@pytest.fixture
def claimed(base: Base) -> Base:
    """Two patents counted on the day of the claim; a month later one of them is dead."""
    base.take("patents", patent(1), patent(2))
    base.take("enterprises", firm(1))
    base.later(31)
    lapsed = StatusClaim("dead", "fee_lapse", "未缴年费终止", base.clock().date())
    base.take("patents", patent(2, status=lapsed))
    base.later()
    return base


def losses(base: Base, claimed_at: datetime, who: str = "reviewer") -> tuple[LossView, ...]:
    with base.runtime.unit(base.people[who], write=False) as unit:
        return loss_views(unit, question(unit), claimed_at)


def test_a_patent_that_died_since_the_claim_is_told_with_why(claimed: Base) -> None:
    (loss,) = losses(claimed, START + timedelta(hours=1))
    assert (loss.signal.threshold, loss.signal.data) == ("patents", {"lost": 1, "claimed": 2})
    (row,) = loss.rows
    assert row.label.number == patent(2).application_number
    assert not row.strict and row.against


def test_what_was_lost_before_the_claim_or_came_after_it_is_no_loss(claimed: Base) -> None:
    claimed.take("patents", patent(3))
    claimed.later()
    assert losses(claimed, claimed.clock() - timedelta(hours=1)) == ()
    assert losses(claimed, START - timedelta(days=1)) == ()


def test_a_claim_counts_up_to_its_own_day_so_what_grew_stale_since_is_lost(base: Base) -> None:
    base.take("patents", patent(1), patent(2))
    base.later(400)  # nobody looked at the legal status for more than a year
    (loss,) = losses(base, START + timedelta(hours=1))
    assert (loss.records, loss.signal.data) == (2, {"lost": 2, "claimed": 2})


def test_nothing_is_lost_as_of_a_day_on_which_nothing_counted(claimed: Base) -> None:
    with claimed.runtime.unit(claimed.people["reviewer"], write=False) as unit:
        early = question(unit, as_of=START.date() - timedelta(days=400))
        assert count_losses(unit, early, START + timedelta(hours=1)) == ()


@pytest.mark.parametrize(("late", "refused"), [(timedelta(minutes=-1), False), (timedelta(0), True),
                                               (timedelta(minutes=1), True)])  # fmt: skip
def test_a_claim_must_lie_before_the_moment_asked_about(claimed: Base, late: timedelta, refused: bool) -> None:
    if not refused:
        losses(claimed, claimed.clock() + late)
        return
    with pytest.raises(Refusal, match="claim_moment_not_before"):
        losses(claimed, claimed.clock() + late)


def test_the_usual_claim_is_the_days_of_the_signals_ago_at_the_beginning_of_a_day_here(base: Base) -> None:
    def usual(unit: Unit) -> datetime:
        return usual_claim_at(unit, question(unit))

    base.clock.now = datetime(2024, 6, 1, 1, 0, tzinfo=UTC)
    with base.runtime.unit(write=False) as unit:
        first = usual(unit)
    base.clock.now += timedelta(hours=5)
    with base.runtime.unit(write=False) as unit:
        assert usual(unit) == first  # so what was counted once is not counted again on the same day
    assert first == datetime(2024, 5, 1, 16, 0, tzinfo=UTC)


def test_losses_are_for_the_bureau_and_the_operator(base: Base) -> None:
    from matchhub.services.kernel.unit import VISITOR

    with base.runtime.unit(VISITOR, write=False) as unit, pytest.raises(NotAllowed):
        count_losses(unit, question(unit), START - timedelta(days=1))
