"""One-time codes: whose they are, how long and how often they work, and what they prove."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pyotp
import pytest
from sqlalchemy import func, select

from matchhub.db.tables import Account, Attempt, Confirmation, Deal, LogEntry, SecondFactor
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.accounts import second_factor
from matchhub.services.accounts.second_factor import SecondFactorRefused, proving
from matchhub.services.accounts.sessions import actor_of, open_session
from matchhub.services.evidence import confirmations
from matchhub.services.kernel.limits import LimitReached
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM, Actor
from tests.web.installation import PASSWORD, Clock

WRONG = "not a code"


def actor(runtime: Runtime, login: str) -> Actor:
    with runtime.unit(SYSTEM) as unit:
        account = unit.session.execute(select(Account.id).where(Account.login == login)).scalar_one()
        found = actor_of(unit, open_session(unit, account))
    assert found is not None
    return found


def started(runtime: Runtime, who: Actor) -> pyotp.TOTP:
    """Start codes of an account and return what its telephone knows."""
    with proving(runtime, who) as unit:
        second_factor.start(unit, PASSWORD)
    with runtime.unit(who, write=False) as unit:
        return pyotp.TOTP(second_factor.fresh_secret(unit))


def switched_on(runtime: Runtime, clock: Clock, login: str = "reviewer") -> tuple[Actor, pyotp.TOTP]:
    """An account with codes in use, at a moment when the next code is fresh."""
    who = actor(runtime, login)
    phone = started(runtime, who)
    with proving(runtime, who) as unit:
        second_factor.switch_on(unit, phone.at(clock.now))
    clock.forward(timedelta(minutes=2))
    return who, phone


def spend(runtime: Runtime, who: Actor, code: str) -> str:
    """What became of one code: the refusal's code, or ``taken``."""
    try:
        with proving(runtime, who) as unit:
            second_factor.spend_code(unit, code)
    except Refusal as refusal:
        return refusal.code
    return "taken"


def deal(runtime: Runtime) -> int:
    with runtime.unit(SYSTEM) as unit:
        row = Deal(
            identity_key="d-1",
            deal_type="assignment",
            amount_yuan=Decimal(50000),
            signed_on=date(2025, 5, 1),
            recorded_at=unit.now,
            updated_at=unit.now,
        )
        unit.session.add(row)
        unit.session.flush()
        return row.id


def give_confirmation(runtime: Runtime, who: Actor, deal_id: int, code: str = "", decision: str = "confirmed") -> bool:
    """Give a word on a deal; tells whether it is on record with the second factor."""
    with proving(runtime, who) as unit:
        number = confirmations.give_confirmation(unit, "deals", deal_id, decision, "已核对", code)
        return unit.session.get_one(Confirmation, number).second_factor


def words(runtime: Runtime) -> int:
    with runtime.unit(SYSTEM, write=False) as unit:
        return unit.session.execute(select(func.count()).select_from(Confirmation)).scalar_one()


