"""Whether, when and how a push goes by mail: the recipient's choices at hand-over; several due are one letter."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from matchhub.db.tables import Push, PushDelivery, PushSending, RecipientAddress
from matchhub.domain.messages import NO_QUIET, USUAL_QUIET, QuietTimes
from matchhub.notify.channel import Delivered, Letter
from matchhub.operation.channels import enter_address
from matchhub.operation.mailing import send_due
from matchhub.services.pushes.delivery import claim_due, still_mine
from matchhub.services.pushes.grouping import letters_of
from matchhub.services.pushes.inbox import switch_off
from matchhub.services.recipients.choices import choose
from tests.services.pushes.read_inbox import inbox_of
from tests.services.small_city import City

SECOND = {"title": "鞋底打滑", "text": "鞋底打滑,耐磨性差,需要防滑耐磨橡胶鞋底。"}


class Sink:
    """A mail server that keeps what it got; ``before`` happens while a letter is on its way."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.outcome = "delivered"

    def __call__(self, letter: Letter) -> Delivered:
        self.letters.append(letter)
        return Delivered("smtp", self.outcome, "250 kept")  # type: ignore[arg-type]


@pytest.fixture
def mail() -> Sink:
    return Sink()


def planned(city: City, *more: dict[str, str]) -> int:
    city.post()
    for each in more:
        city.post(**each)
    city.match()
    return city.plan().planned


def wants(
    city: City, *channels: str, frequency: str = "daily", quiet: QuietTimes = NO_QUIET, profile: bool = True
) -> None:
    with city.unit("shoes") as unit:
        choose(unit, {"pushes": frozenset(channels)}, frequency, quiet, profile)


def states(city: City) -> list[str]:
    with city.runtime.unit(write=False) as unit:
        return list(unit.session.execute(select(Push.state).order_by(Push.id)).scalars())


def in_inbox(city: City) -> int:
    with city.unit("shoes") as unit:
        return len(inbox_of(unit))


def test_pushes_of_one_day_to_one_firm_are_one_letter_with_a_link_for_each(city: City, mail: Sink) -> None:
    count = planned(city, SECOND)
    assert count > 1 and send_due(city.runtime, send=mail).sent == count
    (letter,) = mail.letters
    assert letter.text.count("/p/") >= count and f"等 {count} 件" in letter.subject and "/why" in letter.text
    assert states(city) == ["delivered"] * count


def test_a_second_letter_waits_for_the_next_day_while_the_inbox_has_it_at_once(city: City, mail: Sink) -> None:
    first = planned(city)
    send_due(city.runtime, send=mail)
    city.post(**SECOND)
    city.match()
    more = city.plan().planned
    assert more and send_due(city.runtime, send=mail).sent == 0
    assert len(mail.letters) == 1 and in_inbox(city) == first + more
    city.clock.forward(days=1)
    assert send_due(city.runtime, send=mail).sent == more
    assert len(mail.letters) == 2


def test_at_once_means_every_letter_as_it_comes(city: City, mail: Sink) -> None:
    wants(city, "email", frequency="at_once")
    planned(city)
    send_due(city.runtime, send=mail)
    city.post(**SECOND)
    city.match()
    city.plan()
    send_due(city.runtime, send=mail)
    assert len(mail.letters) == 2


def test_the_weekly_letter_gathers_until_the_first_working_day(city: City, mail: Sink) -> None:
    wants(city, "email", frequency="weekly")  # 2 June 2025 is a Monday and a holiday
    planned(city)
    send_due(city.runtime, send=mail)
    assert mail.letters == []
    city.post(**SECOND)
    city.match()
    city.plan()
    city.clock.forward(hours=13)  # Tuesday, one in the morning
    send_due(city.runtime, send=mail)
    assert len(mail.letters) == 1 and len(states(city)) > 1 and set(states(city)) == {"delivered"}


def test_who_wants_no_mail_has_them_in_the_inbox_alone(city: City, mail: Sink) -> None:
    wants(city)
    count = planned(city)
    summary = send_due(city.runtime, send=mail)
    assert (summary.sent, summary.pending, mail.letters) == (count, 0, [])
    assert in_inbox(city) == count and states(city) == ["delivered"] * count


@pytest.mark.parametrize(("courteous", "letters"), [(True, 0), (False, 1)])
def test_nobodys_choice_keeps_the_usual_quiet_of_the_worker_alone(
    city: City, mail: Sink, courteous: bool, letters: int
) -> None:
    planned(city)
    send_due(city.runtime, send=mail, courteous=courteous)  # a holiday
    assert len(mail.letters) == letters
    city.clock.forward(hours=20)  # eight in the morning of a working day
    send_due(city.runtime, send=mail, courteous=courteous)
    assert len(mail.letters) == 1


def test_a_recipients_own_quiet_holds_against_the_operator_too(city: City, mail: Sink) -> None:
    wants(city, "email", quiet=USUAL_QUIET)
    planned(city)
    send_due(city.runtime, send=mail)
    assert mail.letters == []


