"""The texts of the demo city, its names and its numbers."""

from __future__ import annotations

import re
from datetime import date, timedelta
from random import Random

import pytest

from matchhub.demo.agenda import Agenda, moment
from matchhub.demo.demands import DemandWriter
from matchhub.demo.names import Names, uscc_of
from matchhub.demo.parties import Firm, firms
from matchhub.demo.patents import PatentWriter
from matchhub.demo.trades import TRADES, Topic, choose_words, fill, read_texts, trades
from matchhub.domain.identifiers import normalise_uscc, parse_application_number, patent_type_of, uscc_division
from matchhub.domain.targets import measurable_targets
from matchhub.services.kernel.unit import SYSTEM, Unit
from recommender import near_duplicates
from tests.domain.factories import pack

TOPICS = [topic for trade in trades() for topic in trade.topics]
SENTENCES = ("titles", "means", "effects", "demand_titles", "symptoms", "tried", "wishes", "targets")


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(Random(5))


@pytest.fixture(scope="module")
def some_firms(names: Names) -> list[Firm]:
    return firms(names, 64)


def test_every_trade_has_four_topics_and_its_own_key() -> None:
    assert [trade.key for trade in trades()] == list(TRADES)
    assert {len(trade.topics) for trade in trades()} == {4}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.key)
def test_every_slot_of_a_sentence_has_its_words(topic: Topic) -> None:
    chance = Random(1)
    for name in SENTENCES:
        for sentence in getattr(topic, name):
            said = fill(sentence, choose_words(topic, chance), chance)
            assert "{" not in said and "}" not in said


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.key)
def test_every_target_is_measurable(topic: Topic) -> None:
    chance = Random(1)
    assert all(measurable_targets(fill(each, choose_words(topic, chance), chance)) for each in topic.targets)


def test_a_number_between_two_keeps_its_leading_zeros() -> None:
    assert fill("0.{05-05}", {}, Random(1)) == "0.05"


def test_five_hundred_demands_are_no_repetitions_of_one_another(names: Names, some_firms: list[Firm]) -> None:
    writer = DemandWriter(names)
    said = [writer.write(some_firms[at % 64], date(2024, 5, 1)).record for at in range(500)]
    assert near_duplicates([f"{each.title}\n{each.text}" for each in said], threshold=0.72) == []


def test_a_utility_model_is_never_a_method_or_a_composition(names: Names, some_firms: list[Firm]) -> None:
    records = [each.record for each in PatentWriter(names, some_firms).write(600)]
    models = [each.title or "" for each in records if each.patent_type == "utility_model"]
    assert len(models) > 50
    assert [title for title in models if re.search("方法|工艺|制备|配方", title)] == []


def test_numbers_are_right_and_tell_the_type(names: Names, some_firms: list[Firm]) -> None:
    for each in PatentWriter(names, some_firms).write(100):
        number = parse_application_number(each.number)
        assert number.remark == "" and number.number == each.number
        assert patent_type_of(each.number) == each.record.patent_type


def test_numbers_lie_where_no_office_gave_any_out(names: Names, some_firms: list[Firm]) -> None:
    assert all(each.number[5] == "9" for each in PatentWriter(names, some_firms).write(100))


@pytest.mark.parametrize("serial", [0, 1, 9999, 29_790])
def test_a_code_passes_its_check(serial: int) -> None:
    assert uscc_division(normalise_uscc(uscc_of(serial))) == "350582"


def test_firms_share_no_name_code_person_phone_or_address(some_firms: list[Firm]) -> None:
    fields = ("name", "uscc", "legal_representative", "contact_phone", "address", "contact_email")
    for field in fields:
        assert len({getattr(firm.record, field) for firm in some_firms}) == len(some_firms)


def test_contact_data_reach_nobody(some_firms: list[Firm]) -> None:
    assert all((firm.record.contact_phone or "").startswith("000-") for firm in some_firms)
    assert all((firm.record.contact_email or "").endswith("@example.com") for firm in some_firms)


def test_speech_has_enough_beginnings_and_ends() -> None:
    speech = read_texts("speech")
    assert min(len(set(speech["openings"])), len(set(speech["closings"]))) >= 20


def test_an_agenda_goes_forward_even_where_an_act_comes_late() -> None:
    seen: list[date] = []
    agenda = Agenda(date(2024, 12, 31))

    def act(unit: object) -> None:
        seen.append(unit.today)  # type: ignore[attr-defined]
        if len(seen) == 1:
            agenda.at(moment(date(2023, 1, 1)), act)

    agenda.at(moment(date(2024, 3, 1)), act)
    agenda.at(moment(date(2024, 2, 1)), act)
    agenda.run(Unit(None, moment(date(2023, 1, 1)), SYSTEM, pack(), None))  # type: ignore[arg-type]
    assert seen == [date(2024, 2, 1), date(2024, 2, 1), date(2024, 3, 1)]


@pytest.mark.parametrize(("day", "fits"), [(30, True), (31, True), (32, False)])
def test_an_agenda_takes_nothing_after_its_last_day(day: int, fits: bool) -> None:
    agenda = Agenda(date(2025, 12, 31))
    when = moment(date(2025, 12, 1) + timedelta(days=day - 1))
    if fits:
        agenda.at(when, lambda unit: None)
    else:
        with pytest.raises(ValueError, match="after the last day"):
            agenda.at(when, lambda unit: None)
