"""The bureau's samples: a seed that nobody chooses, one open sample a threshold, every record looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from scipy.stats import binomtest
from sqlalchemy import select, update

from matchhub.db.tables import Account, EvidenceFile, LogEntry, Patent, Sample, SampledRecord
from matchhub.domain.counting.progress import ThresholdProgress
from matchhub.domain.sampling import draw_sample
from matchhub.domain.sources import ImportSource
from matchhub.errors import Conflict, NotAllowed, Refusal
from matchhub.services.counting.changed import changed_after, entered_by
from matchhub.services.counting.counts import question
from matchhub.services.counting.redrawing import draw_again, strata_kept
from matchhub.services.counting.sampling import close, draw, note_finding
from matchhub.services.counting.shares import count_checked, faulty_share, latest_shares, share_of
from matchhub.services.deals.payments import refund
from matchhub.services.imports.undoing import undo_batch
from matchhub.services.kernel.event_log import entry_hash
from matchhub.services.kernel.unit import SYSTEM
from matchhub.services.records.samples import sample_lines, sample_view
from tests.services.counting.test_counts import fill
from tests.services.desk_base import Base, patent


@pytest.fixture
def sixty(base: Base) -> Base:
    base.take("patents", *[patent(serial) for serial in range(1, 61)], patent(61, title=None))
    return base


def drawn(base: Base, who: str = "reviewer") -> int:
    with base.runtime.unit(base.people[who]) as unit:
        return draw(unit, "patents", question(unit))


def ids_of(base: Base, sample: int) -> list[int]:
    with base.runtime.unit(write=False) as unit:
        chosen = select(SampledRecord.record_id).where(SampledRecord.sample_id == sample)
        return list(unit.session.execute(chosen.order_by(SampledRecord.position)).scalars())


def look(base: Base, sample: int, finding: str = "confirmed", note: str = "") -> None:
    with base.runtime.unit(base.people["reviewer"]) as unit:
        for record in ids_of(base, sample):
            note_finding(unit, sample, record, finding, note)


def test_the_seed_is_the_hash_of_the_entry_that_the_drawing_leaves(sixty: Base) -> None:
    sample = drawn(sixty)
    with sixty.runtime.unit(sixty.people["reviewer"], write=False) as unit:
        line, rows = sample_view(unit, sample)
        entry = unit.session.get_one(LogEntry, line.entry_id)
        assert (entry.verb, entry.hash) == ("sample.drawn", line.seed)
        assert entry_hash(entry.previous_hash, entry) == line.seed
        assert (len(rows), line.population) == (30, 60)
        drawing = draw_sample(strata_kept(unit.session.get_one(Sample, sample)), line.seed, unit.pack.sample)
    assert ids_of(sixty, sample) == [record for record, _ in drawing]


def test_a_second_sample_waits_until_every_record_of_the_first_was_looked_at(sixty: Base) -> None:
    first = drawn(sixty)
    with pytest.raises(Conflict, match="sample_open"):
        drawn(sixty)
    with sixty.runtime.unit(sixty.people["reviewer"]) as unit, pytest.raises(Refusal, match="sample_unfinished"):
        close(unit, first, "nothing to see")
    look(sixty, first)
    with sixty.runtime.unit(sixty.people["reviewer"]) as unit:
        close(unit, first, "")
    sixty.clock.forward(timedelta(minutes=1))
    second = drawn(sixty)
    assert ids_of(sixty, first) != ids_of(sixty, second)
    with sixty.runtime.unit(sixty.people["reviewer"], write=False) as unit:
        assert [line.id for line in sample_lines(unit, "patents", question(unit))] == [second, first]


def test_the_database_itself_holds_one_open_sample_a_threshold(sixty: Base) -> None:
    drawn(sixty)
    with pytest.raises(Conflict, match="written_meanwhile"), sixty.runtime.unit(sixty.people["reviewer"]) as unit:
        known = unit.session.execute(select(Sample)).scalar_one()
        unit.session.add(Sample(**{column.name: getattr(known, column.name) for column in Sample.__table__.columns
                                   if column.name != "id"}))  # fmt: skip


@pytest.mark.parametrize("who", ["operator", "clerk", "auditor", "colleague"])
def test_who_is_sampled_does_not_sample(sixty: Base, who: str) -> None:
    """A reviewer's account of the operator's own organisation neither."""
    with pytest.raises(NotAllowed):
        drawn(sixty, who)


def test_who_is_sampled_does_not_see_which_records_were_drawn(sixty: Base) -> None:
    sample = drawn(sixty)
    with sixty.runtime.unit(sixty.people["operator"], write=False) as unit:
        for ask in (lambda: sample_view(unit, sample), lambda: sample_lines(unit, "patents", question(unit))):
            with pytest.raises(NotAllowed):
                ask()


def test_what_was_found_stands_beside_the_count_once_the_sample_is_closed(sixty: Base) -> None:
    sample = drawn(sixty)
    look(sixty, sample)
    with sixty.runtime.unit(sixty.people["reviewer"]) as unit:
        with pytest.raises(Refusal, match="note_missing"):
            note_finding(unit, sample, ids_of(sixty, sample)[0], "not_found", " ")
        note_finding(unit, sample, ids_of(sixty, sample)[0], "not_found", "登记簿上没有")
        assert latest_shares(unit) == {}
        close(unit, sample, "")
        assert latest_shares(unit) == {"patents": faulty_share(30, 1, 0.95)}
        with pytest.raises(Conflict, match="sample_closed"):
            note_finding(unit, sample, ids_of(sixty, sample)[0], "confirmed", "")


def closed(base: Base, finding: str = "confirmed", note: str = "") -> int:
    sample = drawn(base)
    look(base, sample, finding, note)
    with base.runtime.unit(base.people["reviewer"]) as unit:
        close(unit, sample, "")
    return sample


def check(base: Base) -> ThresholdProgress:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        return count_checked(unit, question(unit)).threshold("patents")


def test_without_a_closed_sample_nothing_is_supported(sixty: Base) -> None:
    assert (check(sixty).supported, check(sixty).to_json()["spot_check"]) == (None, None)
    drawn(sixty)
    assert (check(sixty).supported, check(sixty).supported_missing) == (None, None)


def test_the_supported_figure_is_the_count_times_the_lower_bound(sixty: Base) -> None:
    closed(sixty)
    found = check(sixty)
    low = binomtest(30, 30).proportion_ci(method="exact").low
    assert (found.count.strict, found.supported) == (60, int(60 * low)) == (60, 53)
    assert found.supported_missing == found.threshold.least - 53
    told = found.to_json()["spot_check"]
    assert isinstance(told, dict) and (told["looked"], told["right"], told["low"]) == (30, 30, round(low, 6))


def test_what_came_after_the_drawing_is_not_supported(sixty: Base) -> None:
    closed(sixty)
    sixty.later()
    sixty.take("patents", *[patent(serial) for serial in range(100, 300)])
    found = check(sixty)
    assert found.check is not None
    assert (found.count.strict, found.check.added, found.check.held, found.supported) == (260, 200, 60, 53)


def test_what_left_the_count_is_no_longer_supported(sixty: Base) -> None:
    closed(sixty)
    with sixty.runtime.unit(SYSTEM) as unit:
        batch = unit.session.execute(select(Patent.batch_id).where(Patent.id == 1)).scalar_one()
        assert batch is not None
        undo_batch(unit, batch, "来源有误")
    found = check(sixty)
    assert found.check is not None and (found.check.gone, found.supported) == (60, 0)


def test_a_sample_by_other_rules_supports_nothing(sixty: Base) -> None:
    closed(sixty)
    with sixty.runtime.unit(sixty.people["reviewer"], write=False) as unit:
        asked = question(unit)
        other = replace(asked, pack=replace(asked.pack, digest="0" * 64))
        assert count_checked(unit, other).threshold("patents").supported is None


def test_a_complete_check_leaves_nothing_to_estimate(base: Base) -> None:
    base.take("patents", *[patent(serial) for serial in range(1, 23)])
    closed(base)
    found = check(base)
    assert found.check is not None
    assert (found.check.share.method, found.check.share.right_low, found.supported) == ("complete", 1.0, 22)


def test_of_an_uneven_sample_the_interval_that_supports_less_is_taken() -> None:
    """Splitting what is sound into many sources does not help; where the small ones are bad the plain one stays."""
    split = share_of([1] * 30 + [1000], [1] * 30 + [22], [0] * 30 + [22], 0.95)
    assert (split.method, split.faulty, split.looked) == ("weighted", 22, 52)
    assert split.right_low < 0.01 < 1 - faulty_share(52, 22, 0.95).high
    assert share_of([1] * 30 + [1000], [1] * 30 + [22], [1] * 30 + [0], 0.95).method == "exact"
    assert share_of([100, 200], [10, 20], [1, 2], 0.95) == faulty_share(30, 3, 0.95)


def test_records_are_drawn_by_source_and_by_who_entered_them(base: Base) -> None:
    for at, who in enumerate(("clerk", "operator")):
        source = ImportSource("register", f"登记簿{at}", date(2024, 3, 1))
        base.take("patents", *[patent(100 * at + each) for each in range(1, 41 - 20 * at)], by=who, source=source)
    sample = drawn(base)
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        strata = strata_kept(unit.session.get_one(Sample, sample))
        chosen = select(SampledRecord.stratum).where(SampledRecord.sample_id == sample)
        places = list(unit.session.execute(chosen).scalars())
    people = [str(base.people[who].account_id) for who in ("clerk", "operator")]
    assert [(each.source, each.person, len(each.records)) for each in strata] == [
        ("登记簿0", people[0], 40), ("登记簿1", people[1], 20)]  # fmt: skip
    assert (places.count(0), places.count(1)) == (20, 10)


def test_anybody_draws_it_again_and_sees_what_was_changed(sixty: Base) -> None:
    sample = drawn(sixty)
    sixty.later()
    sixty.take("patents", patent(300))
    with sixty.runtime.unit(sixty.people["reviewer"], write=False) as unit:
        assert draw_again(unit, sample).faults == ()
    with sixty.runtime.unit(SYSTEM) as unit:
        row = unit.session.get_one(Sample, sample)
        kept, row.seed = row.seed, "0" * 64
        assert draw_again(unit, sample).faults == ("sample_seed_wrong", "sample_draw_differs")
        row.seed = kept
        row.strata = [{**row.strata[0], "records": "1-59"}]
        assert set(draw_again(unit, sample).faults) >= {"sample_base_changed", "sample_base_miscounted"}
        row.strata = [{**row.strata[0], "records": "1-60"}]
        unit.session.execute(update(SampledRecord).where(SampledRecord.position == 1).values(position=31))
        assert draw_again(unit, sample).faults == ("sample_draw_differs",)


def test_a_record_changed_after_the_drawing_is_confirmed_with_a_note_only(sixty: Base) -> None:
    sample = drawn(sixty)
    first = ids_of(sixty, sample)[0]
    sixty.later()
    sixty.take("patents", patent(first, title="改过的题目"))
    with sixty.runtime.unit(sixty.people["reviewer"]) as unit:
        with pytest.raises(Refusal, match="note_missing_changed"):
            note_finding(unit, sample, first, "confirmed", "")
        note_finding(unit, sample, first, "confirmed", "与登记簿原件核对")
        assert sample_view(unit, sample)[1][0].changed_at is not None


def test_a_payment_or_a_paper_taken_back_after_the_drawing_is_a_change_too(base: Base) -> None:
    fill(base)
    base.later()
    drawn_at = base.clock.now
    with base.runtime.unit(base.people["operator"]) as unit:
        refund(unit, 1, date(2024, 3, 12), Decimal(100), "退款 1")
        assert changed_after(unit, "deals", drawn_at - timedelta(seconds=1), {1}, papers=True) == {1: unit.now}
        assert changed_after(unit, "deals", drawn_at, {1}, papers=True) == {}
        assert entered_by(unit, "deals", 1, base.people["operator"].account_id)
        assert not entered_by(unit, "deals", 1, base.people["reviewer"].account_id)
    base.later()
    with base.runtime.unit(base.people["operator"]) as unit:
        chosen = select(EvidenceFile).where(EvidenceFile.subject_kind == "deals").order_by(EvidenceFile.id)
        paper = unit.session.execute(chosen).scalars().first()
        assert paper is not None
        paper.withdrawn_at = unit.now
        unit.session.flush()
        assert changed_after(unit, "deals", drawn_at, papers=True) == {paper.subject_id: unit.now}
        assert changed_after(unit, "deals", drawn_at, papers=False) == {}


def test_nobody_checks_what_they_entered(sixty: Base) -> None:
    sample = drawn(sixty)
    first = ids_of(sixty, sample)[0]
    with sixty.runtime.unit(SYSTEM) as unit:
        unit.session.get_one(Patent, first).recorded_by = sixty.people["reviewer"].account_id
    with sixty.runtime.unit(sixty.people["reviewer"]) as unit, pytest.raises(Refusal, match="sampled_own_entry"):
        note_finding(unit, sample, first, "confirmed", "")


@pytest.mark.parametrize("tie", ["made_by", "email"])
def test_an_account_of_the_bureau_that_the_operator_made_or_shares_does_not_sample(sixty: Base, tie: str) -> None:
    with sixty.runtime.unit(SYSTEM) as unit:
        own = unit.session.get_one(Account, sixty.people["reviewer"].account_id)
        theirs = unit.session.get_one(Account, sixty.people["operator"].account_id)
        if tie == "made_by":
            own.made_by = theirs.id
        else:
            own.email, theirs.email = "Wang@Center.example ", "wang@center.example"
    with pytest.raises(Refusal, match="sampler_of_operator"):
        drawn(sixty)


def test_a_finding_that_is_changed_stays_on_record_with_the_one_before(sixty: Base) -> None:
    sample = drawn(sixty)
    first = ids_of(sixty, sample)[0]
    with sixty.runtime.unit(sixty.people["reviewer"]) as unit:
        note_finding(unit, sample, first, "wrong", "号码不符")
        note_finding(unit, sample, first, "wrong", "号码不符")
        note_finding(unit, sample, first, "confirmed", "原件相符")
        row = sample_view(unit, sample)[1][0]
        assert [(each.finding, each.note) for each in row.earlier] == [("wrong", "号码不符")]
        logged = unit.session.execute(select(LogEntry.payload).where(LogEntry.verb == "sample.looked_at")).scalars()
        assert ['"before":"wrong"' in each for each in logged] == [False, True]


def test_nothing_is_drawn_as_of_a_day_to_come(sixty: Base) -> None:
    with sixty.runtime.unit(sixty.people["reviewer"]) as unit, pytest.raises(Refusal, match="sample_day_to_come"):
        draw(unit, "patents", question(unit, unit.today + timedelta(days=1)))


def test_nothing_is_drawn_from_nothing(base: Base) -> None:
    with pytest.raises(Refusal, match="sample_empty"):
        drawn(base)


@pytest.mark.parametrize(("faulty", "looked"), [(0, 30), (1, 30), (15, 30), (30, 30), (3, 500)])
def test_the_interval_is_that_of_clopper_and_pearson(faulty: int, looked: int) -> None:
    known = binomtest(faulty, looked).proportion_ci(method="exact")
    assert faulty_share(looked, faulty, 0.95).low == pytest.approx(known.low)
    assert faulty_share(looked, faulty, 0.95).high == pytest.approx(known.high)
    assert (faulty_share(0, 0, 0.95).low, faulty_share(0, 0, 0.95).high) == (0.0, 1.0)
