"""Names of accounts, and contact data shown only in part (PIPL: shown in full after a reveal that is logged)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from matchhub.db.tables import Account, Organisation
from matchhub.services.kernel.unit import Unit


def account_names(unit: Unit, ids: Iterable[int | None]) -> dict[int, str]:
    """``name（organisation）`` by account id, with the department where the account has one."""
    wanted = {key for key in ids if key is not None}
    if not wanted:
        return {}
    chosen = select(Account.id, Account.display_name, Account.department, Organisation.name).join(
        Organisation, Organisation.id == Account.organisation_id
    )
    rows = unit.session.execute(chosen.where(Account.id.in_(wanted)))
    return {key: f"{name}（{_where(organisation, department)}）" for key, name, department, organisation in rows}


def _where(organisation: str, department: str | None) -> str:
    return f"{organisation} · {department}" if department else organisation
