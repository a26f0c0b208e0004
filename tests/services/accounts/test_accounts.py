"""Accounts: who gets in, for how long, and how often one may guess."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from matchhub.db.tables import Account, AccountSession, Attempt, Enterprise, Organisation
from matchhub.errors import Conflict, IdentifierInvalid, NotAllowed, Refusal
from matchhub.services.accounts import accounts, passwords, sessions
from matchhub.services.accounts.accounts import SignInRefused
from matchhub.services.accounts.applicants import Applicant
from matchhub.services.accounts.passwords import PasswordRefused
from matchhub.services.accounts.registration import register_enterprise
from matchhub.services.kernel.limits import Limit, LimitReached, client_key, count_attempt
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM, Actor
from tests.machine import cases
from tests.web import installation
from tests.web.installation import PASSWORD, USCC, Clock

filled_home = installation.filled_home
runtime = installation.runtime
clock = installation.clock
ADDRESS = "203.0.113.7"
NEW_USCC = "91350582MA31XK7T2R"


def actor(runtime: Runtime, token: str | None) -> Actor | None:
    with runtime.unit(SYSTEM, write=False) as unit:
        return sessions.actor_of(unit, token)


def attempt(runtime: Runtime, login: str = "operator", password: str = "wrong", address: str = ADDRESS) -> str:
    """What became of one attempt: the refusal's code, or ``in``."""
    try:
        accounts.sign_in(runtime, login, password, address)
    except Refusal as refusal:
        return refusal.code
    return "in"


def test_signing_in_tells_who_acts(runtime: Runtime) -> None:
    found = actor(runtime, accounts.sign_in(runtime, " Enterprise ", PASSWORD, ADDRESS))
    assert found is not None
    assert (found.role, found.enterprise_id) == ("enterprise", 1)


def test_the_base_holds_the_hash_of_the_token_only(runtime: Runtime) -> None:
    token = accounts.sign_in(runtime, "operator", PASSWORD, ADDRESS)
    with runtime.unit(SYSTEM, write=False) as unit:
        stored = unit.session.execute(select(AccountSession.token_hash)).scalars().all()
    assert stored == [sessions.token_hash(token)]
    assert token not in stored[0]


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(runtime: Runtime) -> None:
    assert attempt(runtime, "operator") == attempt(runtime, "nobody") == "sign_in_refused"


def test_an_unknown_name_costs_one_password_check_like_a_known_one(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords._decoy()  # made once per process, whoever comes first
    checked: list[str] = []
    verify = passwords._HASHER.verify

    class Counting:
        def verify(self, password_hash: str, password: str) -> bool:
            checked.append(password_hash.rsplit("$", 2)[0])
            return verify(password_hash, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    attempt(runtime, "operator")
    attempt(runtime, "nobody")
    assert len(checked) == 2
    assert checked[0] == checked[1], "the same algorithm with the same cost"


def test_the_sixth_attempt_within_five_minutes_is_not_even_checked(runtime: Runtime) -> None:
    assert [attempt(runtime) for _ in range(5)] == ["sign_in_refused"] * 5
    assert attempt(runtime, password=PASSWORD) == "limit_reached"


def test_the_fifth_attempt_may_still_succeed(runtime: Runtime) -> None:
    assert [attempt(runtime) for _ in range(4)] == ["sign_in_refused"] * 4
    assert attempt(runtime, password=PASSWORD) == "in"


def test_a_success_forgets_the_failures_before_it(runtime: Runtime) -> None:
    for _ in range(3):
        assert [attempt(runtime) for _ in range(4)] == ["sign_in_refused"] * 4
        assert attempt(runtime, password=PASSWORD) == "in"


def test_five_minutes_later_the_owner_is_let_in_again(runtime: Runtime, clock: Clock) -> None:
    for _ in range(5):
        attempt(runtime)
    clock.forward(timedelta(minutes=5) - timedelta(seconds=1))
    assert attempt(runtime, password=PASSWORD) == "limit_reached"
    clock.forward(timedelta(seconds=1))
    assert attempt(runtime, password=PASSWORD) == "in"


def test_a_stranger_elsewhere_cannot_lock_the_owner_out(runtime: Runtime) -> None:
    for _ in range(6):
        attempt(runtime, address="198.51.100.9")
    assert attempt(runtime, password=PASSWORD) == "in"


def test_one_address_has_twenty_attempts_over_all_names(runtime: Runtime) -> None:
    assert {attempt(runtime, f"name{number}") for number in range(20)} == {"sign_in_refused"}
    assert attempt(runtime, "operator", PASSWORD) == "limit_reached"
    assert attempt(runtime, "operator", PASSWORD, "198.51.100.9") == "in"


def test_guessing_is_bounded_over_many_attempts(runtime: Runtime) -> None:
    found = [attempt(runtime, f"name{number % 50}") for number in range(cases(200, 2000))]
    assert found.count("sign_in_refused") == 20
    assert set(found[20:]) == {"limit_reached"}


def test_failures_stay_on_record_though_they_are_refused(runtime: Runtime) -> None:
    attempt(runtime)
    with runtime.unit(SYSTEM, write=False) as unit:
        buckets = unit.session.execute(select(Attempt.bucket)).scalars().all()
    assert len(buckets) == 2
    assert not any("operator" in bucket for bucket in buckets), "names are digested: people type passwords there"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("unix", "unix"),
    ],
)
def test_one_client_is_one_address_however_it_is_written(address: str, key: str) -> None:
    assert client_key(address) == key


