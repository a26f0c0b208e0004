"""The walls on both engines: pages open, and guessing stays bounded when many guess at the same moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from matchhub.errors import Refusal
from matchhub.services.accounts import accounts
from matchhub.services.evidence.checking import check_evidence
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import SYSTEM
from tests.web.installation import USCC, Clock, fill
from tests.web.people import Person
from web import create_app

PAGES = (
    "/",
    "/search?q=鞋底",
    "/patents?q=防滑&validity=in_force&ipc=A43B",
    "/patents/1",
    "/offers",
    "/demands",
    "/agencies",
)


@pytest.fixture
def postgres_runtime(postgres_url: str, tmp_path: Path) -> Iterator[Runtime]:
    opened, _ = open_runtime(Settings(tmp_path, postgres_url, "a key for tests only"))
    opened.clock = Clock()
    with opened.unit(SYSTEM) as unit:
        fill(unit)
    yield opened
    opened.close()


def guess_at_once(runtime: Runtime, times: int) -> Counter[str]:
    def guess(_: int) -> str:
        try:
            accounts.sign_in(runtime, "operator", "wrong", "203.0.113.7")
        except Refusal as refusal:
            return refusal.code
        return "in"

    with ThreadPoolExecutor(8) as pool:
        return Counter(pool.map(guess, range(times)))


def test_guesses_at_the_same_moment_are_bounded(runtime: Runtime) -> None:
    assert guess_at_once(runtime, 16) == {"sign_in_refused": 5, "limit_reached": 11}


def test_guesses_at_the_same_moment_are_bounded_on_postgresql(postgres_runtime: Runtime) -> None:
    assert guess_at_once(postgres_runtime, 16) == {"sign_in_refused": 5, "limit_reached": 11}


def test_the_public_pages_and_signing_in_work_on_postgresql(postgres_runtime: Runtime) -> None:
    person = Person(create_app(postgres_runtime))
    assert {page: person.get(page).status_code for page in PAGES} == dict.fromkeys(PAGES, 200)
    assert '/patents/1"' in person.get("/patents?q=防滑&validity=in_force&ipc=A43B").text
    assert person.sign_in("enterprise").status_code == 302
    assert person.is_signed_in()
    assert person.post("/account/sign-out").status_code == 302
    assert not person.is_signed_in()


FOUND = {
    "/patents?q=鞋底&type=invention&validity=in_force&ipc=a43b&holder=福建&mode=open_licence&most=20000&year=2017": "/patents/1",
    "/patents?q=201710601862.3": "/patents/1",
    "/offers?q=鞋底&regime=cnipa&fee=fixed&most=20000&until=2026-01-01&type=invention": "一种防滑耐磨",
    "/demands?q=鞋底&field=鞋服&state=verified&year=2025": "/operator/demands/1",
    "/agencies?q=代理&service=专利&licensed=1": "文华",
    "/enterprises?q=鞋业&local=yes": "恒步鞋业",
}


def test_every_kind_is_found_under_its_filters_on_postgresql(postgres_runtime: Runtime) -> None:
    person = Person(create_app(postgres_runtime), "operator")
    pages = {path: person.get(path) for path in FOUND}
    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(FOUND, 200)
    rows = {path: "".join(page.text.split('<ul class="rows">')[1:]) for path, page in pages.items()}
    plain = {path: text.replace("<mark>", "").replace("</mark>", "") for path, text in rows.items()}
    assert {path: FOUND[path] in text for path, text in plain.items()} == dict.fromkeys(FOUND, True)
    for path in (
        "/experts?field=x&organisation=x&title=x",
        "/enterprises?industry=x&place=x&category=x",
        "/demands?q=鞋底火箭&industry=x&form=x&least=5",
        "/search?q=鞋底火箭",
    ):
        assert person.get(path).status_code == 200


def test_relations_evidence_and_losses_work_on_postgresql(postgres_runtime: Runtime) -> None:
    operator, bureau = (
        Person(create_app(postgres_runtime), "operator"),
        Person(create_app(postgres_runtime), "reviewer"),
    )
    said = {"left": "福建师范大学", "right": USCC, "relation": "shareholder", "evidence": "年报"}
    assert operator.post("/trade/relations", said).status_code == 302
    assert "福建师范大学" in bureau.get("/trade/relations?q=恒步").text
    assert bureau.post("/trade/relations/1/withdraw", {"r1-reason": "已核实"}).status_code == 302
    with postgres_runtime.unit() as unit:
        assert check_evidence(unit).files == 0
    assert "与存入时一致" in bureau.get("/bureau/").text
    assert bureau.get("/bureau/losses").status_code == 200
