"""Nothing typed is lost (PROMISES.md P29): a form whose token or session ended comes back as it was typed."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.services.small_city import City, built_city, city
from tests.web.acts import ACTS, Act
from tests.web.installation import PASSWORD, Clock
from tests.web.people import Person
from tests.web.test_once import Street, rows

__all__ = ["built_city", "city"]
_MARK = re.compile(r'<meta name="form-owner" content="([^"]+)"')
_KEPT = re.compile(r'name="kept_form"[^>]* value="([^"]+)"')
DEMAND = {"title": "鞋底开胶怎么办", "text": "潮湿环境穿着后鞋底与鞋面开胶，需要更好的胶粘剂。", "object": "运动鞋鞋底"}


def mark_of(person: Person) -> str:
    """Whose forms this browser's pages hold."""
    found = _MARK.search(person.get("/").text)
    assert found is not None
    return found[1]


def sent_stale(person: Person, path: str, fields: Mapping[str, Any]) -> TestResponse:
    """A form sent with a token that is none any more."""
    data = {**fields, "csrf_token": "expired", "act_key": "k" * 12, "form_owner": mark_of(person)}
    return person.client.post(path, data=data)


def left(app: Flask, clock: Clock, role: str, path: str, fields: dict[str, str]) -> tuple[Person, str]:
    """A person whose session ended with a page open; the answer to its form as the browser shows it."""
    person = Person(app, role)
    mark, token = mark_of(person), person.form_token()
    clock.forward(timedelta(hours=13))
    data = {**fields, "csrf_token": token, "act_key": "k" * 12, "form_owner": mark}
    answer = person.client.post(path, data=data)
    assert answer.status_code == 401
    return person, answer.text


def signed_in(person: Person, login: str, kept: str, password: str = PASSWORD) -> TestResponse:
    """The answer to a sign-in page that carried something."""
    fields = {"login": login, "password": password, "kept_form": kept}
    return person.post("/account/sign-in", fields, follow_redirects=True)


def carried_in(text: str) -> str:
    found = _KEPT.search(text)
    assert found is not None
    return unescape(found[1])


class TestAnExpiredToken:
    def test_the_form_comes_back_filled_with_one_sentence_and_nothing_is_done(self, app: Flask) -> None:
        firm = Person(app, "enterprise")
        answer = sent_stale(firm, "/enterprise/demands", {**DEMAND})
        assert answer.status_code == 422
        assert "页面打开时间过长，这次没有提交" in answer.text
        assert all(value in answer.text for value in DEMAND.values())
        assert answer.text.count('name="csrf_token"') and "expired" not in answer.text

    def test_what_the_page_of_another_account_said_is_shown_to_nobody(self, app: Flask) -> None:
        firm, other = Person(app, "enterprise"), Person(app, "operator")
        mark = mark_of(firm)
        answer = other.client.post("/enterprise/demands", data={**DEMAND, "csrf_token": "x", "form_owner": mark})
        assert answer.status_code == 403 and DEMAND["object"] not in answer.text

    def test_a_mark_made_by_hand_opens_nothing(self, app: Flask) -> None:
        firm = Person(app, "enterprise")
        body = mark_of(firm).rpartition(".")[0]
        for mark in ("", "1", f"{body}.{'0' * 64}", body, "ä.ö"):
            answer = firm.client.post("/enterprise/demands", data={**DEMAND, "csrf_token": "x", "form_owner": mark})
            assert answer.status_code == 403 and DEMAND["object"] not in answer.text

    def test_a_password_never_comes_back(self, app: Flask) -> None:
        visitor = Person(app)
        fields = {"login": "somebody", "password": "a very long secret"}
        answer = sent_stale(visitor, "/account/sign-in", fields)
        assert "somebody" in answer.text and "a very long secret" not in answer.text


class TestAnEndedSession:
    def test_after_signing_in_the_form_is_filled_again_and_not_sent(self, app: Flask, clock: Clock) -> None:
        person, page = left(app, clock, "enterprise", "/enterprise/demands", DEMAND)
        assert "登录已过期" in page
        shown = signed_in(person, "enterprise", carried_in(page))
        assert shown.status_code == 200 and all(value in shown.text for value in DEMAND.values())
        back = person.post("/enterprise/demands", {"kept_form": carried_in(shown.text)})
        assert back.status_code == 422 and "您填写的内容已恢复，还没有提交" in back.text
        assert all(value in back.text for value in DEMAND.values())

    def test_a_wrong_password_keeps_it(self, app: Flask, clock: Clock) -> None:
        person, page = left(app, clock, "enterprise", "/enterprise/demands", DEMAND)
        kept = carried_in(page)
        refused = signed_in(person, "enterprise", kept, password="wrong")
        assert refused.status_code == 422 and carried_in(refused.text) == kept

    def test_another_account_neither_sees_nor_sends_it(self, app: Flask, clock: Clock) -> None:
        person, page = left(app, clock, "enterprise", "/enterprise/demands", DEMAND)
        kept = carried_in(page)
        answer = signed_in(person, "operator", kept)
        assert DEMAND["object"] not in answer.text and "用另一个账号填写" in answer.text
        answer = person.post("/enterprise/demands", {"kept_form": kept})
        assert answer.status_code == 403 and DEMAND["object"] not in answer.text

    def test_it_goes_back_only_to_the_address_it_came_from(self, app: Flask, clock: Clock) -> None:
        person, page = left(app, clock, "enterprise", "/enterprise/demands", DEMAND)
        person.sign_in("enterprise")
        answer = person.post("/trade/drafts", {"kept_form": carried_in(page)})
        assert answer.status_code >= 400 and DEMAND["object"] not in answer.text

    def test_secrets_are_not_carried(self, app: Flask, clock: Clock) -> None:
        fields = {"login": "clerk", "display_name": "小张", "password": "a secret sentence"}
        _, page = left(app, clock, "administrator", "/account/all", fields)
        assert "a secret sentence" not in page
        assert b"a secret sentence" not in base64.urlsafe_b64decode(carried_in(page).partition(".")[0])

    def test_what_is_too_long_is_not_carried_and_a_stranger_carries_nothing(self, app: Flask, clock: Clock) -> None:
        person = Person(app, "enterprise")
        mark = mark_of(person)
        clock.forward(timedelta(hours=13))
        long = person.client.post("/enterprise/demands", data={"text": "长" * 200_000, "form_owner": mark})
        assert (long.status_code, long.location) == (302, "/account/sign-in")
        stranger = Person(app).client.post("/enterprise/demands", data={**DEMAND})
        assert (stranger.status_code, stranger.location) == (302, "/account/sign-in")


