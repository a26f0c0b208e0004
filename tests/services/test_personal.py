"""Personal data: own contact data, the export, closing, erasing without a change of counts or chain (P23)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from matchhub.db.tables import (
    Account,
    AccountMatter,
    Confirmation,
    Demand,
    Enterprise,
    LogEntry,
    Organisation,
    OrganisationContact,
    Revision,
)
from matchhub.domain.erasure import MARK, Erased
from matchhub.errors import Conflict, NotAllowed, Refusal
from matchhub.services.accounts.accounts import SignInRefused
from matchhub.services.accounts.chiefs import appoint_chief
from matchhub.services.accounts.sessions import open_session
from matchhub.services.conversations.interest import express_interest
from matchhub.services.conversations.messages import write_message
from matchhub.services.counting.counts import count_progress, question
from matchhub.services.evidence.auditing import audit_base
from matchhub.services.evidence.confirmations import confirm
from matchhub.services.organisations.contacts import Contacts, change_contacts, own_contacts
from matchhub.services.personal.closing import close_own_account
from matchhub.services.personal.export import export_own
from matchhub.services.personal.requests import ask_erasure, erase_account, preview_erasure, take_erasure_back
from matchhub.services.worklists.todo import todo
from tests.services.accounts.test_colleagues import PASSWORD, accept, chief, invite
from tests.services.small_city import SHOES, City

NAME, PHONE, EMAIL, ADDRESS = "欧阳寻踪", "13959512345", "xunzong@where.example", "寻踪路8号201室"
SAID = Contacts(NAME, PHONE, EMAIL, ADDRESS)


def contacts(city: City, said: Contacts = SAID, who: str = "shoes") -> tuple[str, ...]:
    with city.unit(who) as unit:
        return change_contacts(unit, said)


def asked(city: City, who: str = "shoes") -> int:
    with city.unit(who) as unit:
        return ask_erasure(unit, f"我是{NAME}，不再使用")


def erased(city: City, number: int, login: str = "shoes") -> int:
    with city.unit("operator") as unit:
        return erase_account(unit, number, login)


def strict(city: City) -> object:
    with city.unit("operator") as unit:
        return count_progress(unit, question(unit)).to_json()


def holding(home: Path, *values: str) -> list[str]:
    """Files of the data folder, database and kept verdicts included, in which one of the values stands."""
    wanted = [each.encode() for each in values] + [each.encode("utf-16-le") for each in values]
    files = [each for each in home.rglob("*") if each.is_file()]
    return [str(each.relative_to(home)) for each in files if any(value in each.read_bytes() for value in wanted)]


def filled(city: City) -> int:
    """The firm's person leaves its data wherever it can; the bureau confirms the demand. Returns the demand."""
    chief(city, "shoes")
    contacts(city)
    demand = city.post(contact_name=NAME, contact_phone=PHONE, contact_email=EMAIL, authorised_by=NAME)
    with city.unit() as unit:
        account = unit.session.execute(select(Account).where(Account.login == "shoes")).scalar_one()
        account.display_name, account.email = NAME, EMAIL
        open_session(unit, account.id, "Chrome", "192.0.2")
    with city.unit("shoes") as unit:
        thread = express_interest(unit, city.patent("一种鞋底用水性聚氨酯胶粘剂"), demand).thread_id
        write_message(unit, thread, f"请拨打 {PHONE}，找{NAME}")
    with city.unit("reviewer") as unit:
        confirm(unit, "demands", demand, "confirmed", None)
    folder = city.runtime.home / "outbox"
    folder.mkdir(exist_ok=True)
    (folder / "1.eml").write_text(f"To: {EMAIL}\nSubject: test\n\nhello\n")
    (folder / "2.eml").write_text("To: other@firm.example\nSubject: test\n\nhello\n")
    return demand


