"""Words for organisations and sides that some roles share and that are no roles.

An account has a role, and only the table of permissions says what a role may do. Here stand the kind of organisation an
account acts for, the side on which somebody speaks in a thread, the kind of party that something counts, and the two
roles whose confirmation the rule pack asks for (``confirming_roles``), as they stand in stored rows.
"""

from __future__ import annotations

from typing import Final, Literal

OrganisationKind = Literal["enterprise", "institution", "operator", "bureau", "system"]
ENTERPRISE: Final = "enterprise"
INSTITUTION: Final = "institution"
OPERATOR: Final = "operator"
BUREAU: Final = "bureau"
HOLDER_KINDS: Final = (INSTITUTION, ENTERPRISE)  # kinds of organisation that hold patents here

Side = Literal["enterprise", "holder", "operator", "guest"]

CONFIRMING_OPERATOR: Final = "operator"
CONFIRMING_BUREAU: Final = "reviewer"
