"""Erasure asked for by the person, judged and done by the operator in two steps: look at what goes, then erase."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from matchhub.db.tables import Account, AccountMatter, Organisation
from matchhub.domain.organisations import HOLDER_KINDS
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.accounts.sessions import end_sessions
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify, operators
from matchhub.services.personal.closing import Standing, require_free, standing_of
from matchhub.services.personal.erasing import erase_data, rows_concerned
from matchhub.services.personal.places import subject_of

ERASURE, DONE, REFUSED, TAKEN_BACK = "erasure", "done", "refused", "taken_back"
MOST_REASON = 500


@dataclass(frozen=True, slots=True)
class Request:
    """One erasure asked for. ``name`` and ``login`` are the mark once it is done."""

    id: int
    account_id: int
    login: str
    name: str
    organisation_id: int
    organisation: str
    reason: str
    asked_at: datetime
    decision: str
    answer: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would do: rows by table, and what stands against it. Empty once it is decided."""

    request: Request
    rows: tuple[tuple[str, int], ...]
    standing: Standing | None


def own_request(unit: Unit) -> Request | None:
    """The erasure that the actor asked for last."""
    unit.require("account.read_data")
    found = _requests(unit, AccountMatter.account_id == (unit.actor.account_id or 0))
    return found[0] if found else None


def ask_erasure(unit: Unit, reason: str) -> int:
    """Ask that the own personal data be erased; the operator is told. Returns the request's number.

    Raises ``Conflict("erasure_waits")`` where one waits, and what ``closing.require_free`` raises.
    """
    unit.require("account.ask_erasure")
    if unit.actor.account_id is None:
        raise NotAllowed(role=unit.actor.role)
    if _waiting(unit, unit.actor.account_id) is not None:
        raise Conflict("erasure_waits")
    require_free(unit, unit.actor.account_id)
    row = AccountMatter(
        account_id=unit.actor.account_id,
        kind=ERASURE,
        reason=reason.strip()[:MOST_REASON] or None,
        asked_at=unit.now,
        asked_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    notify(unit, operators(unit), "notice_erasure_asked", ("account_matters", row.id), str(row.id))
    append_event(unit, "account.erasure_asked", "accounts", row.account_id, matter=row.id)
    return row.id


def take_erasure_back(unit: Unit) -> None:
    """Take the own request back while it waits. Raises ``NotFound``."""
    unit.require("account.ask_erasure")
    row = _waiting(unit, unit.actor.account_id or 0)
    if row is None:
        raise NotFound()
    _decide(unit, row, TAKEN_BACK)
    append_event(unit, "account.erasure_taken_back", "accounts", row.account_id, matter=row.id)


def list_requests(unit: Unit) -> tuple[Request, ...]:
    """All erasures asked for, those that wait first, the oldest of them at the top."""
    unit.require("account.erase_any")
    found = _requests(unit)
    waiting = [each for each in reversed(found) if not each.decision]
    return tuple(waiting + [each for each in found if each.decision])


def preview_erasure(unit: Unit, request_id: int) -> Preview:
    """What an erasure would take, before it is done. Raises ``NotFound``."""
    unit.require("account.erase_any")
    found = _requests(unit, AccountMatter.id == request_id)
    if not found:
        raise NotFound()
    if found[0].decision:
        return Preview(found[0], (), None)
    rows = rows_concerned(unit, subject_of(unit, found[0].account_id))
    return Preview(found[0], tuple(sorted(rows.items())), standing_of(unit, found[0].account_id))


def erase_account(unit: Unit, request_id: int, login: str) -> int:
    """Erase; ``login`` is the account's name typed as the second step. Returns how many rows changed.

    Raises ``NotFound``, ``Conflict("erasure_decided")``, ``Refusal("erasure_login_differs")`` and what
    ``closing.require_free`` raises. The database overwrites what was freed once the unit is committed.
    """
    unit.require("account.erase_any")
    row = _open(unit, request_id)
    account = unit.session.get_one(Account, row.account_id)
    if login.strip().casefold() != account.login:
        raise Refusal("erasure_login_differs")
    require_free(unit, account.id)
    end_sessions(unit, account.id)
    _decide(unit, row, DONE)
    row.reason = None
    changed = erase_data(unit, subject_of(unit, account.id))
    append_event(unit, "account.erased", "accounts", account.id, matter=row.id, rows=sum(changed.values()))
    return sum(changed.values())


def refuse_erasure(unit: Unit, request_id: int, answer: str) -> None:
    """Say why the data cannot be erased now; the person is told. Raises ``Refusal("erasure_answer_missing")``."""
    unit.require("account.erase_any")
    row = _open(unit, request_id)
    if not answer.strip():
        raise Refusal("erasure_answer_missing")
    _decide(unit, row, REFUSED)
    row.answer = answer.strip()[:MOST_REASON]
    append_event(unit, "account.erasure_refused", "accounts", row.account_id, matter=row.id)


def _decide(unit: Unit, row: AccountMatter, decision: str) -> None:
    row.decision, row.decided_at, row.decided_by = decision, unit.now, unit.actor.account_id


def _open(unit: Unit, request_id: int) -> AccountMatter:
    row = unit.session.get(AccountMatter, request_id)
    if row is None or row.kind != ERASURE:
        raise NotFound()
    if row.decision is not None:
        raise Conflict("erasure_decided")
    return row


def _waiting(unit: Unit, account_id: int) -> AccountMatter | None:
    chosen = select(AccountMatter).where(
        AccountMatter.account_id == account_id, AccountMatter.kind == ERASURE, AccountMatter.decision.is_(None)
    )
    return unit.session.execute(chosen).scalar()


def _requests(unit: Unit, *conditions: object) -> list[Request]:
    chosen = (
        select(AccountMatter, Account, Organisation)
        .join(Account, Account.id == AccountMatter.account_id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(AccountMatter.kind == ERASURE, Organisation.kind.in_(HOLDER_KINDS), *conditions)  # type: ignore[arg-type]
        .order_by(AccountMatter.id.desc())
    )
    return [
        Request(
            row.id,
            account.id,
            account.login,
            account.display_name,
            place.id,
            place.name,
            row.reason or "",
            row.asked_at,
            row.decision or "",
            row.answer or "",
            row.decided_at,
        )
        for row, account, place in unit.session.execute(chosen)
    ]
