"""Registrations: what an account may before the operator confirmed it, and what the operator's word changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import Account, AccountSession, Demand, Enterprise, HeldAuthorisation, LogEntry, Revision
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.accounts import unconfirmed, verification
from matchhub.services.accounts.applicants import Applicant
from matchhub.services.accounts.registration import register_enterprise
from matchhub.services.accounts.sessions import actor_of, open_session
from matchhub.services.demands.drafts import own_drafts, save_draft
from matchhub.services.demands.editing import resubmit_demand
from matchhub.services.demands.posting import assessment_of, move_demand, own_demand, post_demand
from matchhub.services.kernel.limits import Limit
from matchhub.services.worklists.enterprise_home import desk
from tests.domain.factories import uscc
from tests.services.small_city import TODAY, UMBRELLAS, ZIPPERS, City, demand

NEW = "晋江市新芯制造有限公司"
SHOPLESS_USCC = uscc(3)  # of ZIPPERS, of which the base holds nothing private


def register(city: City, code: str = uscc(9), name: str = NEW, login: str = "stranger") -> str:
    """Register and remember who that is; returns the login."""
    with city.unit() as unit:
        account = register_enterprise(
            unit, Applicant(code, name, "林晓", "000-87654321", "lin@new.example", login, "a fine long sentence")
        )
    renew(city, account, login)
    return login


def renew(city: City, account: int, login: str) -> None:
    with city.unit() as unit:
        found = actor_of(unit, open_session(unit, account))
    assert found is not None
    city.actors[login] = found


def registration(city: City) -> verification.RegistrationView:
    """The one registration that waits."""
    with city.unit("operator") as unit:
        (row,) = verification.list_registrations(unit)
    return row


def confirm(city: City, login: str = "stranger") -> None:
    number = registration(city).id
    with city.unit("operator") as unit:
        assert verification.confirm_registration(unit, number, "已致电企业核实") == login
    account = city.actors[login].account_id
    assert account is not None
    renew(city, account, login)


def reject(city: City) -> None:
    number = registration(city).id
    with city.unit("operator") as unit:
        assert verification.reject_registration(unit, number, "企业称无此人") == "stranger"


def missing(city: City, number: int) -> list[str]:
    with city.unit() as unit:
        return [test.key for test in assessment_of(unit, number).missing]


def test_who_registers_is_unproven_until_the_operator_confirms(city: City) -> None:
    who = register(city)
    assert (city.actors[who].proven, city.actors[who].waits) == (False, False)
    confirm(city)
    assert (city.actors[who].proven, city.actors[who].waits) == (True, False)


def test_accounts_that_others_added_are_proven(city: City) -> None:
    account = city.actors["shoes"].account_id
    assert account is not None
    renew(city, account, "shoes")
    assert city.actors["shoes"].proven


def test_the_authorisation_of_an_unproven_account_does_not_count(city: City) -> None:
    number = city.post(register(city))
    assert missing(city, number) == ["original"]
    assert registration(city).held == 1


def test_confirming_brings_authorisations_into_force_with_their_day(city: City) -> None:
    number = city.post(register(city))
    city.clock.forward(days=3)
    confirm(city)
    assert missing(city, number) == []
    with city.unit() as unit:
        row = unit.session.get_one(Demand, number)
        assert (row.authorised_on, row.authorised_by) == (TODAY, "王小明")
        newest = select(Revision).where(Revision.kind == "demands", Revision.record_id == number)
        revision = unit.session.execute(newest.order_by(Revision.id.desc()).limit(1)).scalar_one()
        assert revision.fields == {"authorised_on": "2025-06-02", "authorised_by": "王小明"}
        assert revision.recorded_at == city.clock.now
        assert unit.session.execute(select(func.count()).select_from(HeldAuthorisation)).scalar_one() == 0


def test_after_the_confirmation_authorisations_count_at_once(city: City) -> None:
    register(city)
    confirm(city)
    assert missing(city, city.post("stranger")) == []


def test_a_demand_that_was_not_authorised_is_not_by_the_confirmation(city: City) -> None:
    number = city.post(register(city), authorised_on=None, authorised_by=None)
    assert registration(city).held == 0
    confirm(city)
    assert missing(city, number) == ["original"]


def test_changing_a_returned_demand_does_not_authorise_it_either(city: City) -> None:
    number = city.post(register(city), authorised_on=None, authorised_by=None)
    with city.unit("operator") as unit:
        move_demand(unit, number, "returned", "请授权")
    with city.unit("stranger") as unit:
        resubmit_demand(unit, number, demand())
    assert missing(city, number) == ["original"]
    confirm(city)
    assert missing(city, number) == []


def test_an_authorisation_that_was_taken_back_does_not_come_into_force(city: City) -> None:
    number = city.post(register(city))
    with city.unit("operator") as unit:
        move_demand(unit, number, "returned", "请补充")
    with city.unit("stranger") as unit:
        resubmit_demand(unit, number, demand(authorised_on=None, authorised_by=None))
    confirm(city)
    assert missing(city, number) == ["original"]


def test_what_the_operator_recorded_meanwhile_stays(city: City) -> None:
    number = city.post(register(city))
    with city.unit() as unit:
        row = unit.session.get_one(Demand, number)
        row.authorised_on, row.authorised_by = date(2025, 5, 1), "盖章"
    confirm(city)
    with city.unit() as unit:
        assert unit.session.get_one(Demand, number).authorised_by == "盖章"


def test_rejecting_shuts_the_account_out_and_drops_what_it_ticked(city: City) -> None:
    number = city.post(register(city))
    reject(city)
    with city.unit() as unit:
        account = unit.session.execute(select(Account).where(Account.login == "stranger")).scalar_one()
        sessions = select(AccountSession.ended_at).where(AccountSession.account_id == account.id)
        assert account.disabled_at == city.clock.now
        assert None not in unit.session.execute(sessions).scalars().all()
        assert unit.session.execute(select(func.count()).select_from(HeldAuthorisation)).scalar_one() == 0
    assert missing(city, number) == ["original"]


def test_a_strangers_account_keeps_the_firm_out_neither_while_it_waits_nor_rejected(city: City) -> None:
    register(city, SHOPLESS_USCC, ZIPPERS)
    register(city, SHOPLESS_USCC, ZIPPERS, "owner")
    with city.unit("operator") as unit:
        first, second = verification.list_registrations(unit)
        assert (first.login, second.login) == ("stranger", "owner")
        verification.reject_registration(unit, first.id, "电话核实，并非本企业人员")
    confirm(city, "owner")
    with pytest.raises(Conflict, match="enterprise_has_account"):
        register(city, SHOPLESS_USCC, ZIPPERS, "third")


class TestFirmsOfTheBase:
    def test_of_a_firm_without_anything_private_the_account_posts_at_once(self, city: City) -> None:
        who = register(city, SHOPLESS_USCC, ZIPPERS)
        assert (city.actors[who].enterprise_id, city.actors[who].claims) == (None, city.firm(ZIPPERS))
        assert missing(city, city.post(who)) == ["original"]

    def test_of_a_firm_with_demands_the_account_sees_nothing(self, city: City) -> None:
        with city.unit("operator") as unit:
            post_demand(unit, demand(), city.firm(ZIPPERS))
        who = city.actors[register(city, SHOPLESS_USCC, ZIPPERS)]
        assert who.waits
        assert (who.enterprise_id, who.organisation_id) == (None, None)
        confirm(city)
        assert city.actors["stranger"].enterprise_id == city.firm(ZIPPERS)

    def test_contact_data_of_a_firm_change_with_the_confirmation_only(self, city: City) -> None:
        with city.unit() as unit:
            unit.session.execute(select(Account).where(Account.login == "umbrellas")).scalar_one().organisation_id = 1
        who = register(city, uscc(2, "350581"), UMBRELLAS)
        assert city.actors[who].waits

        def mail() -> str | None:
            with city.unit() as unit:
                return unit.session.get_one(Enterprise, city.firm(UMBRELLAS)).contact_email

        assert mail() == "office@umbrellas.example"
        confirm(city)
        assert mail() == "lin@new.example"

    def test_a_firm_without_a_code_is_protected_by_its_name(self, city: City) -> None:
        with city.unit() as unit:
            unit.session.get_one(Enterprise, city.firm(ZIPPERS)).uscc = None
        with city.unit("operator") as unit:
            post_demand(unit, demand(), city.firm(ZIPPERS))
        assert city.actors[register(city, uscc(9), ZIPPERS)].waits

    def test_the_operator_sees_the_number_on_record_and_no_registration_moves_it(self, city: City) -> None:
        with city.unit() as unit:
            unit.session.execute(select(Account).where(Account.login == "umbrellas")).scalar_one().organisation_id = 1
            unit.session.get_one(Enterprise, city.firm(UMBRELLAS)).contact_phone = "000-11112222"
        register(city, uscc(2, "350581"), UMBRELLAS)
        row = registration(city)
        assert (row.known_phone, row.contact_phone) == ("000-11112222", "000-87654321")

    def test_of_a_firm_that_nobody_knew_no_number_is_on_record(self, city: City) -> None:
        register(city)
        assert registration(city).known_phone == ""


class TestTheOperatorsWord:
    @pytest.mark.parametrize("note", ["", "  "])
    def test_it_says_how(self, city: City, note: str) -> None:
        register(city)
        number = registration(city).id
        for act in (verification.confirm_registration, verification.reject_registration):
            with pytest.raises(Refusal, match="registration_note_missing"), city.unit("operator") as unit:
                act(unit, number, note)
        assert registration(city).decision is None

    def test_it_is_given_once(self, city: City) -> None:
        register(city)
        number = registration(city).id
        confirm(city)
        with pytest.raises(Conflict, match="registration_decided"), city.unit("operator") as unit:
            verification.reject_registration(unit, number, "改主意")

    def test_it_is_logged_and_listed(self, city: City) -> None:
        register(city)
        confirm(city)
        with city.unit("operator") as unit:
            assert verification.list_registrations(unit) == []
            row = next(each for each in verification.list_registrations(unit, decided=True) if each.by_itself)
            assert (row.decision, row.note) == ("confirmed", "已致电企业核实")
            verbs = unit.session.execute(select(LogEntry.verb).order_by(LogEntry.id)).scalars().all()
        assert verbs[-2:] == ["registration.confirmed", "facts.bound"]

    def test_a_registration_that_is_not_there_is_not_found(self, city: City) -> None:
        with pytest.raises(NotFound, match="registration_not_found"), city.unit("operator") as unit:
            verification.confirm_registration(unit, 99, "已核实")

    @pytest.mark.parametrize("login", ["shoes", "college", "reviewer", "stranger"])
    def test_nobody_else_gives_it(self, city: City, login: str) -> None:
        register(city)
        number = registration(city).id
        with pytest.raises(NotAllowed), city.unit(login) as unit:
            verification.confirm_registration(unit, number, "已核实")
        with pytest.raises(NotAllowed), city.unit(login) as unit:
            verification.list_registrations(unit)


class TestUnconfirmed:
    """What an account may store and ask before the confirmation has an end that its sentence names."""

    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(unconfirmed, "MOST_DEMANDS", 2)
        monkeypatch.setattr(unconfirmed, "MOST_DRAFTS", 2)
        monkeypatch.setattr(unconfirmed, "MOST_WORDS", 2000)
        monkeypatch.setattr(unconfirmed, "ASKS", Limit("unconfirmed_asks", 2, timedelta(days=1)))

    def test_demands_are_limited_until_the_confirmation(self, city: City) -> None:
        register(city)
        for serial in range(2):
            city.post("stranger", title=f"难题{serial}", text=f"完全不同的技术难题{serial}" * 3)
        with pytest.raises(unconfirmed.TooMuch, match="unconfirmed_demands"):
            city.post("stranger", title="第三", text="第三条需求的内容说明")
        confirm(city)
        city.post("stranger", title="第三", text="第三条需求的内容说明")

    def test_drafts_are_limited_and_may_still_be_changed(self, city: City) -> None:
        register(city)
        with city.unit("stranger") as unit:
            (first, _) = [save_draft(unit, {"title": f"草稿{serial}"}) for serial in range(2)]
            with pytest.raises(unconfirmed.TooMuch, match="unconfirmed_drafts"):
                save_draft(unit, {"title": "第三"})
            save_draft(unit, {"title": "改过的"}, first)
            assert len(own_drafts(unit)) == 2

    def test_words_are_limited_over_demands_and_drafts(self, city: City) -> None:
        register(city)
        city.post("stranger", text="长" * 1500)
        with pytest.raises(unconfirmed.TooMuch, match="unconfirmed_words"):
            city.post("stranger", title="第二", text="长" * 600)
        with pytest.raises(unconfirmed.TooMuch, match="unconfirmed_words"), city.unit("stranger") as unit:
            save_draft(unit, {"title": "草稿", "text": "长" * 600})

    def test_questions_are_limited_by_the_day(self, city: City) -> None:
        register(city)
        with city.unit("stranger") as unit:
            unconfirmed.count_ask(unit)
            unconfirmed.count_ask(unit)
            with pytest.raises(unconfirmed.TooMuch, match="unconfirmed_asks"):
                unconfirmed.count_ask(unit)
        city.clock.forward(days=1)
        with city.unit("stranger") as unit:
            unconfirmed.count_ask(unit)

    def test_of_its_firm_it_sees_its_own_entries_only(self, city: City) -> None:
        register(city, SHOPLESS_USCC, ZIPPERS)
        with city.unit("operator") as unit:  # the base learns of the firm after the registration
            theirs = post_demand(unit, demand(title="企业的内部需求"), city.actors["stranger"].claims).demand_id
        mine = city.post("stranger", title="自己的需求", text="与企业无关的另一条需求说明")
        with city.unit("stranger") as unit:
            assert [line.id for line in desk(unit).demands] == [mine]
            assert desk(unit).firm.contact_name == "林晓"
            with pytest.raises(NotFound):
                own_demand(unit, theirs)
        confirm(city)
        with city.unit("stranger") as unit:
            assert {line.id for line in desk(unit).demands} == {mine, theirs}