def test_contact_data_change_with_a_revision_and_say_who_changed_what(city: City) -> None:
    assert set(contacts(city)) == {"contact_name", "contact_phone", "contact_email", "contact_address"}
    assert contacts(city) == ()
    assert contacts(city, Contacts(NAME, "0595-1", EMAIL, ADDRESS)) == ("contact_phone",)
    with city.unit("shoes") as unit:
        view = own_contacts(unit)
        assert view.changes[0].fields == ("contact_phone",) and len(view.changes) == 2 and view.firm
        firm = unit.session.get_one(Enterprise, city.firm(SHOES))
        assert (firm.contact_name, firm.contact_phone) == (NAME, "0595-1")
        newest = select(Revision.fields).where(Revision.kind == "enterprises", Revision.record_id == firm.id)
        assert unit.session.execute(newest.order_by(Revision.id.desc())).scalars().first() == {
            "contact_phone": "0595-1"
        }


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Contacts("", PHONE), "contact_name_missing"),
        (Contacts(NAME), "contact_unreachable"),
        (Contacts(NAME, "", "nobody"), "contact_email_unusable"),
    ],
)
def test_contact_data_nobody_can_use_are_refused(city: City, said: Contacts, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        contacts(city, said)


def test_an_institution_keeps_its_contact_data_and_others_keep_none(city: City) -> None:
    contacts(city, who="college")
    with city.unit("college") as unit:
        assert own_contacts(unit).now == SAID
    with pytest.raises(NotAllowed):
        contacts(city, who="operator")


def test_erasing_leaves_the_values_nowhere_and_chain_counts_and_words_as_they_were(city: City) -> None:
    demand = filled(city)
    before = strict(city)
    assert {"matchhub.db"} <= {each.split("-")[0] for each in holding(city.runtime.home, NAME, PHONE, EMAIL)}
    number = asked(city)
    assert erased(city, number) > 5
    assert holding(city.runtime.home, NAME, PHONE, EMAIL, ADDRESS) == []
    assert strict(city) == before
    with city.unit("operator") as unit:
        audit = audit_base(unit)
        assert audit.valid and audit.faults == ()
        word = unit.session.execute(select(Confirmation).where(Confirmation.subject_id == demand)).scalar_one()
        assert word.lapsed_at is None
        verbs = list(unit.session.execute(select(LogEntry.verb)).scalars())
        assert "record.confirmation_carried" in verbs and "account.erased" in verbs
        account = unit.session.get_one(Account, city.actors["shoes"].account_id)
        assert (account.login, account.display_name) == (f"erased-{account.id}", MARK) and account.disabled_at
    assert sorted(each.name for each in (city.runtime.home / "outbox").glob("*.eml")) == ["2.eml"]


def test_another_change_of_the_demand_still_lapses_the_word(city: City) -> None:
    demand = filled(city)
    with city.unit() as unit:
        unit.session.get_one(Demand, demand).authorised_by = "别人"
    with city.unit() as unit:
        word = unit.session.execute(select(Confirmation).where(Confirmation.subject_id == demand)).scalar_one()
        assert word.lapsed_at is not None


def test_what_others_hold_stays_and_a_colleague_keeps_the_organisations_contacts(city: City) -> None:
    chief(city)
    contacts(city, who="college")
    accept(city, invite(city, name="陈静", email="chen@college.example"))
    erased(city, asked(city, "chenjing"), "chenjing")
    with city.unit("college") as unit:
        assert own_contacts(unit).now == SAID
        assert unit.session.execute(select(OrganisationContact.contact_name)).scalar() == NAME


def test_an_erasure_waits_for_the_operator_and_is_done_once_in_two_steps(city: City) -> None:
    filled(city)
    number = asked(city)
    with pytest.raises(Conflict, match="erasure_waits"):
        asked(city)
    with city.unit("operator") as unit:
        assert todo(unit).number("erasures_asked") == 1
        assert dict(preview_erasure(unit, number).rows)["demands"] == 1
    with city.unit("operator") as unit, pytest.raises(Refusal, match="erasure_login_differs"):
        erase_account(unit, number, "college")
    with city.unit("shoes") as unit, pytest.raises(NotAllowed):
        erase_account(unit, number, "shoes")
    erased(city, number)
    with city.unit("operator") as unit, pytest.raises(Conflict, match="erasure_decided"):
        erase_account(unit, number, "shoes")


def test_a_request_may_be_taken_back(city: City) -> None:
    asked(city)
    with city.unit("shoes") as unit:
        take_erasure_back(unit)
    with city.unit("operator") as unit:
        assert todo(unit).number("erasures_asked") == 0
    assert asked(city)


def test_a_chief_with_colleagues_hands_over_before_it_closes(city: City) -> None:
    chief(city)
    accept(city, invite(city))
    with city.unit("college") as unit, pytest.raises(Conflict, match="account_chief_hands_over"):
        close_own_account(unit, PASSWORD)
    with city.unit("chenjing") as unit, pytest.raises(SignInRefused):
        close_own_account(unit, "wrong")
    with city.unit("chenjing") as unit:
        close_own_account(unit, PASSWORD)
        assert unit.session.get_one(Account, unit.actor.account_id).disabled_at == unit.now


def test_the_operator_names_another_chief_with_a_reason_that_is_kept(city: City) -> None:
    chief(city)
    colleague = accept(city, invite(city))
    place, number = colleague.organisation_id or 0, colleague.account_id or 0
    with city.unit("operator") as unit, pytest.raises(Refusal, match="chief_reason_missing"):
        appoint_chief(unit, place, number, " ")
    with city.unit("college") as unit, pytest.raises(NotAllowed):
        appoint_chief(unit, place, number, "离职")
    with city.unit("operator") as unit:
        assert appoint_chief(unit, place, number, "原主账号已离职") == "chenjing"
    with city.unit("operator") as unit:
        chiefs = select(Account.login).where(Account.organisation_id == place, Account.chief)
        assert unit.session.execute(chiefs).scalars().all() == ["chenjing"]
        assert unit.session.execute(select(AccountMatter.reason)).scalar() == "原主账号已离职"
        with pytest.raises(Conflict, match="chief_already"):
            appoint_chief(unit, place, number, "离职")


def test_the_export_has_everything_for_the_chief_and_only_the_own_for_a_colleague(city: City) -> None:
    filled(city)
    with city.unit("shoes") as unit:
        found = {each.name: each.rows for each in export_own(unit).sections}
    assert found["demands"][0]["contact_phone"] == PHONE and found["organisation_contacts"] and found["event_log"]
    assert not [name for rows in found.values() for row in rows for name in row if name.endswith("_hash")]
    chief(city)
    accept(city, invite(city))
    with city.unit("chenjing") as unit:
        names = {each.name for each in export_own(unit).sections}
    assert "organisations" not in names and {"accounts", "registrations", "consents"} <= names


def test_a_name_of_the_organisation_and_short_words_inside_others_are_no_personal_data(city: City) -> None:
    found = Erased(("晋江鞋业", "li", "王芳"), "lisi", ("晋江鞋业有限公司",))
    assert found.without("晋江鞋业有限公司 list 王芳") == f"晋江鞋业有限公司 list {MARK}"
    assert found.without({"a": ["li", "lisi"]}) == {"a": [MARK, MARK]}
    with city.unit() as unit:
        assert unit.session.execute(select(Organisation.name).where(Organisation.name.contains(MARK))).first() is None
