"""Contact data shown only in part (PIPL: shown in full after a reveal that is logged)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from matchhub.services.kernel.unit import Unit

_LOCAL_PART = re.compile(r"([^\s;；,，、<>@]?)[^\s;；,，、<>@]*@")
PRIVATE = frozenset({"contact_phone", "contact_email", "phone", "email"})


def masked(name: str, value: object) -> object:
    """``value`` of the field ``name`` as it may stand on a page: telephone numbers and addresses of mail in part."""
    if name not in PRIVATE or not isinstance(value, str) or not value:
        return value
    if "@" in value:
        return mask_addresses(value)
    return f"{value[:3]}****{value[-2:]}" if len(value) > 6 else "****"


def mask_addresses(text: str) -> str:
    """Every address of mail in a text in part: ``li@qq.com; wang@x.cn`` -> ``l***@qq.com; w***@x.cn``."""
    return _LOCAL_PART.sub(r"\1***@", text)


def without_contact_data(unit: Unit, data: Mapping[str, object]) -> dict[str, object]:
    """Data of a sentence as the parties of a deal may read it: a shared telephone number only in part (PIPL)."""
    plain = dict(data)
    if not unit.may("contact.read_shared") and plain.get("kind") == "phone":
        plain["shared"] = masked("phone", plain.get("shared"))
    return plain