def test_a_refused_attempt_says_how_long_to_wait(runtime: Runtime, clock: Clock) -> None:
    limit = Limit("test", 1, timedelta(minutes=5))
    with runtime.unit(SYSTEM) as unit:
        count_attempt(unit, limit, "a")
    clock.forward(timedelta(minutes=3, seconds=30))
    with runtime.unit(SYSTEM) as unit, pytest.raises(LimitReached) as refused:
        count_attempt(unit, limit, "a")
    assert refused.value.data == {"minutes": 2}


@pytest.mark.parametrize(
    ("idle", "seconds", "lives"), [(11, 3599, True), (12, 0, False), (12, 1, False)], ids=["before", "exact", "after"]
)
def test_a_session_ends_after_twelve_idle_hours(
    runtime: Runtime, clock: Clock, idle: int, seconds: int, lives: bool
) -> None:
    token = accounts.sign_in(runtime, "operator", PASSWORD, ADDRESS)
    clock.forward(timedelta(hours=idle, seconds=seconds))
    assert (actor(runtime, token) is not None) is lives


@pytest.mark.parametrize(
    ("hours", "seconds", "lives"),
    [(167, 3599, True), (168, 0, False), (168, 1, False)],
    ids=["before", "exact", "after"],
)
def test_a_session_in_use_ends_after_seven_days(
    runtime: Runtime, clock: Clock, hours: int, seconds: int, lives: bool
) -> None:
    token = accounts.sign_in(runtime, "operator", PASSWORD, ADDRESS)
    started = clock.now
    while clock.now + timedelta(hours=10) < started + timedelta(hours=hours, seconds=seconds):
        clock.forward(timedelta(hours=10))
        with runtime.unit(SYSTEM) as unit:
            sessions.mark_seen(unit, token)
    clock.now = started + timedelta(hours=hours, seconds=seconds)
    assert (actor(runtime, token) is not None) is lives


def test_a_token_is_worth_nothing_after_signing_out(runtime: Runtime) -> None:
    token = accounts.sign_in(runtime, "operator", PASSWORD, ADDRESS)
    other = accounts.sign_in(runtime, "operator", PASSWORD, ADDRESS)
    with runtime.unit(SYSTEM) as unit:
        sessions.sign_out(unit, token)
        sessions.mark_seen(unit, token)
    assert actor(runtime, token) is None
    assert actor(runtime, other) is not None


@pytest.mark.parametrize("token", [None, "", "x", "x" * 5000, "' OR 1=1 --"])
def test_an_invented_token_is_nobody(runtime: Runtime, token: str | None) -> None:
    assert actor(runtime, token) is None


def test_signing_in_ends_the_session_the_browser_held(runtime: Runtime) -> None:
    first = accounts.sign_in(runtime, "operator", PASSWORD, ADDRESS)
    second = accounts.sign_in(runtime, "operator", PASSWORD, ADDRESS, first)
    assert first != second
    assert actor(runtime, first) is None
    assert actor(runtime, second) is not None


