"""The gate: no route without its act, nobody led away, nobody let through."""

from __future__ import annotations

import pytest
from flask import Flask

from matchhub.domain.permissions import role_names
from matchhub.services.kernel.runtime import Runtime
from tests.web.people import Person
from web import create_app, gate


def test_a_route_without_declaration_keeps_the_application_from_starting(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgotten(app: Flask) -> None:
        app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")

    monkeypatch.setattr("web.errors.set_up_errors", forgotten)
    with pytest.raises(gate.ActMissing, match="forgotten"):
        create_app(runtime)


def test_an_act_that_the_table_does_not_hold_cannot_be_declared() -> None:
    with pytest.raises(gate.ActMissing, match="demand.burn"):
        gate.act("demand.burn")


def test_a_visitor_is_sent_to_sign_in_and_comes_back(app: Flask, visitor: Person) -> None:
    answer = visitor.get("/account/password?x=1")
    assert (answer.status_code, answer.location) == (302, "/account/sign-in?next=/account/password?x%3D1")
    answer = visitor.post(answer.location, {"login": "operator", "password": "a fine long sentence"})
    assert (answer.status_code, answer.location) == (302, "/account/password?x=1")


def test_a_part_of_a_page_tells_the_browser_to_sign_in(visitor: Person) -> None:
    answer = visitor.get("/enterprise/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/account/sign-in")


def test_what_a_page_sends_while_somebody_types_never_leads_away_from_what_was_typed(visitor: Person) -> None:
    answer = visitor.post("/enterprise/demands/draft", {"text": "鞋底开胶"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (401, "session-ended")
    assert "HX-Redirect" not in answer.headers


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\n//evil.example",
        "evil",
        "",
        None,
    ],
)
def test_no_link_leads_a_signed_in_person_away(target: str | None) -> None:
    assert gate.safe_target(target, "/home") == "/home"


@pytest.mark.parametrize("target", ["/", "/patents?q=鞋&page=2", "/enterprise/demands/3"])
def test_a_path_of_this_site_is_followed(target: str) -> None:
    assert gate.safe_target(target, "/home") == target


@pytest.mark.parametrize(
    ("login", "first"),
    [
        ("enterprise", "/enterprise/"),
        ("institution", "/institution/"),
        ("operator", "/operator/"),
        ("reviewer", "/bureau/"),
        ("auditor", "/bureau/"),
        ("administrator", "/account/all"),
    ],
)
def test_each_role_lands_on_its_own_page(visitor: Person, login: str, first: str) -> None:
    answer = visitor.sign_in(login)
    assert (answer.status_code, answer.location) == (302, first)
    assert visitor.get(first).status_code == 200


@pytest.mark.parametrize("role", role_names())
def test_the_bar_offers_only_what_opens(app: Flask, role: str) -> None:
    import re

    person = Person(app, role)
    bar = person.get("/").text.split("</header>")[0]
    links = re.findall(r'class="nav-link" href="([^"]+)"', bar)
    assert links
    assert {link: person.get(link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize(
    ("path", "offered", "open_besides"),
    [
        ("/bureau/base", {"reviewer", "auditor", "administrator"}, {"operator"}),
        ("/trade/listings", {"institution", "operator"}, {"enterprise"}),
    ],
)
def test_the_bar_offers_a_page_to_some_of_those_who_may_open_it(
    app: Flask, path: str, offered: set[str], open_besides: set[str]
) -> None:
    people = {role: Person(app, role) for role in role_names()}
    bars = {role: person.get("/").text.split("</header>")[0] for role, person in people.items()}
    assert {role for role, bar in bars.items() if f'href="{path}"' in bar} == offered
    assert {role for role, person in people.items() if person.get(path).status_code == 200} == offered | open_besides
