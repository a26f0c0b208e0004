"""The bureau's accounts are the bureau's: the installer makes the first, it makes the others, and nobody else any."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from matchhub.db.tables import Account, LogEntry
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.accounts import accounts, bureau, second_factor
from matchhub.services.accounts.keeping import RECOVERED, recover_keeper
from matchhub.services.accounts.sessions import actor_of, open_session
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.unit import SYSTEM, Actor, Unit
from tests.web.installation import PASSWORD, settings

Act = Callable[[Unit], object]


def who(runtime: Runtime, login: str) -> Actor:
    with runtime.unit(SYSTEM) as unit:
        number = unit.session.execute(select(Account.id).where(Account.login == login)).scalar_one()
        found = actor_of(unit, open_session(unit, number))
    assert found is not None
    return found


def by_the_machine(unit: Unit, login: str, role: str = "reviewer", kind: str = "bureau") -> int:
    return accounts.add_account(unit, login=login, display_name=login, role=role, organisation_name="某某局",
                                organisation_kind=kind, password=PASSWORD)  # fmt: skip


def colleague(unit: Unit, login: str, role: str = "reviewer", office: str = "", keeps: bool = False) -> int:
    return bureau.add_colleague(unit, login=login, display_name=login, role=role, password=PASSWORD,
                                organisation_name=office, keeps_accounts=keeps)  # fmt: skip


def refused(runtime: Runtime, actor: Actor, act: Act) -> str:
    with pytest.raises(Refusal) as told, runtime.unit(actor) as unit:
        act(unit)
    return told.value.code


def test_the_installer_makes_the_first_one_which_keeps_the_others(tmp_path: Path) -> None:
    runtime, _ = open_runtime(settings(tmp_path))
    assert refused(runtime, SYSTEM, lambda unit: by_the_machine(unit, "auditor", "auditor")) == "bureau_first_keeps"
    with runtime.unit(SYSTEM) as unit:
        by_the_machine(unit, "first")
    assert who(runtime, "first").keeps_accounts
    for role in ("reviewer", "auditor"):
        for kind in ("bureau", "operator"):
            told = refused(runtime, SYSTEM, lambda unit, r=role, k=kind: by_the_machine(unit, "second", r, k))  # type: ignore[misc]
            assert told == "bureau_accounts_apart"
    runtime.close()


def test_a_disabled_first_account_leaves_no_room_for_another(runtime: Runtime) -> None:
    keeper = who(runtime, "reviewer")
    with runtime.unit(keeper) as unit:
        number = colleague(unit, "zhang", keeps=True)
    with runtime.unit(who(runtime, "zhang")) as unit:
        accounts.disable_account(unit, keeper.account_id or 0)
        assert number
    assert refused(runtime, SYSTEM, lambda unit: by_the_machine(unit, "second")) == "bureau_accounts_apart"


@pytest.mark.parametrize("login", ["administrator", "operator", "auditor", "machine"])
def test_nobody_else_makes_or_changes_one(runtime: Runtime, login: str) -> None:
    actor = SYSTEM if login == "machine" else who(runtime, login)
    target = who(runtime, "reviewer").account_id or 0
    acts: list[Act] = [
        lambda unit: colleague(unit, "zhang"),
        lambda unit: by_the_machine(unit, "zhang"),
        lambda unit: by_the_machine(unit, "zhang", kind="operator"),
        lambda unit: accounts.disable_account(unit, target),
        lambda unit: accounts.enable_account(unit, target),
        lambda unit: accounts.set_password(unit, target, "another fine sentence"),
        lambda unit: second_factor.reset(unit, target),
    ]
    for act in acts:
        assert refused(runtime, actor, act) in ("bureau_accounts_apart", "bureau_keeper_needed", "not_allowed")


def test_who_keeps_them_makes_disables_enables_and_resets(runtime: Runtime) -> None:
    keeper = who(runtime, "reviewer")
    with runtime.unit(keeper) as unit:
        number = colleague(unit, "zhang")
    zhang = who(runtime, "zhang")
    assert (zhang.organisation_id, zhang.keeps_accounts) == (keeper.organisation_id, False)
    with runtime.unit(keeper) as unit:
        assert accounts.disable_account(unit, number) == "zhang"
        assert accounts.enable_account(unit, number) == "zhang"
        assert accounts.set_password(unit, number, "another fine sentence") == "zhang"
        assert second_factor.reset(unit, number) == "zhang"
    assert (
        refused(runtime, keeper, lambda unit: accounts.disable_account(unit, keeper.account_id or 0)) == "account_own"
    )
    assert refused(runtime, zhang, lambda unit: colleague(unit, "li")) == "bureau_keeper_needed"
    assert refused(runtime, zhang, lambda unit: accounts.disable_account(unit, number)) == "bureau_keeper_needed"


def test_who_keeps_them_touches_no_account_of_others(runtime: Runtime) -> None:
    target = who(runtime, "operator").account_id or 0
    with pytest.raises(NotAllowed), runtime.unit(who(runtime, "reviewer")) as unit:
        accounts.set_password(unit, target, "another fine sentence")
    assert refused(runtime, who(runtime, "reviewer"), lambda unit: colleague(unit, "x" * 9, "operator")) == (
        "bureau_role_unknown"
    )


def test_another_office_reads_and_does_not_confirm(runtime: Runtime) -> None:
    keeper = who(runtime, "reviewer")
    with runtime.unit(keeper) as unit:
        colleague(unit, "shen", "auditor", "晋江市审计局")
    assert who(runtime, "shen").organisation_id != keeper.organisation_id
    told = refused(runtime, keeper, lambda unit: colleague(unit, "wang", "reviewer", "某某运营中心"))
    assert told == "bureau_office_unfit"
    assert refused(runtime, keeper, lambda unit: colleague(unit, "wang", "auditor", keeps=True)) == "keeper_role_unfit"


def test_the_list_says_who_made_each(runtime: Runtime) -> None:
    with runtime.unit(who(runtime, "reviewer")) as unit:
        colleague(unit, "zhang")
    with runtime.unit(who(runtime, "auditor"), write=False) as unit:
        rows = {row.login: row for row in bureau.list_bureau_accounts(unit)}
    assert set(rows) == {"reviewer", "auditor", "zhang"}
    assert rows["reviewer"].made_by == ""
    assert rows["zhang"].made_by.startswith("reviewer 某某")
    for login in ("operator", "administrator"):
        assert refused(runtime, who(runtime, login), bureau.list_bureau_accounts) == "not_allowed"


def test_a_lost_password_of_the_only_keeper_is_set_on_the_machine_and_told(runtime: Runtime) -> None:
    with runtime.unit(SYSTEM) as unit:
        recover_keeper(unit, "Reviewer", "another fine sentence")
    assert accounts.sign_in(runtime, "reviewer", "another fine sentence", "127.0.0.1")
    with runtime.unit(who(runtime, "auditor"), write=False) as unit:
        (row,) = [row for row in bureau.list_bureau_accounts(unit) if row.recovered_at]
        assert (row.login, bureau.recovered_lately(unit)) == ("reviewer", row.recovered_at)
        entry = unit.session.execute(select(LogEntry).where(LogEntry.verb == RECOVERED)).scalar_one()
        assert (entry.actor, entry.subject_id) == ("system", row.id)


def test_so_it_is_not_while_the_bureau_can_help_itself(runtime: Runtime) -> None:
    with runtime.unit(who(runtime, "reviewer")) as unit:
        colleague(unit, "zhang", keeps=True)
    with pytest.raises(Conflict, match="bureau_can_help"), runtime.unit(SYSTEM) as unit:
        recover_keeper(unit, "reviewer", "another fine sentence")
    with pytest.raises(NotFound, match="keeper_not_found"), runtime.unit(SYSTEM) as unit:
        recover_keeper(unit, "auditor", "another fine sentence")
    with pytest.raises(NotAllowed), runtime.unit(who(runtime, "administrator")) as unit:
        recover_keeper(unit, "reviewer", "another fine sentence")
