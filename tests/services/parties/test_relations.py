"""Relations between parties: entered by hand, by command or with a file, once each; taken back by whose word they are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from matchhub.cli.parties import relate
from matchhub.errors import Conflict, IdentifierInvalid, NotAllowed, NotFound, Refusal
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.imports.undoing import undo_batch
from matchhub.services.kernel.event_log import verify_log
from matchhub.services.parties.relations import relate_parties, withdraw_relation
from matchhub.services.worklists.relations import RelationView, list_relations
from tests.services.desk_base import Base, base, code, deal, empty_home, firm, patent

__all__ = ["base", "empty_home"]
COLLEGE = "晋水理工学院"


def act(base: Base, who: str, verb: Any, *arguments: Any) -> Any:
    with base.runtime.unit(base.people[who]) as unit:
        return verb(unit, *arguments)


def on_file(base: Base, who: str = "reviewer", query: str = "") -> list[RelationView]:
    with base.runtime.unit(base.people[who], write=False) as unit:
        return list(list_relations(unit, query).items)


@pytest.fixture
def traded(base: Base) -> Base:
    """Firm 1 buys of the college; both unrelated as far as anybody knows."""
    base.take("patents", patent(1))
    base.take("enterprises", firm(1), firm(2))
    base.take("deals", deal(1))
    return base


def says_affiliated(base: Base) -> bool:
    with base.runtime.unit(write=False) as unit:
        reasons = explain_record(unit, "deals", 1, question(unit)).reasons
    return "parties_affiliated" in [reason.code for reason in reasons]


def test_a_relation_makes_a_deal_uncounted_and_taking_it_back_undoes_that(traded: Base) -> None:
    assert not says_affiliated(traded)
    assert act(traded, "operator", relate_parties, COLLEGE, code(1), "shareholder", "年报")
    assert says_affiliated(traded)
    act(traded, "operator", withdraw_relation, on_file(traded)[0].id, "登记错误")
    assert not says_affiliated(traded)


def test_a_firm_is_the_same_by_its_code_and_however_its_name_is_written(traded: Base) -> None:
    act(traded, "reviewer", relate_parties, code(1).lower(), f" {firm(2).name} ", "same_party", "公示")
    (told,) = on_file(traded)
    assert (told.left.name, told.right.name) == (firm(1).name, firm(2).name)
    assert (told.left.enterprise_id, told.right.enterprise_id) == (1, 2)
    assert not act(traded, "reviewer", relate_parties, code(1), firm(2).name, "same_party", "又一次")
    assert act(traded, "reviewer", relate_parties, code(1), firm(2).name, "shareholder", "另一种关系")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"left": " "}, "relation_party_missing"),
        ({"right": ""}, "relation_party_missing"),
        ({"relation": "cousin"}, "relation_kind_unknown"),
        ({"evidence": " "}, "relation_evidence_missing"),
        ({"right": COLLEGE}, "relation_with_itself"),
        ({"right": "91350582MA00000019"}, "uscc_check"),
    ],
)
def test_what_is_no_relation_is_refused(base: Base, changes: dict[str, str], refusal: str) -> None:
    said = {"left": COLLEGE, "right": code(1), "relation": "shareholder", "evidence": "年报", **changes}
    with pytest.raises((Refusal, IdentifierInvalid)) as refused:
        act(base, "operator", relate_parties, *said.values())
    assert refused.value.code == refusal
    assert on_file(base) == []


def test_only_the_operator_and_the_bureau_have_to_do_with_relations(base: Base) -> None:
    from matchhub.services.kernel.unit import Actor

    with base.runtime.unit(Actor("enterprise")) as unit:
        with pytest.raises(NotAllowed):
            relate_parties(unit, COLLEGE, code(1), "shareholder", "年报")
        with pytest.raises(NotAllowed):
            withdraw_relation(unit, 1, "登记错误")
        with pytest.raises(NotAllowed):
            list_relations(unit)


def test_the_operator_takes_back_its_own_word_and_not_the_bureau_s(base: Base) -> None:
    act(base, "reviewer", relate_parties, COLLEGE, code(1), "shareholder", "年报")
    (theirs,) = on_file(base, "operator")
    assert not theirs.may_withdraw
    with pytest.raises(Conflict, match="relation_of_others"):
        act(base, "operator", withdraw_relation, theirs.id, "登记错误")
    act(base, "clerk", relate_parties, COLLEGE, code(2), "shareholder", "年报")
    assert [each.may_withdraw for each in on_file(base, "operator")] == [True, False]
    assert [each.may_withdraw for each in on_file(base, "reviewer")] == [True, True]
    act(base, "operator", withdraw_relation, 2, "登记错误")
    act(base, "reviewer", withdraw_relation, 1, "已核实无关联")


def test_what_was_taken_back_stays_to_be_seen_and_may_be_entered_again(base: Base) -> None:
    act(base, "operator", relate_parties, COLLEGE, code(1), "shareholder", "年报")
    for reason in ("", "  "):
        with pytest.raises(Refusal, match="relation_reason_missing"):
            act(base, "operator", withdraw_relation, 1, reason)
    with pytest.raises(NotFound, match="relation_not_found"):
        act(base, "operator", withdraw_relation, 9, "登记错误")
    act(base, "operator", withdraw_relation, 1, "登记错误")
    act(base, "operator", withdraw_relation, 1, "再一次")
    (gone,) = on_file(base)
    assert (gone.withdrawn_at, gone.withdrawn_reason, gone.may_withdraw) == (base.clock(), "登记错误", False)
    assert act(base, "operator", relate_parties, COLLEGE, code(1), "shareholder", "年报")
    assert [each.id for each in on_file(base)] == [2, 1]
    with base.runtime.unit(write=False) as unit:
        assert verify_log(unit).valid


@pytest.mark.parametrize(("query", "found"), [("理工", 1), (code(1)[:12], 2), ("某某1", 1), ("%", 0), ("无此", 0)])
def test_relations_are_found_by_name_or_code(traded: Base, query: str, found: int) -> None:
    act(traded, "operator", relate_parties, COLLEGE, code(1), "shareholder", "年报")
    act(traded, "operator", relate_parties, code(2), "他处有限公司", "declared", "公示")
    assert len(on_file(traded, query=query)) == found


class TestWithAFile:
    def rows(self, base: Base) -> list[tuple[str, str, str, str]]:
        return [(each.left.name, each.right.name, each.relation, each.evidence) for each in on_file(base)]

    def test_a_row_of_a_firm_names_its_affiliated_parties(self, traded: Base) -> None:
        told = traded.take("enterprises", firm(1, related=(COLLEGE, code(2)), relation="shareholder"))
        assert told.sums["updated"] == 1
        name = firm(1).name or ""
        assert sorted(self.rows(traded)) == sorted(
            [
                (name, COLLEGE, "shareholder", "enterprises.csv:2"),
                (name, firm(2).name, "shareholder", "enterprises.csv:2"),
            ]
        )
        assert says_affiliated(traded)

    def test_the_same_row_again_changes_nothing(self, traded: Base) -> None:
        row = firm(1, related=(COLLEGE,), relation_evidence="年报")
        assert traded.take("enterprises", row).sums["updated"] == 1
        assert traded.take("enterprises", row).sums["unchanged"] == 1
        assert self.rows(traded) == [(row.name, COLLEGE, "declared", "年报")]

    def test_a_firm_known_by_name_first_is_not_related_twice(self, base: Base) -> None:
        base.take("enterprises", firm(1, uscc=None, related=(COLLEGE,)))
        assert base.take("enterprises", firm(1, related=(COLLEGE,))).sums["updated"] == 1  # its code is new
        assert len(on_file(base)) == 1

    def test_a_batch_taken_back_takes_its_relations_along(self, traded: Base) -> None:
        batch = traded.take("enterprises", firm(3, related=(COLLEGE,))).batch_id
        act(traded, "operator", undo_batch, batch, "发错了")
        assert [each.withdrawn_reason for each in on_file(traded)] == [f"undone:{batch}"]

    def test_a_party_whose_name_is_too_long_refuses_the_row(self, base: Base) -> None:
        assert base.take("enterprises", firm(1, related=("长" * 255,))).sums["created"] == 1
        told = base.take("enterprises", firm(2, related=("长" * 256,)))
        assert told.sums["refused"] == 1
        assert [problem.code for problem in told.problems] == ["cell_too_long"]


def test_the_command_puts_a_relation_on_file_once(traded: Base) -> None:
    environment = {"MATCHHUB_HOME": str(traded.runtime.home), "MATCHHUB_LANG": "en"}
    words = [COLLEGE, code(1), "--relation", "shareholder", "--evidence", "register"]
    for created in (True, False):
        told = CliRunner().invoke(relate, [*words, "--json"], env=environment)
        assert (told.exit_code, json.loads(told.stdout)) == (0, {"created": created})
    assert "already" in CliRunner().invoke(relate, words, env=environment).stdout
    assert CliRunner().invoke(relate, words[:4], env=environment).exit_code == 2
    assert says_affiliated(traded)


def test_what_a_deal_is_told_of_the_relation_is_where_it_was_seen(traded: Base) -> None:
    act(traded, "operator", relate_parties, COLLEGE, code(1), "shareholder", "2023年年报第12页")
    with traded.runtime.unit(write=False) as unit:
        reasons = {each.code: each for each in explain_record(unit, "deals", 1, question(unit)).reasons}
    assert reasons["parties_affiliated"].data["shared"] == "2023年年报第12页"
