"""Numbers and classes typed into the box of a search: whole, in part, in whatever spelling."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, exists, func, or_, select

from matchhub.db.tables import Patent, PatentAlias, PatentClass
from matchhub.domain.foreign_numbers import parse_foreign_number
from matchhub.domain.identifiers import normalise_application_number, normalise_publication_number, plain
from matchhub.errors import Refusal
from matchhub.services.search.searchable import Named

_PART = re.compile(r"(?:CN|ZL)*(?P<digits>[0-9]{5,13}[X]?)(?P<kind>[ABCUYSD]?)[0-9]?\Z")
_SYMBOL = re.compile(
    r"(?P<subclass>[A-H][0-9]{2}[A-Z]?)(?:(?<=[A-Z])0*(?P<group>[0-9]{1,4})(?P<stroke>/(?P<sub>[0-9]{0,6}))?)?\Z"
)


def named(query: str) -> Named | None:
    """What a question names when it is a number, a part of one, or an IPC symbol; ``None`` when it is words."""
    if (number := number_in(query)) is not None:
        return Named("number" if plain(query) != number else "", number, has_number(number), whole=True)
    squeezed = plain(query).replace("-", "").replace(".", "")
    if found := _SYMBOL.match(squeezed):
        return _class_of(found)
    if found := _PART.match(squeezed):
        return Named("number_part", found["digits"] + found["kind"], _has_part(found["digits"], found["kind"]))
    return None


def number_in(query: str) -> str | None:
    """The application or publication number that was typed, in its canonical form."""
    for read in (normalise_application_number, normalise_publication_number):
        try:
            return read(query)
        except Refusal:
            continue
    return parse_foreign_number(query)


def has_number(number: str) -> ColumnElement[bool]:
    """Patents that bear a number, also as an alias."""
    alias = exists().where(PatentAlias.patent_id == Patent.id, PatentAlias.value == number)
    return or_(Patent.application_number == number, Patent.publication_number == number, alias)


def _has_part(digits: str, kind: str) -> ColumnElement[bool]:
    published = Patent.publication_number.contains(digits + kind, autoescape=True)
    if kind:
        return published
    filed = func.replace(Patent.application_number, ".", "").contains(digits, autoescape=True)
    alias = exists().where(PatentAlias.patent_id == Patent.id, PatentAlias.value.contains(digits, autoescape=True))
    return or_(filed, published, alias)


def _class_of(found: re.Match[str]) -> Named:
    """A class (A43), subclass (A43B), group (A43B 13) or symbol (A43B 13/04), also without the blank."""
    subclass, group, sub = found["subclass"], found["group"], found["sub"]
    shown = subclass if group is None else f"{subclass} {int(group)}{found['stroke'] or '/'}"
    same = (
        PatentClass.symbol == shown if sub and len(sub) > 1 else PatentClass.symbol.startswith(shown, autoescape=True)
    )
    held = select(PatentClass.patent_id).where(PatentClass.scheme == "ipc", same)
    return Named("ipc", shown.rstrip("/"), Patent.id.in_(held))
