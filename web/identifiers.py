"""Numbers of patents and credit codes as people type them into forms."""

from __future__ import annotations

import re
from typing import Any

from wtforms.validators import StopValidation

from matchhub.domain.identifiers import normalise_application_number, normalise_publication_number, normalise_uscc
from matchhub.errors import IdentifierInvalid
from web.language import say_refusal

_APART = re.compile(r"[\s;；,，、|]+")


def parts_of(text: str | None) -> list[str]:
    """A text cut at blanks, commas and semicolons."""
    return [each for each in _APART.split(text or "") if each]


def patent_number(text: str) -> str:
    """An application number in its canonical form, or a publication number where it is one; ``IdentifierInvalid``."""
    try:
        return normalise_application_number(text)
    except IdentifierInvalid as fault:
        try:
            return normalise_publication_number(text)
        except IdentifierInvalid:
            raise fault from None


def patent_numbers(text: str | None) -> tuple[str, ...]:
    """The numbers in a text, each once, in their order; ``IdentifierInvalid`` for the first that is none."""
    return tuple(dict.fromkeys(patent_number(each) for each in parts_of(text)))


def credit_code(text: str | None) -> str | None:
    """A credit code in its canonical form; empty is ``None``; ``IdentifierInvalid``."""
    written = (text or "").strip()
    return normalise_uscc(written) if written else None


def valid_uscc(form: Any, field: Any) -> None:
    """An empty code passes; a wrong one is told at its field."""
    try:
        credit_code(field.data)
    except IdentifierInvalid as fault:
        raise StopValidation(say_refusal(fault)) from fault


def valid_numbers(form: Any, field: Any) -> None:
    """Every number must be an application or publication number."""
    try:
        patent_numbers(field.data)
    except IdentifierInvalid as fault:
        raise StopValidation(say_refusal(fault)) from fault
