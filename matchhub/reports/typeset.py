"""Reports typeset as PDF by Typst: the same words are the same bytes, and a missing font is said instead of lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib import resources
from typing import Any

from matchhub.errors import Refusal

FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC")
"""Free fonts with every character that is in use (Debian: fonts-noto-cjk); Typst drops what a font lacks silently."""


class FontMissing(Refusal):
    """A font that reports are set in is not installed (data ``fonts``)."""

    code = "report_font_missing"


@lru_cache(maxsize=1)
def _fonts() -> Any:
    import typst  # large; only a report needs it

    return typst.Fonts(include_embedded_fonts=False)


def missing_fonts() -> tuple[str, ...]:
    """The fonts of ``FONTS`` that are not installed."""
    known = set(_fonts().families())
    return tuple(each for each in FONTS if each not in known)


def typeset(template: str, content: Mapping[str, object], made_on: date) -> bytes:
    """The PDF of a template of this folder (``NAME.typ``) filled with plain JSON values; it bears the day ``made_on``.

    Raises ``FontMissing``.
    """
    import typst

    if lacking := missing_fonts():
        raise FontMissing(fonts="、".join(lacking))
    source = resources.files(__package__).joinpath(f"{template}.typ").read_bytes()
    compiler = typst.Compiler(source, font_paths=_fonts(), sys_inputs={"content": json.dumps(content)})
    made = datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC)
    made_pdf = compiler.compile(format="pdf", timestamp=made)
    assert isinstance(made_pdf, bytes)
    return made_pdf
