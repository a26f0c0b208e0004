"""Accounts of tests: by the doors of the product, and of the bureau as many as a test needs, whoever made them."""

from __future__ import annotations

from matchhub.domain.permissions import permissions
from matchhub.services.accounts.accounts import add_account, create_account, organisation_of
from matchhub.services.accounts.keeping import bureau_has_accounts, bureau_roles
from matchhub.services.kernel.unit import Unit


def open_account(unit: Unit, login: str, role: str, organisation: str, kind: str, password: str, *,
                 display_name: str = "", enterprise_id: int | None = None) -> int:  # fmt: skip
    """An account; the first one of the bureau keeps its accounts, as the installer's does."""
    assert role in permissions().roles
    if role in bureau_roles() and bureau_has_accounts(unit):
        return create_account(unit, login=login, display_name=display_name or login, role=role, password=password,
                              organisation_id=organisation_of(unit, organisation, kind))  # fmt: skip
    return add_account(unit, login=login, display_name=display_name or login, role=role, password=password,
                       organisation_name=organisation, organisation_kind=kind,
                       enterprise_id=enterprise_id)  # fmt: skip
