"""Names and codes prove nothing: what is an organisation's hangs on the operator's word, a document and linked names."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from matchhub.db.tables import Account, DealParty, LinkedName, Organisation, Registration, Thread
from matchhub.domain.parties import normalise_name
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.accounts.accounts import add_account
from matchhub.services.accounts.applicants import Applicant
from matchhub.services.accounts.registration import register_enterprise
from matchhub.services.accounts.sessions import actor_of, open_session
from matchhub.services.conversations.interest import express_interest
from matchhub.services.conversations.threads import own_threads
from matchhub.services.deals.access import is_party
from matchhub.services.deals.opening import NewDeal, open_deal
from matchhub.services.kernel.unit import Unit
from matchhub.services.organisations.confirming import Proof, confirm_account, confirm_added
from matchhub.services.organisations.names import list_organisations, organisation_page, unlink_name
from matchhub.services.parties.linked_names import link_name
from matchhub.services.patents.holders import holder_organisation, holds, own_patent_ids
from matchhub.services.records.following import deal_view
from tests.domain.factories import number, uscc
from tests.papers import letter
from tests.services.followed import own_deals
from tests.services.small_city import COLLEGE, SCHOOL, SHOES, UMBRELLAS, ZIPPERS, City

LETTER = ("授权书.eml", letter("授权书"))
TRADERS = "晋江市某某贸易有限公司"
INSTITUTE = "泉南理工大学鞋服研究院"


def become(city: City, account: int, login: str) -> str:
    with city.unit() as unit:
        found = actor_of(unit, open_session(unit, account))
    assert found is not None
    city.actors[login] = found
    return login


def register(city: City, name: str, code: str = uscc(77), login: str = "impostor") -> str:
    with city.unit() as unit:
        account = register_enterprise(unit, Applicant(code, name, "某人", "000-1", "", login, "a fine long sentence"))
    return become(city, account, login)


def add(city: City, name: str, login: str = "stranger", proof: Proof | None = None) -> str:
    with city.unit() as unit:
        account = add_account(
            unit, login=login, display_name=login, role="institution", organisation_name=name,
            organisation_kind="institution", password="a fine long sentence",
        )  # fmt: skip
        if proof is not None:
            confirm_added(unit, account, proof)
    return become(city, account, login)


def registration(city: City, login: str) -> int:
    with city.unit() as unit:
        chosen = select(Registration.id).join(Account, Account.id == Registration.account_id)
        return unit.session.execute(chosen.where(Account.login == login)).scalar_one()


def organisation(city: City, login: str) -> int:
    with city.unit() as unit:
        return unit.session.execute(select(Account.organisation_id).where(Account.login == login)).scalar_one()


def confirm(city: City, login: str, proof: Proof) -> str:
    waiting = registration(city, login)
    with city.unit("operator") as unit:
        confirm_account(unit, waiting, proof)
    account = city.actors[login].account_id
    assert account is not None
    return become(city, account, login)


@pytest.fixture
def deal(city: City) -> int:
    """A deal between the shoe maker and the college."""
    with city.unit("operator") as unit:
        return open_deal(unit, NewDeal("transfer", (number(1),), ((COLLEGE, None),), ((SHOES, None),)))


NAMES = (
    COLLEGE,
    "泉南　理工大学",
    "泉南理工大學".replace("學", "学") + " ",
    SHOES,
    "晋江市恒步鞋业有限责任公司",
    SCHOOL,
    ZIPPERS,
)


@pytest.mark.parametrize("name", NAMES)
def test_a_registration_under_anybodys_name_speaks_for_nobody(city: City, deal: int, name: str) -> None:
    code = uscc(3) if name == ZIPPERS else uscc(77)
    who = city.actors[register(city, name, code)]
    assert (who.organisation_id, who.enterprise_id, who.proven) == (None, None, False)
    with city.unit("impostor") as unit:
        assert not is_party(unit, deal)
        for act in (lambda: own_deals(unit), lambda: deal_view(unit, deal), lambda: own_threads(unit)):
            with pytest.raises(NotAllowed, match="account_unconfirmed"):
                act()


@pytest.mark.parametrize("name", [COLLEGE, "泉南理工大学（新）", SCHOOL])
def test_an_account_of_an_institution_added_without_a_note_speaks_for_nobody(city: City, deal: int, name: str) -> None:
    who = city.actors[add(city, name)]
    assert (who.organisation_id, who.proven, who.waits) == (None, False, True)
    with pytest.raises(NotAllowed, match="account_unconfirmed"), city.unit("stranger") as unit:
        own_patent_ids(unit)
    with city.unit("college") as unit:  # nor does it take anything from those who were confirmed
        assert own_patent_ids(unit) and is_party(unit, deal)


def test_the_word_of_the_operator_alone_makes_a_firm_of_that_name_no_party(city: City, deal: int) -> None:
    register(city, COLLEGE)
    confirm(city, "impostor", Proof("电话核实"))
    patent = city.patent("一种鞋底用水性聚氨酯胶粘剂")
    with city.unit("impostor") as unit:
        assert unit.actor.proven and own_deals(unit) == ()
        assert not holds(unit, patent, unit.actor.organisation_id)
        with pytest.raises(NotFound):
            deal_view(unit, deal)


def test_a_name_that_only_a_registration_brought_finds_no_firm(city: City) -> None:
    register(city, TRADERS)
    with city.unit("operator") as unit:
        late = open_deal(unit, NewDeal("transfer", (number(2),), ((TRADERS, None),), ((UMBRELLAS, None),)))
        assert seller(unit, late).enterprise_id is None
    confirm(city, "impostor", Proof("电话核实"))
    with city.unit("impostor") as unit:
        assert own_deals(unit) == ()
    with city.unit("operator") as unit:  # the operator's word stands for the name as well
        later = open_deal(unit, NewDeal("transfer", (number(4),), ((TRADERS, None),), ((UMBRELLAS, None),)))
    with city.unit("impostor") as unit:
        assert [line.id for line in own_deals(unit)] == [later]


def test_a_party_that_a_file_names_without_a_code_is_not_the_firm_of_that_name(city: City, deal: int) -> None:
    with city.unit() as unit:
        buyer = unit.session.execute(select(DealParty).where(DealParty.deal_id == deal, DealParty.role == "buyer"))
        buyer.scalar_one().uscc = None
        unit.session.execute(delete(LinkedName).where(LinkedName.name == SHOES))
    with city.unit("shoes") as unit:
        assert not is_party(unit, deal) and own_deals(unit) == ()


def seller(unit: Unit, deal_id: int) -> DealParty:
    chosen = select(DealParty).where(DealParty.deal_id == deal_id, DealParty.role == "seller")
    return unit.session.execute(chosen).scalar_one()


def test_an_institution_is_confirmed_with_a_note_a_document_and_its_code(city: City) -> None:
    add(city, INSTITUTE)
    number = registration(city, "stranger")
    wrong = {
        Proof("", LETTER, uscc(5, "350500")): "registration_note_missing",
        Proof("已核对"): "registration_document_missing",
        Proof("已核对", LETTER): "registration_code_missing",
    }
    for proof, code in wrong.items():
        with pytest.raises(Refusal, match=code), city.unit("operator") as unit:
            confirm_account(unit, number, proof)
    confirm(city, "stranger", Proof("已核对", LETTER, uscc(5, "350500")))
    assert city.actors["stranger"].organisation_id == organisation(city, "stranger")
    add(city, SCHOOL + "二", "other")
    with pytest.raises(Conflict, match="organisation_code_taken"):
        confirm(city, "other", Proof("已核对", ("另.eml", letter("2")), uscc(5, "350500")))


def test_a_second_account_needs_its_own_document_and_the_same_code(city: City) -> None:
    add(city, INSTITUTE, "first", Proof("已核对", LETTER, uscc(5, "350500")))
    add(city, INSTITUTE, "second")
    assert not city.actors["second"].proven
    with pytest.raises(Refusal, match="registration_document_missing"):
        confirm(city, "second", Proof("已核对", None, uscc(5, "350500")))
    with pytest.raises(Conflict, match="organisation_code_differs"):
        confirm(city, "second", Proof("已核对", ("二.eml", letter("2")), uscc(6, "350500")))
    assert confirm(city, "second", Proof("已核对", ("二.eml", letter("2")))) == "second"


class TestNames:
    @pytest.fixture
    def institute(self, city: City) -> int:
        """A confirmed institution to which no name is linked."""
        add(city, INSTITUTE, "stranger", Proof("已核对", LETTER, uscc(5, "350500")))
        return organisation(city, "stranger")

    def free(self, city: City) -> None:
        """Take the college's name back from the college."""
        college = organisation(city, "college")
        with city.unit("operator") as unit:
            (link,) = organisation_page(unit, college).linked
            unlink_name(unit, college, link.id, "重新核对")

    def test_a_linked_name_brings_patents_deals_and_threads_and_taking_it_back_takes_them(
        self, city: City, deal: int, institute: int
    ) -> None:
        patent, demand = city.patent("一种防滑耐磨橡胶鞋底"), city.own_demand()
        with city.unit("shoes") as unit:
            express_interest(unit, patent, demand)
        self.free(city)
        with city.unit("college") as unit:
            assert (own_patent_ids(unit), own_deals(unit), own_threads(unit)) == (frozenset(), (), ())
        with city.unit("operator") as unit:
            link = link_name(unit, institute, f" {COLLEGE}　", "曾用名,见法人证书")
        with city.unit("stranger") as unit:
            assert patent in own_patent_ids(unit) and holder_organisation(unit, patent) == institute
            assert [line.id for line in own_deals(unit)] == [deal]
            assert [line.side for line in own_threads(unit)] == ["holder"]
        with city.unit("operator") as unit:
            unlink_name(unit, institute, link, "关联错了")
            assert unit.session.execute(select(Thread.organisation_id)).scalars().all() == [None]
        with city.unit("stranger") as unit:
            assert (own_patent_ids(unit), own_deals(unit), own_threads(unit)) == (frozenset(), (), ())

    def test_a_name_is_one_organisations_and_needs_grounds(self, city: City, institute: int) -> None:
        add(city, "无名学院", "nobody")
        nobody, shoes = organisation(city, "nobody"), organisation(city, "shoes")
        refused = (
            (institute, COLLEGE, "理由", "linked_elsewhere"),
            (institute, " ", "理由", "linked_name_missing"),
            (institute, "新名", "", "linked_note_missing"),
            (nobody, "新名", "理由", "linked_unconfirmed"),
            (shoes, "新名", "理由", "linked_document_missing"),
        )
        for place, name, note, code in refused:
            with pytest.raises(Refusal, match=code), city.unit("operator") as unit:
                link_name(unit, place, name, note)
        with city.unit("operator") as unit:
            link_name(unit, institute, "新名", "理由")
        with pytest.raises(Conflict, match="linked_already"), city.unit("operator") as unit:
            link_name(unit, institute, "新 名", "理由")

    def test_the_operator_is_offered_names_of_the_base_with_what_stands_under_them(
        self, city: City, institute: int, deal: int
    ) -> None:
        add(city, "泉南理工", "short", Proof("已核对", ("短.eml", letter("3")), uscc(6, "350500")))
        short = organisation(city, "short")
        with city.unit("operator") as unit:
            (found,) = organisation_page(unit, short).candidates
            assert (found.use.name, found.use.patents, found.use.deals) == (COLLEGE, 3, 1)
            assert (found.why, found.owner) == ("like", COLLEGE)
            lines = {line.name: (line.confirmed, line.names) for line in list_organisations(unit)}
        assert lines[INSTITUTE] == (True, 0) and lines[COLLEGE] == (True, 1)

    @pytest.mark.parametrize("who", ["shoes", "college", "reviewer"])
    def test_nobody_but_the_operator_links(self, city: City, who: str) -> None:
        for act in (lambda unit: link_name(unit, 1, "名", "理由"), lambda unit: unlink_name(unit, 1, 1, "理由"),
                    list_organisations, lambda unit: organisation_page(unit, 1)):  # fmt: skip
            with pytest.raises(NotAllowed), city.unit(who) as unit:
                act(unit)

    def test_another_organisations_link_is_not_found(self, city: City, institute: int) -> None:
        with pytest.raises(NotFound, match="linked_name_gone"), city.unit("operator") as unit:
            unlink_name(unit, institute, 1, "理由")


def test_the_key_of_an_organisation_gives_nothing(city: City) -> None:
    school, patent = organisation(city, "school"), city.patent("一种防滑耐磨橡胶鞋底")
    with city.unit() as unit:
        row = unit.session.get_one(Organisation, school)
        row.name, row.name_key = COLLEGE, normalise_name(COLLEGE)
    with city.unit("school") as unit:
        assert patent not in own_patent_ids(unit)
