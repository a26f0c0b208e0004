"""The bureau's samples: a seed that nobody chooses, one open sample a threshold, every record looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from scipy.stats import binomtest
from sqlalchemy import select

from matchhub.db.tables import LogEntry, Sample, SampledRecord
from matchhub.domain.evidence import draw_sample
from matchhub.errors import Conflict, NotAllowed, Refusal
from matchhub.services.counting.counts import question
from matchhub.services.counting.sampling import close, draw, faulty_share, latest_shares, note_finding
from matchhub.services.kernel.event_log import entry_hash
from matchhub.services.records.samples import sample_lines, sample_view
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
        rules = unit.pack.sample
    assert ids_of(sixty, sample) == list(draw_sample(range(1, 61), line.seed, rules))


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
        assert latest_shares(unit) == {"patents": faulty_share(30, 1)}
        with pytest.raises(Conflict, match="sample_closed"):
            note_finding(unit, sample, ids_of(sixty, sample)[0], "confirmed", "")


def test_nothing_is_drawn_from_nothing(base: Base) -> None:
    with pytest.raises(Refusal, match="sample_empty"):
        drawn(base)


@pytest.mark.parametrize(("faulty", "looked"), [(0, 30), (1, 30), (15, 30), (30, 30), (3, 500)])
def test_the_interval_is_that_of_clopper_and_pearson(faulty: int, looked: int) -> None:
    known = binomtest(faulty, looked).proportion_ci(method="exact")
    assert faulty_share(looked, faulty).low == pytest.approx(known.low)
    assert faulty_share(looked, faulty).high == pytest.approx(known.high)
    assert (faulty_share(0, 0).low, faulty_share(0, 0).high) == (0.0, 1.0)
