"""Which records a seed draws, and that neither splitting nor crowding of sources bends what the sample says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchhub.domain.sampling import (
    OTHERS,
    FaultyShare,
    Stratum,
    allocation,
    base_digest,
    draw_sample,
    effective,
    is_proportional,
    of_spans,
    sample_size,
    spans,
    strata_of,
    supported,
)
from tests.domain.factories import pack

RULES = pack().sample
FIRST = [26, 175, 122, 138, 80, 121]
DIGEST = "4722fa1459cb7b9e67091f62bdca0bd90d65f3e1eb6242811af8aac48c0d7ea2"


@pytest.mark.parametrize(
    ("population", "size"),
    [
        (0, 0),
        (29, 29),
        (30, 30),
        (31, 30),
        (599, 30),
        (600, 30),
        (601, 31),
        (10_000, 500),
        (10_001, 501),
    ],
)
def test_a_sample_is_five_per_cent_and_at_least_thirty(population: int, size: int) -> None:
    assert sample_size(population, pack().sample) == size


sizes = st.lists(st.integers(1, 400), min_size=1, max_size=40)


@given(sizes)
def test_strata_get_their_part_and_at_least_one_while_there_are_enough(held: list[int]) -> None:
    total = sample_size(sum(held), RULES)
    given_out = allocation(held, total)
    assert sum(given_out) == total
    assert all(number <= size for number, size in zip(given_out, held, strict=True))
    if len(held) <= total:
        assert min(given_out) >= 1
    if all(total * size / sum(held) >= 1 for size in held):
        assert all(abs(number - total * size / sum(held)) < 1 for number, size in zip(given_out, held, strict=True))


def test_whoever_knows_seed_and_strata_draws_the_same_sample() -> None:
    entries = [(record, "甲" if record % 3 else "乙", str(record % 2)) for record in range(1, 601)]
    strata = strata_of(entries, 30)
    assert [(each.source, each.person, len(each.records)) for each in strata] == [
        ("乙", "0", 100), ("乙", "1", 100), ("甲", "0", 200), ("甲", "1", 200)]  # fmt: skip
    drawn = draw_sample(strata, "seed", RULES)
    assert drawn == draw_sample(strata_of(reversed(entries), 30), "seed", RULES)
    assert [sum(at == place for _, at in drawn) for place in range(4)] == [5, 5, 10, 10]
    assert all(record in strata[at].records for record, at in drawn)
    assert {record for record, _ in drawn} != {record for record, _ in draw_sample(strata, "another", RULES)}


def test_what_the_seed_draws_is_written_down_once_and_for_all() -> None:
    """A drawing of today can be drawn again in years, by other programs as well: decision 106 states the rule."""
    strata = (Stratum("", "7", tuple(range(1, 101))), Stratum("甲", "8", tuple(range(101, 201))))
    assert [record for record, _ in draw_sample(strata, "0" * 64, RULES)][:6] == FIRST
    assert base_digest(strata) == DIGEST


def test_more_strata_than_records_to_draw_stand_together_from_the_smallest_on() -> None:
    entries = [(record, f"来源{record}", "1") for record in range(1, 101)]
    entries += [(record, "大来源", "1") for record in range(101, 201)]
    strata = strata_of(entries, 30)
    assert (len(strata), {each.source for each in strata} >= {OTHERS, "大来源"}) == (30, True)
    assert sum(len(each.records) for each in strata) == 200


def test_a_base_split_into_many_small_sources_is_weighted_back() -> None:
    """Thirty sound records of thirty sources take more than half of the sample, and say no more for it."""
    held, looked = [1] * 30 + [1000], [1] * 30 + [22]
    assert not is_proportional(held, looked) and is_proportional([100, 200], [10, 20])
    size, bad = effective(held, looked, [0] * 30 + [22])
    assert (round(size, 1), round(bad / size, 3)) == (23.3, 0.971)
    assert effective([100, 200], [10, 20], [1, 2]) == pytest.approx((30, 3))


@pytest.mark.parametrize(
    ("count", "share", "figure"),
    [
        (200, FaultyShare(30, 0, 0.0, 0.11570331, 0.95), 176),
        (22, FaultyShare(22, 0, 0.0, 0.0, 0.95, "complete"), 22),
        (49, FaultyShare(49, 20, 20 / 49, 20 / 49, 0.95, "complete"), 29),
        (200, FaultyShare(0, 0, 0.0, 1.0, 0.95), 0),
        (0, FaultyShare(30, 0, 0.0, 0.1, 0.95), 0),
    ],
)
def test_what_is_supported_is_the_lower_bound_rounded_down(count: int, share: FaultyShare, figure: int) -> None:
    assert supported(count, share) == figure


@given(st.sets(st.integers(1, 10_000), max_size=200))
def test_records_are_kept_as_spans(records: set[int]) -> None:
    assert of_spans(spans(records)) == tuple(sorted(records))
    assert spans([3, 1, 2, 9]) == "1-3,9"
