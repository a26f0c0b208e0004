"""Two states of one base compared: every record that is judged otherwise, why, and the entry of the log behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from matchhub.db.tables import LogEntry, Patent
from matchhub.services.claim.compared import Compared, Difference, compare_states
from matchhub.services.claim.ledger import ledger_rows
from matchhub.services.counting.counts import question
from matchhub.services.kernel.event_log import append_event
from tests.services.counting.test_counts import THRESHOLDS, confirm_both, fill
from tests.services.desk_base import Base, demand, firm, patent
from tests.services.verifying import prove

Told = tuple[str, int, str, str, str, tuple[str, ...], tuple[str, ...], str]


def compared(base: Base, known_at: datetime | None, as_of: date | None = None) -> Compared:
    with base.runtime.unit(base.people["auditor"], write=False) as unit:
        now = question(unit)
        return compare_states(unit, replace(now, known_at=known_at, as_of=as_of or now.as_of), now)


def told(base: Base, each: Difference) -> Told:
    with base.runtime.unit(write=False) as unit:
        verb = unit.session.get_one(LogEntry, each.entry.id).verb if each.entry else ""
    assert each.entry is None or each.entry.verb == verb
    return each.threshold, each.record, each.way, each.before, each.after, each.fallen, each.risen, verb


def test_what_was_recorded_between_two_moments_is_named_with_reasons_and_entry(base: Base) -> None:
    fill(base)
    base.take("patents", patent(9))
    before = base.clock.now
    base.later()
    confirm_both(base)
    base.take("patents", patent(2, title="一种鞋底"), patent(3))
    with base.runtime.unit(base.people["operator"]) as unit:
        unit.session.get_one(Patent, 3).withdrawn_at = unit.now
        append_event(unit, "record.corrected", "patents", 3)
    found = compared(base, before)
    assert [told(base, each) for each in found.differences if each.threshold == "patents"] == [
        ("patents", 3, "left", "strict", "out", (), ("record_withdrawn",), "record.corrected"),
        ("patents", 2, "came", "literal", "strict", ("patent_title_missing",), (), "import.finished"),
        ("patents", 4, "came", "absent", "strict", (), (), "import.finished"),
    ]
    (deal,) = (told(base, each) for each in found.differences if each.threshold == "invention_deals")
    assert deal == (
        "invention_deals",
        1,
        "came",
        "literal",
        "strict",
        ("confirmation_missing",),
        (),
        "record.confirmed",
    )
    assert (found.number("patents", "came"), found.number("patents", "left")) == (2, 1)
    side = next(each for each in found.sides if each.key == "patents")
    assert side.first and side.second and (side.first.count.strict, side.second.count.strict) == (2, 3)


def test_a_day_that_passes_and_a_pack_change_verdicts_without_an_entry(base: Base) -> None:
    base.take("enterprises", firm(1))
    base.take("demands", demand(1, valid_until_on=date(2024, 4, 1)))
    with base.runtime.unit(base.people["operator"]) as unit:
        prove(unit, 1)
    day = base.clock.now.date()
    base.later(60)
    found = compared(base, None, day)
    assert [told(base, each)[1:] for each in found.differences if "demand_expired" in each.risen] == [
        (1, "left", "strict", "literal", (), ("demand_expired",), "")
    ]
    with base.runtime.unit(base.people["auditor"], write=False) as unit:
        now = question(unit)
        assert compare_states(unit, now, replace(now)).differences == ()
        by_other_rules = compare_states(unit, now, question(unit, policy="example-successor-2026"))
        assert {each.entry for each in by_other_rules.differences} <= {None}


def test_every_difference_is_what_two_ledgers_say(base: Base) -> None:
    fill(base)
    before = base.clock.now
    base.later(200)
    confirm_both(base)
    found = compared(base, before, before.date())
    with base.runtime.unit(base.people["auditor"], write=False) as unit:
        now = question(unit)
        states = replace(now, known_at=before, as_of=before.date()), now
        for key in THRESHOLDS:
            one, other = ({row.record_id: row.verdict for row in ledger_rows(unit, key, asked)} for asked in states)
            otherwise = {key for key in one.keys() | other.keys() if one.get(key, "absent") != other.get(key, "absent")}
            named = {each.record for each in found.differences if each.threshold == key and each.before != each.after}
            assert (
                otherwise - {each for each in otherwise if {one.get(each, "out"), other.get(each, "out")} == {"out"}}
                == named
            )
