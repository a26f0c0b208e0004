"""A form acts once (PROMISES.md P6): six at the same moment and one afterwards, on SQLite and on PostgreSQL."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from matchhub.db.base import Base
from matchhub.db.tables import Agency, DealPayment, FormKey, ThreadMessage
from matchhub.errors import Conflict
from matchhub.services.accounts.accounts import add_account
from matchhub.services.kernel.form_keys import KEPT, forget_keys
from matchhub.services.kernel.runtime import Runtime
from tests.domain.factories import number
from tests.journey.deal_city import DealCity, done, place, town
from tests.journey.test_deal_journey import opened, signed
from tests.machine import cases
from tests.papers import letter, scan
from tests.services.small_city import City, built_city, city, opened_city, opened_copy
from tests.web.acts import ACTS, OFFER, REGISTRATION, UNTRIED, Act
from tests.web.installation import PASSWORD
from tests.web.people import Person
from web import create_app

__all__ = ["built_city", "city", "town"]

UNCOUNTED = {"form_keys", "account_sessions", "attempts"}  # what every request writes, acting or not
TIMES = cases(6, 32)


@pytest.fixture
def postgres_city(postgres_url: str, tmp_path: Path) -> Iterator[City]:
    with opened_city(tmp_path / "postgres", postgres_url) as found:
        yield found


def rows(runtime: Runtime) -> dict[str, int]:
    """How many rows each table has."""
    with runtime.unit(write=False) as unit:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in UNCOUNTED]
        return {each.name: unit.session.scalar(sa.select(sa.func.count()).select_from(each)) or 0 for each in tables}


class Street:
    """A city whose forms are sent; the same browser sends a form several times."""

    def __init__(self, city: City) -> None:
        self.city, self.app = city, create_app(city.runtime)
        self.ids: dict[str, str] = {}
        self.people: dict[str, Person] = {}
        with city.unit() as unit:
            add_account(unit, login="administrator", display_name="管理员", role="administrator", organisation_name="平台管理",
                        organisation_kind="system", password=PASSWORD)  # fmt: skip
            unit.session.add(Agency(name="晋江市文华专利代理有限公司", name_key="晋江市文华专利代理有限公司", service_types=["专利代理"],
                                    is_patent_agency=True, recorded_at=unit.now, updated_at=unit.now))  # fmt: skip

    def send(self, act: Act, key: str, token: str) -> TestResponse:
        sender, person = self.at(act.who), Person(self.app)
        person.carry(sender.token or "")
        cookie = sender.client.get_cookie("matchhub_form")
        person.client.set_cookie("matchhub_form", cookie.value if cookie else "")
        fields: dict[str, Any] = {**act.fields, "csrf_token": token, "act_key": key}
        if act.file:
            fields["file"] = (BytesIO(letter(act.file)), f"{act.file}.pdf")
        if act.picture:
            fields["file"] = (BytesIO(scan(act.picture)), f"{act.picture}.png")
        if act.table:
            fields["files"] = (BytesIO(act.table.encode()), "table.csv")
        return person.client.post(act.path.format(**self.ids), data=fields)

    def act(self, act: Act, times: int) -> list[tuple[int, str]]:
        """Send a form so often at the same moment, and once more if more than once; the statuses and addresses."""
        key, token = secrets.token_hex(8), self.at(act.who).form_token()
        with ThreadPoolExecutor(times) as pool:
            answers = list(pool.map(lambda _: self.send(act, key, token), range(times)))
        answers += [self.send(act, key, token)] if times > 1 else []
        assert answers[0].status_code < 400, (act, answers[0].text.split('id="content"')[-1][:900])
        found = re.search(r"/(\d+|(?<=uploads/)[\w-]+|(?<=waiting/)[\w-]+)(?:[/?#]|$)", answers[0].location or "")
        if act.name and found:
            self.ids[act.name] = found[1]
        return [(answer.status_code, answer.location or answer.text) for answer in answers]

    def at(self, who: str) -> Person:
        return self.people.setdefault(who, Person(self.app, who))


def act_everywhere(once: City, often: City) -> None:
    """Send every form once in one city and seven times in the other; both must hold the same afterwards."""
    one, many = Street(once), Street(often)
    for act in ACTS:
        (first,) = one.act(act, 1)
        answers = many.act(act, TIMES)
        assert len(set(answers)) == 1, (act, answers)
        assert answers[0][0] == first[0], act
        assert rows(often.runtime) == rows(once.runtime), act


def test_every_route_that_takes_forms_has_one_here_or_a_reason(city: City) -> None:
    app = create_app(city.runtime)
    posting = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ()) and rule.rule[:5] != "/api/"]
    sent = [re.sub(r"\{\w+\}", "1", act.path).partition("?")[0] for act in ACTS]
    tried = {
        rule.rule
        for rule in posting
        if any(re.fullmatch(re.sub(r"<[^>]+>", "[^/]+", rule.rule), path) for path in sent)
    }
    untried = {path for paths in UNTRIED.values() for path in paths}
    assert ({rule.rule for rule in posting} - tried, untried & tried) == (untried, set())
    assert len(tried) >= 45
    # the key is taken around every view, by one and the same wrapper
    assert all(getattr(app.view_functions[rule.endpoint], "acts_once", False) for rule in posting)


@pytest.fixture
def reference(built_city: Path, tmp_path: Path) -> Iterator[City]:
    with opened_copy(built_city, tmp_path / "reference") as found:
        yield found


def test_every_kind_of_form_acts_once_on_sqlite(reference: City, city: City) -> None:
    act_everywhere(reference, city)


def test_every_kind_of_form_acts_once_on_postgresql(reference: City, postgres_city: City) -> None:
    act_everywhere(reference, postgres_city)


class TestOneForm:
    @pytest.fixture
    def thread(self, town: DealCity) -> str:
        asked = {"patent_id": 1, "demand_id": town.city.own_demand()}
        return f"/trade/threads/{place(town.at('shoes').post('/trade/threads', asked))}"

    def messages(self, town: DealCity) -> int:
        with town.city.unit() as unit:
            return unit.session.scalar(sa.select(sa.func.count()).select_from(ThreadMessage)) or 0

    def test_the_same_key_with_other_content_is_refused(self, town: DealCity, thread: str) -> None:
        shoes = town.at("shoes")
        done(shoes.post(f"{thread}/messages", {"text": "请联系", "act_key": "k"}))
        other = shoes.post(f"{thread}/messages", {"text": "另一句", "act_key": "k"})
        assert other.status_code == 409 and "同一张表单已经提交过别的内容" in other.text
        assert shoes.post(f"{thread}/close", {"reason": "请联系", "act_key": "k"}).status_code == 409
        assert self.messages(town) == 1

    def test_the_header_serves_as_the_field_does(self, town: DealCity, thread: str) -> None:
        shoes = town.at("shoes")
        for _ in range(2):
            done(shoes.post(f"{thread}/messages", {"text": "请联系"}, headers={"Idempotency-Key": "k"}))
        assert self.messages(town) == 1

    def test_another_account_with_the_same_key_acts_for_itself(self, town: DealCity, thread: str) -> None:
        for who in ("shoes", "college"):
            done(town.at(who).post(f"{thread}/messages", {"text": "请联系", "act_key": "k"}))
        assert self.messages(town) == 2
        assert town.at("umbrellas").post(f"{thread}/messages", {"text": "请联系", "act_key": "k"}).status_code == 404

    def test_the_notice_is_told_again(self, town: DealCity) -> None:
        deal = opened(town)
        shoes = town.at("shoes")
        form = {"contract_number": "HT-1", "signed_on": town.today, "amount_yuan": "1000", "act_key": "k"}
        pages = [shoes.post(f"/trade/deals/{deal}/sign", form, follow_redirects=True).text for _ in range(2)]
        notices = [re.findall(r'class="alert alert-success.*?</div>', page, re.S) for page in pages]
        assert notices[0] and notices[0] == notices[1]

    def test_a_refused_form_may_be_sent_again_with_its_key(self, town: DealCity) -> None:
        deal = opened(town)
        shoes = town.at("shoes")
        pay = {"paid_on": town.today, "amount_yuan": "1000", "voucher": "7", "act_key": "k"}
        assert shoes.post(f"/trade/deals/{deal}/pay", pay).status_code == 409  # not signed yet
        done(signed(town, deal))
        for _ in range(2):
            done(shoes.post(f"/trade/deals/{deal}/pay", pay))
        with town.city.unit() as unit:
            assert unit.session.scalar(sa.select(sa.func.count()).select_from(DealPayment)) == 1

    def test_what_is_kept_tells_nobody_what_was_shown(self, town: DealCity, thread: str) -> None:
        for who in ("shoes", "college"):
            done(town.at(who).post(f"{thread}/agree"))
        shown = town.at("college").post(f"{thread}/reveal", {"act_key": "k"})
        assert shown.text == town.at("college").post(f"{thread}/reveal", {"act_key": "k"}).text
        with town.city.unit() as unit:
            kept = b"".join(each or b"" for each in unit.session.scalars(sa.select(FormKey.answer)))
        assert len(kept) > 1000 and b"<html" not in kept and b"shoes" not in kept

    @pytest.mark.parametrize(("seconds", "left"), [(-1, 1), (0, 1), (1, 0)])
    def test_a_key_is_kept_for_a_day(self, town: DealCity, seconds: int, left: int) -> None:
        asked = {"patent_id": 1, "demand_id": town.city.own_demand(), "act_key": "k"}
        done(town.at("shoes").post("/trade/threads", asked))
        town.city.clock.forward(seconds=KEPT.total_seconds() + seconds)
        with town.city.unit() as unit:
            assert forget_keys(unit) == 1 - left
            assert unit.session.scalar(sa.select(sa.func.count()).select_from(FormKey)) == left


def test_a_key_sent_again_from_many_threads_acts_once_and_tells_nobody_else(either_town: DealCity) -> None:
    """P6: of 32 sendings under one key, some with another text, one is done and its like are answered the same."""
    town = either_town
    asked = {"patent_id": 1, "demand_id": town.city.own_demand()}
    thread = f"/trade/threads/{place(town.at('shoes').post('/trade/threads', asked))}"
    people = [town.at("shoes") for _ in range(32)]
    for number_of_key in range(cases(4, 157)):
        key = f"key {number_of_key}"
        texts = ["请联系" if at % 4 else "另一句" for at in range(len(people))]

        def send(person: Person, text: str, key: str = key) -> tuple[int, str]:
            answer = person.post(f"{thread}/messages", {"text": text}, headers={"Idempotency-Key": key})
            return answer.status_code, answer.location or re.sub(r"\s+", " ", answer.text)

        with ThreadPoolExecutor(len(people)) as pool:
            answers = list(pool.map(send, people, texts))
        done_text = next(text for text, (status, _) in zip(texts, answers, strict=True) if status == 302)
        for text, (status, told) in zip(texts, answers, strict=True):
            assert status == (302 if text == done_text else 409), (text, told)
        assert len({told for status, told in answers if status == 302}) == 1
        with town.city.unit() as unit:
            said = list(unit.session.scalars(sa.select(ThreadMessage.text).order_by(ThreadMessage.id)))
        assert len(said) == number_of_key + 1 and said[-1] == done_text
        assert town.at("umbrellas").post(f"{thread}/messages", {"text": done_text, "act_key": key}).status_code == 404


class TestPayments:
    @pytest.fixture
    def deal(self, town: DealCity) -> int:
        return self.contract(town)

    def contract(self, town: DealCity) -> int:
        """A deal signed over 80,000 yuan."""
        deal = opened(town)
        done(signed(town, deal))
        return deal

    def pay(self, town: DealCity, deal: int, yuan: int, voucher: str) -> TestResponse:
        fields = {"paid_on": town.today, "amount_yuan": yuan, "voucher": voucher}
        return town.at("shoes").post(f"/trade/deals/{deal}/pay", fields)

    @pytest.mark.parametrize(("yuan", "status"), [(49_999, 302), (50_000, 302), (50_001, 409)])
    def test_they_do_not_exceed_the_contract(self, town: DealCity, deal: int, yuan: int, status: int) -> None:
        done(self.pay(town, deal, 30_000, "1"))
        answer = self.pay(town, deal, yuan, "2")
        assert answer.status_code == status
        assert ("付款合计将超出合同金额" in answer.text) is (status == 409)

    def test_a_voucher_proves_one_payment_however_it_is_written(self, town: DealCity, deal: int) -> None:
        done(self.pay(town, deal, 1000, "HD-2025 7"))
        answer = self.pay(town, deal, 1000, "回单号：ｈｄ２０２５/7")
        assert answer.status_code == 409 and "已用于另一条记录" in answer.text
        offer = place(town.at("college").post("/trade/offers/new", OFFER))
        licence = place(town.at("shoes").post(f"/trade/offers/{offer}/accept"))
        fee = {"paid_on": town.today, "paid_yuan": 20000, "voucher": "hd20257"}
        assert town.at("shoes").post(f"/trade/licences/{licence}/payment", fee).status_code == 409

    def test_two_at_once_cannot_exceed_it_together(self, postgres_city: City) -> None:
        town = DealCity(postgres_city, create_app(postgres_city.runtime))
        deal = self.contract(town)
        with ThreadPoolExecutor(TIMES) as pool:
            answers = list(pool.map(lambda number: self.pay(town, deal, 30_000, str(number)).status_code, range(TIMES)))
        assert sorted(answers)[:3] == [302, 302, 409]


@pytest.fixture(params=["sqlite", "postgresql"])
def either_town(request: pytest.FixtureRequest) -> DealCity:
    found: City = request.getfixturevalue("city" if request.param == "sqlite" else "postgres_city")
    return DealCity(found, create_app(found.runtime))


def test_equal_facts_sent_at_once_under_keys_of_their_own_are_recorded_once(either_town: DealCity) -> None:
    town = either_town
    deal = opened(town)
    done(signed(town, deal))
    demand = town.city.own_demand()
    thread = place(town.at("shoes").post("/trade/threads", {"patent_id": 1, "demand_id": demand}))
    offer = place(town.at("college").post("/trade/offers/new", OFFER))
    licence = place(town.at("shoes").post(f"/trade/offers/{offer}/accept"))
    pay = {"paid_on": town.today, "amount_yuan": 1000}
    facts: list[tuple[str, str, dict[str, Any], str, list[str]]] = [
        ("shoes", f"/trade/deals/{deal}/pay", {**pay, "voucher": "77"}, "", ["deal_payments"]),
        ("shoes", f"/trade/deals/{deal}/pay", pay, "回单", ["deal_payments", "evidence_files"]),
        ("operator", f"/operator/records/deals/{deal}/evidence", {"purpose": "contract"}, "合同二", ["evidence_files"]),
        ("shoes", f"/trade/deals/{deal}/step", {"to": "registered", "on": town.today, "number": "EE-1"}, "", ["deal_events"]),
        ("shoes", f"/trade/licences/{licence}/payment", {"paid_on": town.today, "paid_yuan": 20000, "voucher": "78"}, "", []),
        ("shoes", f"/trade/licences/{licence}/filing", {"filed_on": town.today, "number": "BA-1"}, "", []),
        ("shoes", "/trade/threads", {"patent_id": 4, "demand_id": demand}, "", ["threads"]),
        ("college", f"/trade/threads/{thread}/agree", {}, "", []),
        ("college", "/trade/listings/new", {"number": number(2), "modes": ["transfer"], "maturity": "lab", "price_yuan": "5万"}, "", ["patent_offers"]),
        ("visitor", "/account/register", REGISTRATION, "", ["registrations"]),
    ]  # fmt: skip
    for who, path, fields, file, tables in facts:
        people, before = [town.at(who) for _ in range(TIMES)], rows(town.city.runtime)

        def send(person: Person, path: str = path, fields: dict[str, Any] = fields, file: str = file) -> int:
            more = {"file": (BytesIO(letter(file)), f"{file}.eml")} if file else {}
            return person.post(path, {**fields, **more}).status_code

        with ThreadPoolExecutor(TIMES) as pool:
            statuses = [*pool.map(send, people), send(town.at(who))]
        after = rows(town.city.runtime)
        assert max(statuses) < 500 and min(statuses) < 400, (path, statuses)
        assert [after[table] - before[table] for table in tables] == [1] * len(tables), (path, statuses)


def test_who_loses_a_unique_key_is_told(city: City) -> None:
    with pytest.raises(Conflict) as refused, city.unit() as unit:
        unit.session.add_all([FormKey(owner="a", key_hash="b", digest="", used_at=unit.now) for _ in range(2)])
    assert refused.value.code == "written_meanwhile"


def test_every_form_that_posts_carries_a_key_of_its_own(town: DealCity) -> None:
    place(town.at("shoes").post("/trade/threads", {"patent_id": 1, "demand_id": town.city.own_demand()}))
    deal = opened(town)
    keys: list[str] = []
    for who, path in (("shoes", f"/trade/deals/{deal}"), ("operator", f"/bureau/records/deals/{deal}"),
                      ("shoes", "/trade/threads/1"), ("operator", "/operator/pushes"), ("visitor", "/account/register")):  # fmt: skip
        forms = re.findall(r'<form[^>]*method="post".*?</form>', town.at(who).get(path).text, re.S)
        assert forms
        keys += [re.findall(r'name="act_key" value="([^"]{20,})"', form)[0] for form in forms]
    assert len(set(keys)) == len(keys)
