"""Nobody acts for an organisation without its confirmation (PROMISES.md P27), and nobody reads another's (P15).

Every route and method is asked by impostors with the numbers of others, and by two firms and two institutions with each
other's. What an impostor gets must be what a visitor gets, or the way to its own waiting page, or its own entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from matchhub.db.base import Base
from matchhub.db.tables import DealParty, Demand, Enterprise, PatentHolder
from matchhub.domain.permissions import VISITOR, permissions
from matchhub.services.accounts.accounts import add_account
from matchhub.services.accounts.applicants import Applicant
from matchhub.services.accounts.registration import register_enterprise
from matchhub.wording import sentence
from tests.domain.factories import uscc
from tests.services.small_city import COLLEGE, SHOES, ZIPPERS, City, built_city, opened_copy
from tests.web.acts import ACTS
from tests.web.people import Person
from tests.web.test_once import Street
from web import create_app
from web.gate import act_of

__all__ = ["built_city"]

# Written by the forms that fill the city; none of it is public.
SECRETS = ("HT-1", "80000", "80,000", "90,000", "请寄样品", "见附件", "0595-12345678", "wang@shoes.example", "已签约",
           "运动鞋在潮湿环境穿着后", "office@shoes.example", "回单")  # fmt: skip
UNCOUNTED = {"form_keys", "account_sessions", "attempts"}
LEFT_OUT = {
    "account.sign_out",
    "account.register",
    "account.sign_in",
    "account.choose_language",
    "account.export_data",
    "status.metrics",
}  # the one before hands a person's own data out and is logged, the last one counts requests
MISSING = 987654
LEADS_ON = ("/account/waiting", "/enterprise/demands/new")
TEXT = re.compile(r">([^<>]+)<")
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_WORDS = {"code": "en", "filename": "app.css", "kind": "deals", "token": "no-such-token", "goal": "patents"}


@pytest.fixture(scope="module")
def busy(built_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city in which forms of every kind were sent; tests of this module only read it."""
    with opened_copy(built_city, tmp_path_factory.mktemp("busy") / "home") as city:
        street = Street(city)
        for act in ACTS:
            street.act(act, 1)
        yield city


@pytest.fixture(scope="module")
def pages(busy: City) -> Flask:
    return create_app(busy.runtime)


OWN_HOME = "进入我的首页"  # in the place of the way to sign in


