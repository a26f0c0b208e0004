"""Every page of every role stays within 30 statements, with real numbers in its address, and takes no more of them
with ten times the rows (PROMISES.md P30).

The pages are found as people find them: by the links of other pages, one address of each route. What takes more is named
with its reason, and may not take more than stands there.
"""

from __future__ import annotations

import re
from collections import deque
from html import unescape

import pytest
from flask import Flask

from matchhub.domain.permissions import VISITOR, role_names
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from tests.web.people import Person
from tests.web.stable_orders import unstable_orders
from tests.web.test_statements import MOST, counted, more

ALLOWED = {
    # Four ledgers, each with its own rows, papers, amounts, persons and trades.
    "bureau.package_gaps": 42,
    # It compares every bound table with the chain: one statement each.
    "bureau.check_log": 120,
    # What was chosen for each channel and each kind of message.
    "messages.settings": 36,
}
_LEFT = ("static", "account.choose_language")
_HREF = re.compile(r'href="([^"#]+)')
_NO_PARAMETER = re.compile(r"^[^<]+$")


def addresses(app: Flask, role: str) -> dict[str, str]:
    """One address of each route that the role reaches by links, by endpoint."""
    person, found = Person(app, role), dict[str, str]()
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    queue = deque(rule.rule for rule in rules if _NO_PARAMETER.match(rule.rule))
    match, seen = app.url_map.bind("localhost"), set[str]()
    while queue:
        address = queue.popleft()
        path = address.partition("?")[0]
        if address in seen or not match.test(path, "GET"):
            continue
        seen.add(address)
        endpoint, _ = match.match(path, "GET")
        if endpoint in found or endpoint in _LEFT:
            continue
        page = person.get(address)
        if page.status_code != 200:
            continue
        found[endpoint] = address
        if page.mimetype == "text/html":
            links = (unescape(link) for link in _HREF.findall(page.text))
            queue.extend(path + link if link.startswith("?") else link for link in links if link[0] in "/?")
    return found


@pytest.mark.parametrize("role", [VISITOR, *role_names()])
def test_no_page_of_a_role_takes_more_statements_than_it_may_or_more_with_ten_times_the_rows(
    app: Flask, runtime: Runtime, role: str
) -> None:
    with runtime.unit(SYSTEM) as unit:
        more(unit, 5)
    person = Person(app, role)
    with unstable_orders(runtime) as unstable:
        reached = addresses(app, role)
    few = {endpoint: statements(person, runtime, address) for endpoint, address in reached.items()}
    over = [f"{endpoint} {reached[endpoint]}: {n}" for endpoint, n in few.items() if n > ALLOWED.get(endpoint, MOST)]
    assert len(reached) > 15
    assert not over, "\n".join(over)
    with runtime.unit(SYSTEM) as unit:
        more(unit, 45)
    many = {endpoint: statements(person, runtime, address) for endpoint, address in reached.items()}
    grown = [
        f"{endpoint} {reached[endpoint]}: {few[endpoint]}, {n}" for endpoint, n in many.items() if n > few[endpoint]
    ]
    assert not grown, "\n".join(grown)
    assert not unstable, "these lists have no order of their own:\n" + "\n".join(sorted(unstable))


def statements(person: Person, runtime: Runtime, address: str) -> int:
    """How many a page takes; what is read once a while is read before."""
    person.get(address)
    with counted(runtime) as said:
        person.get(address)
    return len(said)