class TestSwitchingOn:
    def test_codes_are_on_after_the_password_and_the_first_code(self, runtime: Runtime, clock: Clock) -> None:
        who = actor(runtime, "reviewer")
        phone = started(runtime, who)
        with runtime.unit(who, write=False) as unit:
            assert second_factor.factor_view(unit).state == "started"
            assert not second_factor.is_on(unit)
            assert "otpauth://totp/matchhub:reviewer?" in second_factor.enrolment_address(unit)
        with proving(runtime, who) as unit:
            second_factor.switch_on(unit, phone.at(clock.now))
        with runtime.unit(who, write=False) as unit:
            assert second_factor.factor_view(unit) == second_factor.FactorView("on", clock.now)

    def test_a_wrong_password_starts_nothing(self, runtime: Runtime) -> None:
        who = actor(runtime, "reviewer")
        with pytest.raises(SecondFactorRefused, match="second_factor_password"), proving(runtime, who) as unit:
            second_factor.start(unit, "wrong")
        with runtime.unit(who, write=False) as unit:
            assert second_factor.factor_view(unit).state == "off"

    def test_a_wrong_first_code_leaves_them_off(self, runtime: Runtime) -> None:
        who = actor(runtime, "reviewer")
        started(runtime, who)
        with pytest.raises(SecondFactorRefused, match="second_factor_wrong"), proving(runtime, who) as unit:
            second_factor.switch_on(unit, WRONG)
        with runtime.unit(who, write=False) as unit:
            assert not second_factor.is_on(unit)

    def test_a_secret_that_waits_does_not_work_yet(self, runtime: Runtime, clock: Clock) -> None:
        who = actor(runtime, "reviewer")
        phone = started(runtime, who)
        assert spend(runtime, who, phone.at(clock.now)) == "second_factor_off"

    def test_the_secret_is_never_shown_again_once_it_is_in_use(self, runtime: Runtime, clock: Clock) -> None:
        who, _ = switched_on(runtime, clock)
        with runtime.unit(who, write=False) as unit:
            with pytest.raises(NotFound):
                second_factor.fresh_secret(unit)
            with pytest.raises(NotFound):
                second_factor.enrolment_address(unit)

    def test_codes_in_use_are_not_started_anew_by_the_password_alone(self, runtime: Runtime, clock: Clock) -> None:
        who, phone = switched_on(runtime, clock)
        with pytest.raises(Conflict, match="second_factor_on"), proving(runtime, who) as unit:
            second_factor.start(unit, PASSWORD)
        assert spend(runtime, who, phone.at(clock.now)) == "taken"

    def test_the_base_and_the_log_do_not_hold_the_secret(self, runtime: Runtime, clock: Clock) -> None:
        who = actor(runtime, "reviewer")
        phone = started(runtime, who)
        assert len(phone.secret) == 32
        with runtime.unit(SYSTEM, write=False) as unit:
            salt = unit.session.execute(select(SecondFactor.salt)).scalar_one()
            assert phone.secret not in (salt, salt.upper())
            assert all(phone.secret not in said for said in unit.session.execute(select(LogEntry.payload)).scalars())
        stored = b"".join(file.read_bytes() for file in runtime.home.glob("matchhub.db*"))
        assert salt.encode() in stored and phone.secret.encode() not in stored

    def test_two_accounts_and_two_starts_have_different_secrets(self, runtime: Runtime) -> None:
        reviewer, operator = actor(runtime, "reviewer"), actor(runtime, "operator")
        secrets = {started(runtime, who).secret for who in (reviewer, operator, reviewer)}
        assert len(secrets) == 3