def test_changing_the_password_ends_every_other_session(runtime: Runtime) -> None:
    here = accounts.sign_in(runtime, "operator", PASSWORD, ADDRESS)
    elsewhere = accounts.sign_in(runtime, "operator", PASSWORD, ADDRESS)
    who = actor(runtime, here)
    assert who is not None
    with runtime.unit(who) as unit:
        renewed = accounts.change_password(unit, PASSWORD, "another fine sentence")
    assert [actor(runtime, token) is not None for token in (here, elsewhere, renewed)] == [False, False, True]
    assert attempt(runtime, password=PASSWORD) == "sign_in_refused"
    assert attempt(runtime, password="another fine sentence") == "in"


def test_the_old_password_must_be_known_to_change_it(runtime: Runtime) -> None:
    who = actor(runtime, accounts.sign_in(runtime, "operator", PASSWORD, ADDRESS))
    assert who is not None
    with pytest.raises(SignInRefused, match="password_wrong"), runtime.unit(who) as unit:
        accounts.change_password(unit, "wrong", "another fine sentence")


def test_a_disabled_account_is_out_at_once_and_told_nothing(runtime: Runtime) -> None:
    token = accounts.sign_in(runtime, "operator", PASSWORD, ADDRESS)
    who = actor(runtime, token)
    assert who is not None and who.account_id is not None
    with runtime.unit(SYSTEM) as unit:
        accounts.disable_account(unit, who.account_id)
    assert actor(runtime, token) is None
    assert attempt(runtime, password=PASSWORD) == "sign_in_refused"
    with runtime.unit(SYSTEM) as unit:
        accounts.enable_account(unit, who.account_id)
    assert actor(runtime, token) is None, "old sessions stay ended"
    assert attempt(runtime, password=PASSWORD) == "in"


def test_a_session_of_a_disabled_account_is_nobody_even_if_it_was_not_ended(runtime: Runtime) -> None:
    token = accounts.sign_in(runtime, "operator", PASSWORD, ADDRESS)
    with runtime.unit(SYSTEM) as unit:
        unit.session.execute(update(Account).values(disabled_at=unit.now))
    assert actor(runtime, token) is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("a" * 3 + "bcdefg", "password_too_short"),
        ("tide lamps", None),
        ("石狮的早市与旧书摊上", None),
        ("tide lamps " * 23 + "abc", None),
        ("tide lamps " * 23 + "abcd", "password_too_long"),
        ("qwertyuiop", "password_known"),
        ("Passw0rd2024", "password_known"),
        ("1q2w3e4r5t", "password_known"),
        ("aaaaaaaaaaaa", "password_too_easy"),
        ("my operator rules", "password_too_easy"),
    ],
)
def test_a_new_password_is_long_and_not_the_name(password: str, code: str | None) -> None:
    if code is None:
        assert passwords.password_fits(passwords.hash_password(password, "operator"), password)
        return
    with pytest.raises(PasswordRefused, match=code):
        passwords.hash_password(password, "operator")


@pytest.mark.parametrize("role", ["enterprise", "institution", "operator", "reviewer"])
def test_only_the_administrator_keeps_accounts(runtime: Runtime, role: str) -> None:
    acts: list[Callable[..., object]] = [accounts.list_accounts]
    acts += [lambda unit: accounts.disable_account(unit, 1), lambda unit: accounts.enable_account(unit, 1)]
    acts += [lambda unit: accounts.set_password(unit, 1, PASSWORD), lambda unit: add(unit, "new")]
    for act in acts:
        with pytest.raises(NotAllowed), runtime.unit(Actor(role, 2)) as unit:
            act(unit)


def add(unit: object, login: str, role: str = "operator", kind: str = "operator") -> int:
    return accounts.add_account(
        unit,  # type: ignore[arg-type]
        login=login,
        display_name="某某",
        role=role,
        organisation_name="晋江知识产权运营中心",
        organisation_kind=kind,
        password=PASSWORD,
    )


