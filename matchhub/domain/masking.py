"""Names of persons shown only in part (去标识化): for readers who need to tell rows apart, not to know who it is."""

from __future__ import annotations

import re

from matchhub.domain.parties import is_natural_person

_BETWEEN = re.compile(r"(、| → | · |；|，)")


def mask_person(name: str) -> str:
    """A person's name in part: 张三丰 as 张**, John as J***."""
    return name[:1] + "*" * max(1, len(name) - 1) if name else name


def mask_persons(text: str) -> str:
    """A text of names with marks between them: those that are persons' (自然人) in part, organisations as they are."""
    parts = _BETWEEN.split(text)
    return "".join(mask_person(part) if is_natural_person(part) else part for part in parts)