@pytest.mark.parametrize("how", ["off", "choice"])
def test_switching_off_while_the_letter_is_queued_stops_it(city: City, mail: Sink, how: str) -> None:
    """Claimed with another firm's, and switched off before its turn came."""
    city.post(
        who="umbrellas",
        title="伞骨折断",
        text="雨伞在台风天伞骨折断,希望碳纤维伞骨更抗风。",
        contact_email="li@u.example",
    )
    planned(city)

    def slow(letter: Letter) -> Delivered:
        if not mail.letters:
            for who in ("shoes", "umbrellas"):
                with city.unit(who) as unit:
                    if how == "off":
                        switch_off(unit)
                    else:
                        choose(unit, {}, "daily", NO_QUIET, True)
        return mail(letter)

    send_due(city.runtime, send=slow)
    assert len(mail.letters) == 1, "only the one that was in the server's hands already"
    assert set(states(city)) == ({"delivered", "suppressed"} if how == "off" else {"delivered"})


def test_without_use_of_the_profile_only_answers_to_own_demands_come(city: City, mail: Sink) -> None:
    wants(city, "email", profile=False)
    count = planned(city)
    with city.unit() as unit:
        unit.session.execute(update(Push).values(demand_id=None))
    summary = send_due(city.runtime, send=mail)
    assert (summary.suppressed, mail.letters, in_inbox(city)) == (count, [], 0)


def test_an_own_confirmed_mailbox_takes_the_place_of_the_recorded_address(city: City, mail: Sink) -> None:
    enter_address(city.runtime, city.actors["shoes"], "email", "chief@shoes.example", "")
    wants(city, "email")
    planned(city)
    with city.unit() as unit:
        for row in unit.session.execute(select(RecipientAddress)).scalars():
            row.confirmed_at = unit.now
    send_due(city.runtime, send=mail)
    assert [letter.to for letter in mail.letters] == ["chief@shoes.example"]


def test_what_was_tried_together_goes_together_again_under_the_same_id(city: City, mail: Sink) -> None:
    planned(city, SECOND)
    mail.outcome = "deferred"
    send_due(city.runtime, send=mail)
    with city.runtime.unit(write=False) as unit:
        assert len(set(unit.session.execute(select(PushSending.not_before_at)).scalars())) == 1
    city.clock.forward(days=1)
    mail.outcome = "delivered"
    send_due(city.runtime, send=mail)
    first, again = mail.letters
    assert (first.message_id, first.text) == (again.message_id, again.text)


def test_a_firms_pushes_are_one_letter_however_few_are_claimed_at_once(
    city: City, mail: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchhub.operation.mailing.BATCH", 1)
    count = planned(city, SECOND)
    assert count > 1 and send_due(city.runtime, send=mail).sent == count
    assert len(mail.letters) == 1


def test_what_is_kept_of_a_letter_opens_none_of_its_pushes(city: City, mail: Sink) -> None:
    count = planned(city, SECOND)
    send_due(city.runtime, send=mail)
    links = set(re.findall(r"/p/([\w=-]+)", mail.letters[0].text))
    with city.runtime.unit(write=False) as unit:
        kept = list(
            unit.session.execute(select(PushDelivery.sent_text).where(PushDelivery.channel == "smtp")).scalars()
        )
    assert len(links) == len(kept) == count
    for text in kept:
        assert text and text.count("/p/…") > count and not any(link in text for link in links)


def test_a_push_taken_back_while_its_letter_is_queued_leaves_the_others_in_it(city: City, mail: Sink) -> None:
    count = planned(city, SECOND)
    assert count > 1
    with city.unit("operator") as unit:
        held = claim_due(unit)
    with city.unit("operator") as unit:
        unit.session.get_one(Push, held.outgoing[0].push_id).withdrawn_at = unit.now
        left = [each for each in held.outgoing if still_mine(unit, each)]
    assert [each.push_id for each in left] == [each.push_id for each in held.outgoing[1:]]
    assert states(city).count("suppressed") == 1


def test_why_a_push_went_by_no_mail_is_kept(city: City, mail: Sink) -> None:
    wants(city)
    planned(city)
    send_due(city.runtime, send=mail)
    with city.runtime.unit(write=False) as unit:
        assert set(unit.session.execute(select(PushSending.reason)).scalars()) == {"send_inbox_only"}


def test_letters_are_grouped_by_firm_address_and_round(city: City) -> None:
    planned(city, SECOND)
    one, *rest = city.claim().outgoing
    assert rest
    other = replace(one, push_id=99, address="else@x.example")
    again = replace(one, push_id=98, again="2025")
    groups = letters_of([*rest, one, other, again])
    assert sorted(group.push_ids for group in groups) == sorted(
        [tuple(sorted(each.push_id for each in (one, *rest))), (99,), (98,)]
    )
