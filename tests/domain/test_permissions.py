"""The table of permissions: what it says is what may be done, and a table that contradicts itself is not read."""

from __future__ import annotations

import pytest

from matchhub.domain.organisations import HOLDER_KINDS
from matchhub.domain.permissions import (
    SYSTEM,
    VISITOR,
    TableInvalid,
    UnknownAct,
    appointed_roles,
    permissions,
    read_permissions,
    registering_role,
    role_names,
)

TABLE = """
[roles.firm]
organisation = "enterprise"
landing = "firm.desk"
registers = true

[roles.desk]
organisation = "operator"
landing = "desk.first"

[acts]
page.read = ["everybody"]
account.leave = ["signed in"]
demand.post = ["firm"]
demand.read = ["firm", "desk"]
"""


@pytest.mark.parametrize(
    ("act", "able"),
    [
        ("page.read", {VISITOR, "firm", "desk"}),
        ("account.leave", {"firm", "desk"}),
        ("demand.post", {"firm"}),
        ("demand.read", {"firm", "desk"}),
    ],
)
def test_an_act_is_open_to_the_roles_it_lists_and_to_the_system(act: str, able: set[str]) -> None:
    table = read_permissions(TABLE)
    assert {role for role in (VISITOR, "firm", "desk", SYSTEM, "mayor") if table.may(role, act)} == able | {SYSTEM}


@pytest.mark.parametrize("role", ["firm", SYSTEM])
def test_nobody_may_ask_for_an_act_that_the_table_does_not_hold(role: str) -> None:
    with pytest.raises(UnknownAct, match=r"demand\.burn"):
        read_permissions(TABLE).may(role, "demand.burn")


def test_roles_keep_their_order_organisation_and_landing_page() -> None:
    roles = list(read_permissions(TABLE).roles.values())
    assert [(role.name, role.organisation, role.landing, role.registers) for role in roles] == [
        ("firm", "enterprise", "firm.desk", True),
        ("desk", "operator", "desk.first", False),
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('["firm"]', '["mayor"]', "unknown roles"),
        ('["firm"]', '["system"]', "unknown roles"),
        ('["firm"]', '["visitor"]', "unknown roles"),
        ('["firm"]', '["everybody", "firm"]', "unknown roles"),
        ('["firm"]', '["firm", "firm"]', "once"),
        ('["firm"]', "[]", "at least one"),
        ('["firm"]', '"firm"', "lists its roles"),
        ("demand.post", "post", r"subject\.verb"),
        ("demand.post", "demand.post.again", r"subject\.verb"),
        ('"operator"', '"guild"', "kind of organisation"),
        ("[roles.desk]", "[roles.system]", "no role"),
        ("[roles.desk]", "[roles.visitor]", "no role"),
        ("[roles.desk]", "[roles.Desk]", "no role"),
        ("registers = true", "registers = false", "register itself"),
        ('organisation = "operator"', 'organisation = "enterprise"\nregisters = true', "register itself"),
    ],
)
def test_a_table_that_contradicts_itself_is_not_read(old: str, new: str, fault: str) -> None:
    assert old in TABLE
    with pytest.raises(TableInvalid, match=fault):
        read_permissions(TABLE.replace(old, new))


def test_firms_register_themselves_institutions_too_and_all_others_are_added_by_hand() -> None:
    assert [registering_role(kind) for kind in HOLDER_KINDS] == ["institution", "enterprise"]
    assert set(appointed_roles()) == set(role_names()) - {"enterprise"}


def test_the_auditor_reads_what_the_reviewer_reads_and_confirms_nothing() -> None:
    able = {role: {act for act in permissions().acts if permissions().may(role, act)} for role in role_names()}
    assert able["reviewer"] - able["auditor"] == {
        "record.confirm",
        "record.overrule",
        "sample.keep",
        "offer.judge_industry",
        "payment.allow",
        "pack.confirm",
        "source.decide",
        "checkpoint.make",
        "bureau_account.keep",
        "evidence.compare",
        "evidence.tell_apart",
        "party.relate",
        "party.unrelate_any",
        "party_word.settle",
        "claim.build",
        "claim.unmask",
    }
    assert able["auditor"] - able["reviewer"] == set()


def test_the_bureau_recommends_nothing_and_enters_nothing() -> None:
    """Patent Law art. 79; DOMAIN.md 3: it reads, samples, confirms and exports."""
    own = {act for act, roles in permissions().acts.items() if "reviewer" in roles and VISITOR not in roles}
    reading = {
        "browse",
        "read",
        "read_any",
        "read_shared",
        "use_answers",
        "sample",
        "export",
        "offer_base",
        "read_relations",
        "read_data",
    }
    changing = {act for act in own if act.partition(".")[2] not in reading}
    confirming = {
        "record.confirm",
        "record.overrule",
        "sample.keep",
        "offer.judge_industry",
        "payment.allow",
        "pack.confirm",
        "source.decide",
        "checkpoint.make",
        "bureau_account.keep",
        "evidence.compare",
        "evidence.tell_apart",
        "party.relate",
        "party.unrelate_any",
        "party_word.settle",
        "claim.build",
        "claim.unmask",
    }
    own = {"account.sign_out", "account.sign_in_by_code", "account.keep_own", "search.keep_own", "api_key.keep_own"}
    assert changing - own == confirming