class TestCodes:
    @pytest.mark.parametrize(
        ("seconds", "outcome"),
        [
            (-60, "second_factor_wrong"),
            (-30, "taken"),
            (0, "taken"),
            (30, "taken"),
            (60, "second_factor_wrong"),
        ],
    )
    def test_the_telephone_may_be_one_step_off(
        self, runtime: Runtime, clock: Clock, seconds: int, outcome: str
    ) -> None:
        who, phone = switched_on(runtime, clock)
        assert spend(runtime, who, phone.at(clock.now + timedelta(seconds=seconds))) == outcome

    def test_a_code_works_once(self, runtime: Runtime, clock: Clock) -> None:
        who, phone = switched_on(runtime, clock)
        code = phone.at(clock.now)
        assert [spend(runtime, who, code) for _ in range(2)] == ["taken", "second_factor_used"]

    def test_an_older_code_is_worth_nothing_after_a_newer_one(self, runtime: Runtime, clock: Clock) -> None:
        who, phone = switched_on(runtime, clock)
        older, newer = phone.at(clock.now - second_factor.STEP), phone.at(clock.now)
        assert spend(runtime, who, newer) == "taken"
        assert spend(runtime, who, older) == "second_factor_used"

    def test_the_code_that_switched_on_is_spent(self, runtime: Runtime, clock: Clock) -> None:
        who = actor(runtime, "reviewer")
        code = started(runtime, who).at(clock.now)
        with proving(runtime, who) as unit:
            second_factor.switch_on(unit, code)
        assert spend(runtime, who, code) == "second_factor_used"

    def test_the_next_code_works_after_a_step(self, runtime: Runtime, clock: Clock) -> None:
        who, phone = switched_on(runtime, clock)
        assert spend(runtime, who, phone.at(clock.now)) == "taken"
        clock.forward(second_factor.STEP)
        assert spend(runtime, who, phone.at(clock.now)) == "taken"

    def test_blanks_and_wide_digits_are_the_same_code(self, runtime: Runtime, clock: Clock) -> None:
        who, phone = switched_on(runtime, clock)
        code = phone.at(clock.now)
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
        assert spend(runtime, who, f" {wide[:3]} {wide[3:]} ") == "taken"

    @pytest.mark.parametrize("code", ["", "  "])
    def test_no_code_is_asked_for(self, runtime: Runtime, clock: Clock, code: str) -> None:
        who, _ = switched_on(runtime, clock)
        assert spend(runtime, who, code) == "second_factor_missing"

    def test_the_code_of_another_account_does_not_work(self, runtime: Runtime, clock: Clock) -> None:
        who, _ = switched_on(runtime, clock)
        _, other = switched_on(runtime, clock, "operator")
        assert spend(runtime, who, other.at(clock.now)) == "second_factor_wrong"

    def test_the_sixth_attempt_is_refused_even_with_the_right_code(self, runtime: Runtime, clock: Clock) -> None:
        who, phone = switched_on(runtime, clock)
        assert [spend(runtime, who, WRONG) for _ in range(5)] == ["second_factor_wrong"] * 5
        assert spend(runtime, who, phone.at(clock.now)) == "limit_reached"
        clock.forward(second_factor.PER_ACCOUNT.within)
        assert spend(runtime, who, phone.at(clock.now)) == "taken"

    def test_right_codes_use_the_limit_up_for_nobody(self, runtime: Runtime, clock: Clock) -> None:
        who, phone = switched_on(runtime, clock)
        for _ in range(7):
            clock.forward(second_factor.STEP)
            assert spend(runtime, who, phone.at(clock.now)) == "taken"
        with runtime.unit(SYSTEM, write=False) as unit:
            assert unit.session.execute(select(func.count()).select_from(Attempt)).scalar_one() == 0

    def test_wrong_passwords_count_for_the_same_limit(self, runtime: Runtime) -> None:
        who = actor(runtime, "reviewer")
        for _ in range(5):
            with pytest.raises(SecondFactorRefused), proving(runtime, who) as unit:
                second_factor.start(unit, "wrong")
        with pytest.raises(LimitReached), proving(runtime, who) as unit:
            second_factor.start(unit, PASSWORD)


