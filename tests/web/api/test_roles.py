"""Each operation is one act of the table of permissions: who may do it gets a documented answer, nobody else does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from matchhub.domain.permissions import permissions, role_names
from tests.machine import is_long_run
from tests.web.api.programs import Program
from tests.web.test_roles import SAMPLES
from web.api.changes import CHANGES
from web.api.operations import Change, Read, open_path
from web.api.reads import READS

OPERATIONS: tuple[Read | Change, ...] = (*READS, *CHANGES)
_PART = re.compile(r"\{(\w+)\}")
QUERY: dict[str, dict[str, str]] = {"match": {"text": "鞋底防滑"}, "rows_of_statistics": {"of": "demands"}}
# What a person does, and no program; every other act of the table has an operation.
NOT_OFFERED = {
    "begins or ends a session, or sets a password: a person's own": (
        "account.sign_in", "account.sign_in_by_code", "account.sign_out", "account.register", "account.reset_password", "account.accept_invitation",
        "account.close_own", "account.help_any", "account.add",
    ),
    "hands out or erases what is held about a person, who asks in person": ("account.read_data", "account.ask_erasure"),
    "a key cannot make keys": ("api_key.keep_own",),
    "a list as a file: its rows are read in pieces": ("base.export", "progress.export", "stock_grade.export"),
    "of commands and the worker, which ask for the same act": (
        "calibration.record", "import.run", "match.run", "match.train", "message.send", "review.retry",
    ),
    "follows a signed link of a message, which needs no key": ("push.follow_link", "message.follow_link"),
    "for machines that watch the process": ("status.read",),
    "is no act of its own: it widens or narrows another one that an operation asks for": (
        "expert.read_any", "stock_grade.read_any", "patent_offer.change_any", "deal.read_any", "deal.be_party", "offer.declare_any",
        "offer.change_any", "evidence.add", "evidence.withdraw", "evidence.tell_apart", "match.use_answers", "firm.fit_any",
        "push.switch_any", "draft.read_any", "demand.read_published", "contact.read_shared", "record.confirm_without_code",
        "party.unrelate_any", "claim.unmask", "thread.mediate", "registration.follow", "demand.read_any", "pair.read", "review.read",
    ),
    "what the navigation offers": (
        "navigation.offer_base", "navigation.offer_patent_offers", "navigation.offer_declaring",
    ),
}  # fmt: skip


def sample(path: str) -> str:
    return _PART.sub(lambda found: SAMPLES.get(found[1], "1"), open_path(path))


def asked(program: Program, each: Any) -> Any:
    if isinstance(each, Read):
        return program.get(sample(each.path), query=QUERY.get(each.name, {}))
    return program.post(sample(each.path))


def roles_to_try(act: str, allowed: bool) -> Iterator[str]:
    """Roles that may, or may not, do an act: one of them, all in the long run."""
    found = [role for role in role_names() if permissions().may(role, act) is allowed]
    yield from found if is_long_run() else found[:1]


@pytest.fixture
def programs(app: Flask) -> dict[str, Program]:
    return {role: Program(app, role) for role in role_names()}


def test_nobody_else_may(programs: dict[str, Program]) -> None:
    wrong = [
        (each.name, role, answer.status_code, answer.text[:200])
        for each in OPERATIONS
        for role in roles_to_try(each.act, False)
        if (answer := asked(programs[role], each)).status_code != 403
    ]
    assert wrong == []


def test_who_may_is_answered_as_documented(programs: dict[str, Program]) -> None:
    wrong = []
    for each in OPERATIONS:
        for role in roles_to_try(each.act, True):
            answer = asked(programs[role], each)
            fits = answer.status_code in {200, 404, 409, 422, 428} or answer.json["code"] in NEEDS_MORE
            kind = "application/problem+json" if answer.status_code >= 400 else "application/json"
            if not fits or answer.content_type != kind:
                wrong.append((each.name, role, answer.status_code, answer.text[:300]))
    assert wrong == []


NEEDS_MORE = {"chief_needed", "not_allowed", "account_unconfirmed", "organisation_needed"}  # more than the role


def test_every_act_of_the_table_has_an_operation_or_a_reason_why_not() -> None:
    offered = {each.act for each in OPERATIONS}
    reasons = {act for acts in NOT_OFFERED.values() for act in acts}
    assert (sorted(set(permissions().acts) - offered - reasons), sorted(reasons & offered)) == ([], [])
    assert reasons - set(permissions().acts) == set()