def told(answer: TestResponse) -> dict[str, str]:
    """What a page's script is told."""
    assert isinstance(answer.json, dict)
    return answer.json


class TestThePasswordOverThePage:
    def state(self, person: Person, mark: str) -> str:
        return str(told(person.get("/account/session", query_string={"owner": mark}))["state"])

    def test_a_page_hears_whether_its_account_is_signed_in(self, app: Flask, clock: Clock) -> None:
        firm, other = Person(app, "enterprise"), Person(app, "operator")
        mark = mark_of(firm)
        assert (self.state(firm, mark), self.state(other, mark)) == ("same", "other")
        clock.forward(timedelta(hours=13))
        assert self.state(firm, mark) == "ended"

    def test_the_password_of_the_pages_account_opens_its_session_again(self, app: Flask, clock: Clock) -> None:
        firm = Person(app, "enterprise")
        mark = mark_of(firm)
        clock.forward(timedelta(hours=13))
        wrong = firm.post("/account/session", {"owner": mark, "password": "wrong"})
        assert wrong.status_code == 422 and "不正确" in told(wrong)["sentence"]
        answer = told(firm.post("/account/session", {"owner": mark, "password": PASSWORD}))
        assert answer["state"] == "same" and self.state(firm, mark) == "same"
        data = {"csrf_token": answer["token"], "act_key": "k" * 12, "form_owner": mark}
        assert firm.client.post("/account/sign-out", data=data).status_code == 302

    def test_nobody_signs_in_by_a_mark_made_by_hand(self, app: Flask) -> None:
        stranger = Person(app)
        for mark in ("", "1", "MQ==.00"):
            answer = stranger.post("/account/session", {"owner": mark, "password": PASSWORD})
            assert answer.status_code == 422 and not stranger.is_signed_in()


def shows(text: str, act: Act) -> list[str]:
    """What was typed into a form and is not on the page."""
    page = unescape(text)
    values = [each for value in act.fields.values() for each in (value if isinstance(value, list) else [value])]
    secret = {str(act.fields.get(name)) for name in ("password", "code")}
    return [str(each) for each in values if str(each) not in secret and str(each) not in page]


def test_every_form_comes_back_as_it_was_typed_and_does_nothing(city: City) -> None:
    """Each form of ``acts`` is sent with a stale token first: no row changes, and everything typed is on the page."""
    street = Street(city)
    lost: list[tuple[str, list[str]]] = []
    for act in ACTS:
        person = street.at(act.who)
        before = rows(street.city.runtime)
        answer = sent_stale(person, act.path.format(**street.ids), dict(act.fields))
        assert answer.status_code in (409, 422), (act.path, answer.status_code, answer.text[-600:])
        assert rows(street.city.runtime) == before, act.path
        if missing := shows(answer.text, act):
            lost.append((act.path, missing))
        street.act(act, 1)
    assert lost == []


# Values of these are no entries of people: which held rows are meant, whether a job tries or writes, where a star leads
# back to. A draft keeps what is typed, right or wrong.
UNCHECKED = {
    "/operator/reviews/retry",
    "/intake/uploads/{upload}/jobs",
    "/enterprise/demands/draft/keep",
    "/enterprise/favourites/1",
}
WRONG = "错" * 6_001  # too long for every text, and no number, day, amount, address or choice


def test_no_form_with_wrong_values_is_answered_by_a_bare_page(city: City) -> None:
    """Each form of ``acts`` with every field wrong: its own page or the one it was sent from, with a sentence."""
    street = Street(city)
    bare: list[tuple[str, int]] = []
    for act in (each for each in ACTS if each.fields or not each.file):
        person = street.at(act.who)
        path = act.path.format(**street.ids)
        fields = {name: WRONG for name, value in act.fields.items() if isinstance(value, str) and value != "y"}
        if fields:
            before = rows(street.city.runtime)
            answer = person.post(path, {**act.fields, **fields})
            fine = answer.status_code >= 400 and answer.mimetype == "text/html" and 'id="fault"' not in answer.text
            told = re.search("invalid-feedback|alert-danger", answer.text)
            if not (fine and told and rows(street.city.runtime) == before) and act.path not in UNCHECKED:
                bare.append((act.path, answer.status_code))
        street.act(act, 1)
    assert not bare, "\n".join(map(str, bare))