class TestSwitchingOff:
    def test_a_code_switches_them_off(self, runtime: Runtime, clock: Clock) -> None:
        who, phone = switched_on(runtime, clock)
        with proving(runtime, who) as unit:
            second_factor.switch_off(unit, phone.at(clock.now))
        with runtime.unit(who, write=False) as unit:
            assert second_factor.factor_view(unit).state == "off"

    def test_nothing_else_does(self, runtime: Runtime, clock: Clock) -> None:
        who, _ = switched_on(runtime, clock)
        with pytest.raises(SecondFactorRefused), proving(runtime, who) as unit:
            second_factor.switch_off(unit, WRONG)
        with runtime.unit(who, write=False) as unit:
            assert second_factor.is_on(unit)

    def test_the_administrator_resets_them_and_the_log_tells(self, runtime: Runtime, clock: Clock) -> None:
        who, phone = switched_on(runtime, clock, "operator")
        assert who.account_id is not None
        with runtime.unit(actor(runtime, "administrator")) as unit:
            assert second_factor.accounts_with_factor(unit) == {who.account_id}
            assert second_factor.reset(unit, who.account_id) == "operator"
            assert second_factor.accounts_with_factor(unit) == frozenset()
        assert spend(runtime, who, phone.at(clock.now)) == "second_factor_off"
        with runtime.unit(SYSTEM, write=False) as unit:
            events = unit.session.execute(select(LogEntry.verb).order_by(LogEntry.id)).scalars().all()
        assert events[-3:] == [
            "account.second_factor_started",
            "account.second_factor_on",
            "account.second_factor_reset",
        ]

    @pytest.mark.parametrize("login", ["operator", "reviewer", "enterprise"])
    def test_nobody_else_resets_them(self, runtime: Runtime, clock: Clock, login: str) -> None:
        who, _ = switched_on(runtime, clock, "institution")
        assert who.account_id is not None
        with runtime.unit(actor(runtime, login)) as unit, pytest.raises(NotAllowed):
            second_factor.reset(unit, who.account_id)

    def test_the_administrator_does_not_reset_the_own_ones(self, runtime: Runtime) -> None:
        administrator = actor(runtime, "administrator")
        assert administrator.account_id is not None
        with runtime.unit(administrator) as unit, pytest.raises(Conflict, match="second_factor_own"):
            second_factor.reset(unit, administrator.account_id)


class TestConfirming:
    def test_the_reviewer_confirms_a_deal_with_a_code(self, runtime: Runtime, clock: Clock) -> None:
        who, phone = switched_on(runtime, clock)
        assert give_confirmation(runtime, who, deal(runtime), phone.at(clock.now)) is True

    def test_without_codes_the_reviewer_confirms_no_deal(self, runtime: Runtime) -> None:
        with pytest.raises(SecondFactorRefused, match="second_factor_off"):
            give_confirmation(runtime, actor(runtime, "reviewer"), deal(runtime))
        assert words(runtime) == 0

    @pytest.mark.parametrize("login", ["reviewer", "operator"])
    @pytest.mark.parametrize(("code", "told"), [("", "second_factor_missing"), (WRONG, "second_factor_wrong")])
    def test_who_has_codes_must_give_the_right_one(
        self, runtime: Runtime, clock: Clock, login: str, code: str, told: str
    ) -> None:
        who, _ = switched_on(runtime, clock, login)
        with pytest.raises(SecondFactorRefused, match=told):
            give_confirmation(runtime, who, deal(runtime), code)
        assert words(runtime) == 0

    def test_one_code_confirms_one_deal(self, runtime: Runtime, clock: Clock) -> None:
        who, phone = switched_on(runtime, clock)
        deal_id, code = deal(runtime), phone.at(clock.now)
        give_confirmation(runtime, who, deal_id, code)
        with pytest.raises(SecondFactorRefused, match="second_factor_used"):
            give_confirmation(runtime, who, deal_id, code)
        assert words(runtime) == 1

    def test_a_word_that_is_refused_does_not_spend_the_code(self, runtime: Runtime, clock: Clock) -> None:
        who, phone = switched_on(runtime, clock)
        code = phone.at(clock.now)
        with pytest.raises(NotFound):
            give_confirmation(runtime, who, 99, code)
        assert give_confirmation(runtime, who, deal(runtime), code) is True

    def test_an_operator_without_codes_confirms_without_the_second_factor(self, runtime: Runtime) -> None:
        assert give_confirmation(runtime, actor(runtime, "operator"), deal(runtime)) is False

    def test_rejecting_needs_no_code(self, runtime: Runtime, clock: Clock) -> None:
        who, _ = switched_on(runtime, clock)
        assert give_confirmation(runtime, who, deal(runtime), decision="rejected") is False

    def test_records_without_money_need_no_code(self, runtime: Runtime, clock: Clock) -> None:
        who, _ = switched_on(runtime, clock)
        with runtime.unit(who) as unit:
            assert confirmations.give_confirmation(unit, "patents", 1, "confirmed")
