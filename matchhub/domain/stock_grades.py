"""Grades of the inventory of patents in stock (存量专利盘点): the holder's own and those of firms, never mixed.

Which grades there are is data, ``stock_grades.toml``.
"""

from __future__ import annotations

import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import Literal

from matchhub.domain.cell_text import tidy
from matchhub.domain.credit_codes import mask_personal_numbers

Side = Literal["holder", "firm"]
MOST_LETTERS = 500  # of a firm's reason
_FORMULA = ("=", "+", "-", "@")  # what a spreadsheet may take for a formula


@lru_cache(maxsize=1)
def _grades() -> dict[str, dict[str, tuple[str, ...]]]:
    text = resources.files("matchhub.domain").joinpath("stock_grades.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    return {side: {each["key"]: tuple(each["words"]) for each in rows} for side, rows in read.items()}


def grades(side: Side) -> tuple[str, ...]:
    """The keys of one side's grades, the best first."""
    return tuple(_grades()[side])


def read_grade(side: Side, written: str) -> str | None:
    """The grade that a cell names, by its key or one of its words; ``None`` for anything else."""
    plain = unicodedata.normalize("NFKC", written).strip()
    for key, words in _grades()[side].items():
        if plain.upper() == key.upper() or plain.casefold() in words:
            return key
    return None


def plain_reason(written: str) -> str:
    """A reason as a reader takes it from a cell: kept so, it leaves in a table and comes back the same."""
    plain = "".join(sign for sign in written if sign.isprintable() or sign.isspace())
    while (tidied := mask_personal_numbers(tidy(plain))) != plain:
        plain = tidied
    return plain


def reason_fault(reason: str) -> str | None:
    """Why a firm's reason, as ``plain_reason`` gives it, cannot be taken (a code with its sentence), or ``None``."""
    if not reason:
        return "stock_reason_missing"
    if len(reason) > MOST_LETTERS:
        return "stock_reason_long"
    return "stock_reason_formula" if reason.startswith(_FORMULA) else None
