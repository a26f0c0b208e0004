"""P18 as deployed: behind a web server each visitor has an address of his own, and nobody chooses one for himself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask, request

from matchhub.errors import SettingInvalid
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.settings import read_settings
from tests.web.installation import PASSWORD
from tests.web.people import Person
from web import create_app

PROXY, STRANGER, OWNER = "10.0.0.7", "203.0.113.5", "198.51.100.20"
Site = Callable[[str], Flask]


@pytest.fixture
def site(app: Flask, runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The application with these web servers trusted."""

    def made(trusted: str) -> Flask:
        home = tmp_path_factory.mktemp("settings")
        read = read_settings({"MATCHHUB_HOME": str(home), "MATCHHUB_TRUSTED_PROXIES": trusted})
        runtime.settings = replace(runtime.settings, trusted_proxies=read.trusted_proxies)
        return create_app(runtime)

    return made


def seen(app: Flask, remote: str, said: str, scheme: str = "") -> tuple[str | None, str]:
    """Address and scheme that the application takes a request to come from."""
    found: list[tuple[str | None, str]] = []

    def note() -> None:
        found.append((request.remote_addr, request.scheme))

    app.before_request_funcs.setdefault(None, []).insert(0, note)
    headers = {"X-Forwarded-For": said} | ({"X-Forwarded-Proto": scheme} if scheme else {})
    app.test_client().get("/healthz", headers=headers, environ_base={"REMOTE_ADDR": remote})
    return found[0]


@pytest.mark.parametrize(
    ("trusted", "remote", "said", "address"),
    [
        ("", PROXY, OWNER, PROXY),
        ("10.0.0.0/24", PROXY, OWNER, OWNER),
        ("10.0.0.0/24", STRANGER, OWNER, STRANGER),
        ("10.0.0.0/24", PROXY, f"{OWNER}, {STRANGER}", STRANGER),
        ("10.0.0.0/24", PROXY, f"{OWNER}, 10.0.0.8", OWNER),
        ("10.0.0.0/24", PROXY, "", PROXY),
        ("10.0.0.0/24", PROXY, "unknown", PROXY),
        ("10.0.0.7 ::1", "::1", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_a_trusted_proxys_word_on_the_visitor_is_believed_and_nobody_elses(
    site: Site, trusted: str, remote: str, said: str, address: str
) -> None:
    assert seen(site(trusted), remote, said)[0] == address


@pytest.mark.parametrize(("remote", "said", "scheme"), [
    (PROXY, "https", "https"), (PROXY, "ftp", "http"), (STRANGER, "https", "http"),
])  # fmt: skip
def test_the_scheme_is_the_trusted_proxys(site: Site, remote: str, said: str, scheme: str) -> None:
    assert seen(site(PROXY), remote, OWNER, said)[1] == scheme


def through(app: Flask, login: str, password: str, said: str, remote: str = PROXY) -> bool:
    person = Person(app)
    person.client.environ_base["HTTP_X_FORWARDED_FOR"] = said
    person.sign_in(login, password, environ_base={"REMOTE_ADDR": remote})
    return person.is_signed_in()


def test_a_strangers_wrong_passwords_lock_nobody_else_out(site: Site) -> None:
    app = site(PROXY)
    for number in range(22):
        assert not through(app, f"nobody {number}", "wrong", STRANGER)
    assert not through(app, "operator", PASSWORD, STRANGER)
    assert through(app, "operator", PASSWORD, OWNER)


def test_an_address_written_by_the_stranger_gives_no_further_tries(site: Site) -> None:
    app = site(PROXY)
    for number in range(22):
        through(app, f"nobody {number}", "wrong", f"192.0.2.{number}, {STRANGER}")
        through(app, f"nobody else {number}", "wrong", f"192.0.2.{number}", "203.0.113.9")
    assert not through(app, "operator", PASSWORD, f"192.0.2.200, {STRANGER}")
    assert not through(app, "operator", PASSWORD, "192.0.2.201", "203.0.113.9")


def test_what_is_no_address_is_told_at_the_start(site: Site) -> None:
    with pytest.raises(SettingInvalid) as refused:
        site("127.0.0.1, proxy.example")
    assert refused.value.code == "trusted_proxies_invalid" and refused.value.data["value"] == "proxy.example"
