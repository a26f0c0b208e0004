"""Every route, method and role answers exactly as the checked-in tables say (``tests/web/routes*.tsv``).

One table per audience, all read as one. The table names the status that a role gets for the sample address with an empty form (form token included). A route or
method that is not listed fails, and so does a line without its route. The failure prints the lines as they would have
to be: read them before you paste them.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from flask import Flask

from matchhub.domain.permissions import VISITOR, permissions, role_names
from tests.web.people import Person

TABLES = sorted(Path(__file__).parent.glob("routes*.tsv"))
PEOPLE = (VISITOR, *role_names())
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
# What stands for a parameter of an address; anything else gets 1.
SAMPLES = {
    "code": "en",
    "ending": "csv",
    "filename": "app.css",
    "key": "footwear",
    "kind": "patents",
    "token": "no-such-token",
    "goal": "patents",
}
Line = tuple[str, str]


def sample(rule: str) -> str:
    return _PARAMETER.sub(lambda found: SAMPLES.get(found[1], "1"), rule)


def listed() -> dict[Line, dict[str, int]]:
    found: dict[Line, dict[str, int]] = {}
    for table in TABLES:
        with table.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle, delimiter="\t"):
                line = (row["method"], row["route"])
                assert line not in found, f"{table.name}: listed twice: {line}"
                found[line] = {role: int(row[role]) for role in PEOPLE}
    return found


def served(app: Flask) -> set[Line]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith("/api/v1/")  # by key, not by cookie: tests/web/api/test_roles.py
    }


def status(app: Flask, role: str, method: str, rule: str) -> int:
    person = Person(app, role)  # a session of its own: some routes end it
    path = sample(rule)
    if method == "GET":
        return person.get(path).status_code
    return person.client.open(path, method=method, data={"csrf_token": person.form_token()}).status_code


def test_the_tables_list_exactly_the_routes_there_are(app: Flask) -> None:
    missing, gone = served(app) - set(listed()), set(listed()) - served(app)
    assert (sorted(missing), sorted(gone)) == ([], []), "not listed, no such route"


@pytest.mark.parametrize("role", PEOPLE)
def test_each_role_gets_exactly_its_status(app: Flask, role: str) -> None:
    expected = listed()
    found = {line: status(app, role, *line) for line in sorted(served(app))}
    wrong = [
        f"{method}\t{rule}\t{role}: {number}, not {expected.get((method, rule), {}).get(role, 'listed')}"
        for (method, rule), number in found.items()
        if expected.get((method, rule), {}).get(role) != number
    ]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("role", PEOPLE)
def test_no_route_that_changes_something_works_without_a_form_token(app: Flask, role: str) -> None:
    from web.gate import act_of, is_unguarded

    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}:
            if is_unguarded(app.view_functions[rule.endpoint]):
                continue
            answer = Person(app, role).client.open(sample(rule.rule), method=method, data={"x": "1"})
            allowed = permissions().may(role, act_of(app, rule.endpoint) or "")
            expected = {403} if allowed or role != "visitor" else {302}
            assert answer.status_code in expected, f"{method} {rule.rule} as {role}: {answer.status_code}"