@pytest.mark.parametrize(
    ("login", "role", "kind", "code"),
    [
        ("OPERATOR", "operator", "operator", "login_taken"),
        ("ab", "operator", "operator", "login_invalid"),
        ("a b c", "operator", "operator", "login_invalid"),
        ("x" * 65, "operator", "operator", "login_invalid"),
        ("abc", "visitor", "operator", "role_unknown"),
        ("abc", "operator", "club", "organisation_kind_unknown"),
    ],
)
def test_an_account_needs_a_free_name_and_a_known_role(
    runtime: Runtime, login: str, role: str, kind: str, code: str
) -> None:
    with pytest.raises(Refusal, match=code), runtime.unit(SYSTEM) as unit:
        add(unit, login, role, kind)


def test_two_accounts_of_one_organisation_share_it(runtime: Runtime) -> None:
    with runtime.unit(SYSTEM) as unit:
        add(unit, "second")
        places = unit.session.execute(
            select(Account.organisation_id).where(Account.login.in_(("operator", "second")))
        ).scalars()
        assert len(set(places)) == 1


def test_nobody_disables_the_own_account(runtime: Runtime) -> None:
    with pytest.raises(Conflict, match="account_own"), runtime.unit(Actor("administrator", 5)) as unit:
        accounts.disable_account(unit, 5)


def register(runtime: Runtime, **changes: str) -> int:
    data = {
        "uscc": NEW_USCC,
        "name": "晋江市新芯制造有限公司",
        "contact_name": "林晓",
        "contact_phone": "13900000000",
        "contact_email": "",
        "login": "xinxin",
        "password": PASSWORD,
        **changes,
    }
    with runtime.unit(SYSTEM) as unit:
        return register_enterprise(unit, Applicant(**data))


def test_a_new_enterprise_registers_and_is_local_by_its_code(runtime: Runtime) -> None:
    register(runtime)
    who = actor(runtime, accounts.sign_in(runtime, "xinxin", PASSWORD, ADDRESS))
    assert who is not None and who.role == "enterprise"
    with runtime.unit(SYSTEM, write=False) as unit:
        assert who.enterprise_id is None  # nobody has confirmed that it speaks for the firm
        firm = unit.session.get_one(Enterprise, who.claims)
        assert (firm.uscc, firm.local, firm.local_decided_by) == (NEW_USCC, True, "division")


def test_a_firm_of_the_base_is_taken_by_its_code(runtime: Runtime) -> None:
    with runtime.unit(SYSTEM) as unit:
        unit.session.execute(Organisation.__table__.update().values(enterprise_id=None))  # type: ignore[attr-defined]
    register(runtime, uscc=USCC.lower(), name="晋江市恒步鞋业有限责任公司")
    with runtime.unit(SYSTEM, write=False) as unit:
        assert unit.session.execute(select(func.count()).select_from(Enterprise)).scalar_one() == 1
        linked = unit.session.execute(select(Organisation.id).where(Organisation.enterprise_id == 1)).scalars().all()
        assert len(linked) == 1


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"uscc": "91350582MA31XK7T2X"}, IdentifierInvalid, "uscc_check"),
        ({"name": "  "}, Refusal, "register_name_missing"),
        ({"contact_name": " "}, Refusal, "register_contact_missing"),
        ({"contact_phone": " ", "contact_email": ""}, Refusal, "register_contact_missing"),
        ({"uscc": USCC, "name": "晋江市别家鞋业有限公司"}, Refusal, "register_name_differs"),
        ({"uscc": USCC, "name": "晋江市恒步鞋业有限公司"}, Conflict, "enterprise_has_account"),
        ({"login": "operator"}, Conflict, "login_taken"),
        ({"password": "short"}, PasswordRefused, "password_too_short"),
    ],
)
def test_a_registration_that_does_not_fit_leaves_nothing(
    runtime: Runtime, changes: dict[str, str], kind: type[Refusal], code: str
) -> None:
    with pytest.raises(kind, match=code):
        register(runtime, **changes)
    with runtime.unit(SYSTEM, write=False) as unit:
        assert unit.session.execute(select(func.count()).select_from(Enterprise)).scalar_one() == 1
        assert unit.session.execute(select(func.count()).select_from(Account)).scalar_one() == 6
