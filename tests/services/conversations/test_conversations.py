"""Threads: opened by interest from either side, read by the parties only, contact data after both agreed, reminders."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import Agency, Expert, LinkedName, LogEntry, Notice, PlatformEvent, Reveal, Thread
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.conversations import contact, messages
from matchhub.services.conversations.interest import express_interest, offer_patent
from matchhub.services.conversations.reminders import remind_reconfirmation, remind_silent
from matchhub.services.conversations.threads import close_thread, own_threads
from matchhub.services.demands.confidentiality import invite_to_demand, set_confidentiality
from matchhub.services.notices.notices import own_notices, read_notice
from matchhub.services.worklists.institution_home import patents_for_demand
from matchhub.services.worklists.unread import unread
from tests.papers import letter
from tests.services.small_city import COLLEGE, PATENTS, SHOES, City
from tests.services.verifying import verify

GLUE, SOLE = PATENTS[0][0], PATENTS[1][0]


def published(city: City) -> int:
    demand = city.post()
    with city.unit("operator") as unit:
        verify(unit, demand)
    return demand


def met(city: City) -> int:
    """A thread opened by the enterprise."""
    demand = city.post()
    with city.unit("shoes") as unit:
        return express_interest(unit, city.patent(GLUE), demand).thread_id


def both_agree(city: City, thread: int) -> None:
    for who in ("shoes", "college"):
        with city.unit(who) as unit:
            contact.agree(unit, thread)


def told(city: City, who: str) -> list[str]:
    with city.unit(who) as unit:
        return [notice.code for notice in own_notices(unit, unread=True)]


def test_interest_from_either_side_meets_in_one_thread(city: City) -> None:
    demand = published(city)
    with city.unit("college") as unit:
        offer_patent(unit, city.patent(GLUE), demand)
    assert told(city, "shoes") == ["notice_thread_opened"]
    with city.unit("shoes") as unit:
        express_interest(unit, city.patent(GLUE), demand)
    with city.unit() as unit:
        thread = unit.session.execute(select(Thread)).scalar_one()
        assert (thread.opened_by_side, thread.awaiting) == ("holder", "holder")


def test_another_patent_or_demand_is_another_thread(city: City) -> None:
    demand, other = (
        city.post(),
        city.post(title="雨靴鞋底开胶", text="雨靴在低温环境下鞋底与靴筒粘接处开裂，需要耐寒的胶粘剂。"),
    )
    with city.unit("shoes") as unit:
        express_interest(unit, city.patent(GLUE), demand)
        express_interest(unit, city.patent(SOLE), demand)
        express_interest(unit, city.patent(GLUE), other)
        assert len(own_threads(unit)) == 3


def test_a_contact_answer_to_a_push_opens_the_thread(city: City) -> None:
    from matchhub.db.tables import PushItem
    from matchhub.services.pushes.inbox import answer

    published(city)
    city.push()
    with city.unit("shoes") as unit:
        item, patent = unit.session.execute(select(PushItem.id, PushItem.patent_id).limit(1)).one()
        answer(unit, item, "contact")
        assert [line.patent_id for line in own_threads(unit)] == [patent]


def test_strangers_find_no_thread(city: City) -> None:
    thread = met(city)
    for who in ("umbrellas", "school"):
        with city.unit(who) as unit:
            assert own_threads(unit) == ()
            for act in (messages.read_thread, contact.agree, contact.reveal):
                with pytest.raises(NotFound):
                    act(unit, thread)


def test_the_firm_stays_hidden_from_the_holder_until_both_agreed(city: City) -> None:
    thread = met(city)
    with city.unit("shoes") as unit:
        messages.write_message(unit, thread, "你好")
    with city.unit("college") as unit:
        view = messages.read_thread(unit, thread)
        assert (view.line.other, view.messages[0].who) == ("", "")
    both_agree(city, thread)
    with city.unit("college") as unit:
        view = messages.read_thread(unit, thread)
        assert (view.line.other, view.messages[0].who) == (SHOES, SHOES)


@pytest.mark.parametrize("agreed", [[], ["shoes"], ["college"]])
def test_contact_data_stay_closed_until_both_agreed(city: City, agreed: list[str]) -> None:
    thread = met(city)
    for who in agreed:
        with city.unit(who) as unit:
            contact.agree(unit, thread)
    for who in ("shoes", "college", "operator"):
        with city.unit(who) as unit, pytest.raises(Conflict) as refused:
            contact.reveal(unit, thread)
        assert refused.value.code == "contact_not_agreed"


def test_every_look_at_contact_data_is_on_record_without_the_data(city: City) -> None:
    thread = met(city)
    both_agree(city, thread)
    with city.unit("college") as unit:
        (seen,) = contact.reveal(unit, thread)
        assert (seen.organisation, seen.phone) == (SHOES, "000-12345678")
        contact.reveal(unit, thread)
    with city.unit() as unit:
        rows = unit.session.execute(select(Reveal)).scalars().all()
        assert [(row.side, row.account_id) for row in rows] == [("enterprise", city.actors["college"].account_id)] * 2
        entries = unit.session.execute(select(LogEntry.payload).where(LogEntry.verb == "contact.revealed")).scalars()
        assert all("12345678" not in payload for payload in entries)


def test_agreeing_on_both_sides_is_a_contact_of_the_enterprise_on_record_once(city: City) -> None:
    thread = met(city)
    both_agree(city, thread)
    both_agree(city, thread)
    with city.unit() as unit:
        chosen = select(func.count()).select_from(PlatformEvent).where(PlatformEvent.event == "contact")
        assert unit.session.execute(chosen).scalar_one() == 2  # the wish, and the exchange


def test_the_operator_reads_and_writes_but_cannot_agree_for_a_party(city: City) -> None:
    thread = met(city)
    with city.unit("operator") as unit:
        messages.write_message(unit, thread, "请双方尽快沟通")
        with pytest.raises(NotAllowed):
            contact.agree(unit, thread)
    assert "notice_thread_message" in told(city, "shoes")


def test_a_file_is_given_to_those_in_the_thread_only_and_unchanged(city: City) -> None:
    thread = met(city)
    with city.unit("college") as unit:
        message = messages.write_message(unit, thread, "", ("样品.html", letter("sample")))
    with city.unit("shoes") as unit:
        assert messages.read_file(unit, thread, message) == ("样品.html.eml", letter("sample"))
    with city.unit("school") as unit, pytest.raises(NotFound):
        messages.read_file(unit, thread, message)


@pytest.mark.parametrize(
    ("text", "file", "code"),
    [
        ("  ", None, "message_empty"),
        ("字" * 4001, None, "message_too_long"),
        ("", ("空.pdf", b""), "message_file_size"),
        ("", ("大.pdf", b"x" * (10 * 1024 * 1024 + 1)), "message_file_size"),
    ],
)
def test_a_message_without_content_or_beyond_its_limit_is_refused(
    city: City, text: str, file: tuple[str, bytes] | None, code: str
) -> None:
    thread = met(city)
    with city.unit("shoes") as unit, pytest.raises(Refusal) as refused:
        messages.write_message(unit, thread, text, file)
    assert refused.value.code == code


def test_a_closed_thread_can_be_read_and_not_written(city: City) -> None:
    thread = met(city)
    with city.unit("college") as unit:
        with pytest.raises(Refusal):
            close_thread(unit, thread, " ")
        close_thread(unit, thread, "专利已转让")
    with city.unit("shoes") as unit:
        assert messages.read_thread(unit, thread).closed_reason == "专利已转让"
        with pytest.raises(Conflict):
            messages.write_message(unit, thread, "还在吗")


def agency(city: City, name: str) -> int:
    with city.unit() as unit:
        row = Agency(name=name, name_key=name, service_types=[], recorded_at=unit.now, updated_at=unit.now)
        unit.session.add(row)
        unit.session.flush()
        return row.id


def test_an_invited_agency_with_an_account_reads_and_writes_until_dismissed(city: City) -> None:
    thread = met(city)
    guest = agency(city, "闽海学院")
    with city.unit("shoes") as unit:
        row = messages.invite(unit, thread, "agency", guest)
        with pytest.raises(Conflict):
            messages.invite(unit, thread, "agency", guest)
    with city.unit("school") as unit:
        messages.write_message(unit, thread, "我们可以协助")
        for act in (contact.agree, contact.reveal):
            with pytest.raises(NotAllowed):
                act(unit, thread)
    with city.unit("shoes") as unit:
        messages.dismiss_guest(unit, thread, row)
    with city.unit("school") as unit, pytest.raises(NotFound):
        messages.read_thread(unit, thread)


def test_a_guest_reads_and_writes_but_closes_no_thread(city: City) -> None:
    thread = met(city)
    guest = agency(city, "闽海学院")
    with city.unit("shoes") as unit:
        messages.invite(unit, thread, "agency", guest)
    with city.unit("school") as unit, pytest.raises(NotFound) as refused:
        close_thread(unit, thread, "我方不再参与")
    assert refused.value.code == "thread_not_found"
    with city.unit("shoes") as unit:
        assert messages.read_thread(unit, thread).line.closed is False
        messages.write_message(unit, thread, "继续谈")


def test_an_invited_expert_is_asked_through_the_operator(city: City) -> None:
    thread = met(city)
    with city.unit() as unit:
        person = Expert(
            name="陈工", organisation="某所", person_key="陈工|某所", recorded_at=unit.now, updated_at=unit.now
        )
        unit.session.add(person)
        unit.session.flush()
        number = person.id
    with city.unit("shoes") as unit:
        assert messages.find_guests(unit, "陈")[0][:2] == ("expert", number)
        messages.invite(unit, thread, "expert", number)
        assert messages.read_thread(unit, thread).guests[0].name == "陈工"
    assert "notice_guest_invited" in told(city, "operator")


@pytest.mark.parametrize(("days", "reminded"), [(6, 0), (7, 1), (8, 1)])
def test_who_does_not_answer_for_seven_days_is_reminded(city: City, days: int, reminded: int) -> None:
    met(city)
    city.clock.forward(days=days)
    with city.unit() as unit:
        assert remind_silent(unit) == reminded
        assert remind_silent(unit) == 0
    assert told(city, "college").count("notice_silent") == reminded
    assert "notice_silent" not in told(city, "shoes")


def test_an_answer_turns_who_is_reminded_and_a_closed_thread_reminds_nobody(city: City) -> None:
    thread = met(city)
    with city.unit("college") as unit:
        messages.write_message(unit, thread, "收到")
    city.clock.forward(days=8)
    with city.unit() as unit:
        assert remind_silent(unit) == 1
    assert "notice_silent" in told(city, "shoes")
    with city.unit("shoes") as unit:
        close_thread(unit, thread, "已解决")
    city.clock.forward(days=30)
    with city.unit() as unit:
        assert remind_silent(unit) == 0


def test_the_operator_is_reminded_where_the_holder_has_no_account(city: City) -> None:
    with city.unit() as unit:
        link = unit.session.execute(select(LinkedName).where(LinkedName.name == COLLEGE)).scalar_one()
        link.withdrawn_at = unit.now
    met(city)
    assert told(city, "operator") == ["notice_thread_opened"]


@pytest.mark.parametrize(("days", "asked"), [(181, 0), (184, 1)])
def test_an_open_demand_is_asked_again_after_six_months_once(city: City, days: int, asked: int) -> None:
    published(city)
    city.clock.forward(days=days)
    with city.unit() as unit:
        assert remind_reconfirmation(unit) == asked
        assert remind_reconfirmation(unit) == 0


def test_a_notice_is_its_organisation_s_own(city: City) -> None:
    met(city)
    with city.unit("college") as unit:
        (notice,) = own_notices(unit)
        assert unread(unit).notices == 1
    with city.unit("school") as unit, pytest.raises(NotFound):
        read_notice(unit, notice.id)
    with city.unit("college") as unit:
        assert read_notice(unit, notice.id)[0] == "threads"
        assert unread(unit).notices == 0
    with city.unit() as unit:
        assert unit.session.execute(select(func.count()).select_from(Notice)).scalar_one() == 1


class TestWhoReadsADemand:
    def words(self, city: City, who: str, demand: int) -> str:
        with city.unit(who) as unit:
            brief, pairs = patents_for_demand(unit, demand)
        reasons = "".join(reason.demand_text for pair in pairs for reason in pair.match.reasons)
        return brief.text + reasons + "".join(text for pair in pairs for text, _ in pair.match.demand)

    def test_by_default_institutions_read_the_matter(self, city: City) -> None:
        assert "潮湿" in self.words(city, "college", published(city))

    def test_after_interest_only_means_no_word_before_it(self, city: City) -> None:
        demand = published(city)
        with city.unit("shoes") as unit:
            set_confidentiality(unit, demand, "interest")
        assert self.words(city, "college", demand) == ""
        with city.unit("college") as unit:
            offer_patent(unit, city.patent(GLUE), demand)
        assert "潮湿" in self.words(city, "college", demand)

    def test_invited_only_means_nobody_else_finds_it(self, city: City) -> None:
        demand = published(city)
        with city.unit("shoes") as unit:
            set_confidentiality(unit, demand, "invited")
        with city.unit("college") as unit, pytest.raises(NotFound):
            patents_for_demand(unit, demand)
        with city.unit("shoes") as unit:
            with pytest.raises(NotFound):
                invite_to_demand(unit, demand, "不存在的机构")
            invite_to_demand(unit, demand, COLLEGE)
        assert "潮湿" in self.words(city, "college", demand)

    def test_nobody_else_sets_it_and_an_unknown_level_is_refused(self, city: City) -> None:
        demand = published(city)
        with city.unit("umbrellas") as unit, pytest.raises(NotFound):
            set_confidentiality(unit, demand, "title")
        with city.unit("shoes") as unit, pytest.raises(Refusal):
            set_confidentiality(unit, demand, "secret")

    def test_the_second_of_two_people_sees_that_it_changed(self, city: City) -> None:
        from matchhub.db.tables import Demand
        from matchhub.services.kernel.freshness import seen_token

        demand = published(city)
        with city.unit() as unit:
            seen = seen_token(unit.session.get_one(Demand, demand).updated_at)
        city.clock.forward(minutes=1)
        with city.unit("shoes") as unit:
            set_confidentiality(unit, demand, "interest", seen)
        with city.unit("operator") as unit, pytest.raises(Conflict) as refused:
            set_confidentiality(unit, demand, "title", seen)
        assert refused.value.code == "changed_meanwhile" and "demand.confidentiality" in str(refused.value.data["acts"])