def account(city: City, login: str, name: str, code: str = "") -> None:
    """A registration of a firm, or an account of an institution that nobody confirmed."""
    with city.unit() as unit:
        if code:
            register_enterprise(unit, Applicant(code, name, "某人", "000-1", "", login, "a fine long sentence"))
        else:
            add_account(unit, login=login, display_name=login, role="institution", organisation_name=name,
                        organisation_kind="institution", password="a fine long sentence")  # fmt: skip


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Method, rule and endpoint of everything that is served, but for signing in and out."""
    return sorted(
        (method, rule.rule, rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in LEFT_OUT
        if not rule.rule.startswith("/api/v1/")  # by key, never by the cookie: tests/web/api
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def path_of(rule: str, number: int) -> str:
    return _PARAMETER.sub(lambda found: _WORDS.get(found[1], str(number)), rule)


class Asker:
    """One browser that asks with one form token."""

    def __init__(self, app: Flask, who: str) -> None:
        self.person = Person(app, who)
        self.token = self.person.form_token()

    def ask(self, method: str, path: str) -> tuple[int, str, str]:
        """Status, where it leads to, and what the page says."""
        data = None if method == "GET" else {"csrf_token": self.token}
        answer = self.person.client.open(path, method=method, data=data)
        return answer.status_code, answer.location or "", answer.text


def texts(page: str) -> set[str]:
    """What a page says, without its frame and its forms."""
    text = page.split('id="content"')[-1].split("</main>")[0]
    return {each.strip() for each in TEXT.findall(re.sub(r"<form.*?</form>", "", text, flags=re.DOTALL))}


@contextmanager
def unchanged(city: City) -> Iterator[None]:
    """Nothing is stored inside the block, but for sessions and counted attempts."""

    def counted() -> dict[str, int]:
        with city.runtime.unit(write=False) as unit:
            tables = [table for table in Base.metadata.sorted_tables if table.name not in UNCOUNTED]
            return {
                each.name: unit.session.scalar(sa.select(sa.func.count()).select_from(each)) or 0 for each in tables
            }

    before = counted()
    yield
    assert counted() == before


IMPOSTORS = (
    ("named", COLLEGE, uscc(77)),  # a firm of its own code under the name of a holder
    ("coded", ZIPPERS, uscc(3)),  # name and code of a firm of the base
    ("added", COLLEGE + "　", ""),  # an account of an institution that nobody confirmed
)


@pytest.mark.parametrize(("login", "name", "code"), IMPOSTORS, ids=[each[0] for each in IMPOSTORS])
def test_an_impostor_sees_on_every_route_what_a_visitor_sees(
    busy: City, pages: Flask, login: str, name: str, code: str
) -> None:
    if code == uscc(3):
        with busy.unit() as unit:  # as before anybody of the firm had an account
            firm = sa.select(Enterprise.id).where(Enterprise.name == ZIPPERS).scalar_subquery()
            assert unit.session.scalar(sa.select(sa.func.count()).where(Demand.enterprise_id == firm)) == 0
    account(busy, login, name, code)
    impostor, visitor = Asker(pages, login), Asker(pages, VISITOR)
    own = permissions().unconfirmed
    wrong = []
    with unchanged(busy):
        for method, rule, endpoint in routes(pages):
            act = act_of(pages, endpoint) or ""
            for number in (1,):
                path = path_of(rule, number)
                status, location, page = impostor.ask(method, path)
                open_to_all, more = permissions().may(VISITOR, act), set[str]()
                if open_to_all:
                    seen = visitor.ask(method, path)
                    more = texts(page) - texts(seen[2]) - {sentence("account_unconfirmed"), OWN_HOME}
                    fine = (status, location) == seen[:2] and not more
                elif act in own:
                    fine = not [secret for secret in SECRETS if secret in page]
                    fine &= "<int" not in rule or status in (302, 403, 404, 422)
                    # The one form of demands is walked itself; here it only matters that nothing is said on the way.
                    fine &= status != 302 or location in LEADS_ON or endpoint.startswith("account.")
                else:
                    fine = status == 403 or (status, location) == (302, "/account/waiting")
                if not fine:
                    wrong.append(f"{method} {path}: {status} {location} {more}")
    assert wrong == [], "\n".join(wrong)


PAIRS = (("umbrellas", "shoes"), ("shoes", "umbrellas"), ("school", "college"), ("college", "school"))
# Shown to everybody of the role: demands that the desk published, experts, offers, which are public.
SHARED = re.compile(
    r"demand\.(read_published|answer)|expert\.|patent\.ask_contact|account\.|offer\.(accept$|change)|registration\."
)


@pytest.mark.parametrize(("reader", "owner"), PAIRS, ids=[f"{each[0]} reads {each[1]}" for each in PAIRS])
def test_of_another_a_number_is_as_good_as_none(busy: City, pages: Flask, reader: str, owner: str) -> None:
    asker = Asker(pages, reader)
    numbers = numbers_of(busy, owner, reader)
    wrong = []
    with unchanged(busy):
        for method, rule, endpoint in routes(pages):
            act = act_of(pages, endpoint) or ""
            names = _PARAMETER.findall(rule)
            if "<int" not in rule or permissions().may(VISITOR, act) or SHARED.match(act) or names[0] not in numbers:
                continue
            for number in numbers[names[0]]:
                path = _PARAMETER.sub(lambda found, n=number: str(n), rule)  # type: ignore[misc]
                status, _, page = asker.ask(method, path)
                none = asker.ask(method, _PARAMETER.sub(str(MISSING), rule))[0]
                if status != none or (owner in ("shoes", "college") and any(secret in page for secret in SECRETS)):
                    wrong.append(f"{method} {path} ({act}): {status}, not {none}")
    assert wrong == [], "\n".join(wrong)


def numbers_of(city: City, owner: str, reader: str) -> dict[str, list[int]]:
    """Numbers of the owner's records that are not the reader's too, by the name of the address's part."""
    from matchhub.db.tables import Deal, DemandDraft, Licence, Offer, PatentOffer, Push, Thread

    who, other = city.actors[owner], city.actors[reader]
    firm, place = who.enterprise_id or 0, who.organisation_id or 0
    name = {"shoes": SHOES, "college": COLLEGE}.get(owner, "-")
    holders = sa.select(PatentHolder.patent_id).where(PatentHolder.name == name)
    parties = sa.select(DealParty.deal_id).where(DealParty.name == name)
    wanted = {
        "demand_id": sa.select(Demand.id).where(Demand.enterprise_id == firm),
        "draft_id": sa.select(DemandDraft.id).where(DemandDraft.enterprise_id == firm),
        "thread_id": sa.select(Thread.id).where(sa.or_(Thread.enterprise_id == firm, Thread.organisation_id == place)),
        "deal_id": sa.select(Deal.id).where(Deal.id.in_(parties)),
        "offer_id": sa.select(Offer.id).where(Offer.patent_id.in_(holders)),
        "licence_id": sa.select(Licence.id).where(Licence.enterprise_id == firm),
        "patent_offer_id": sa.select(PatentOffer.id).where(PatentOffer.organisation_id == place),
        "push_id": sa.select(Push.id).where(Push.enterprise_id == firm),
        "patent_id": holders,
    }
    assert other.organisation_id != place
    with city.runtime.unit(write=False) as unit:
        return {key: list(unit.session.execute(chosen).scalars())[:1] for key, chosen in wanted.items()}
