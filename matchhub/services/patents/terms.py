"""Whose term is over, as a condition on rows: ``domain.validity.is_expired`` for searches among all patents."""

from __future__ import annotations

from datetime import date
from typing import get_args

from sqlalchemy import ColumnElement, and_, case, false, func, or_

from matchhub.db.tables import Patent
from matchhub.domain.identifiers import type_digits
from matchhub.domain.records import PatentType
from matchhub.domain.validity import newest_filing_over

_LONG, _SHORT = len("201710601862.3"), len("95115608.X")


def term_is_over(day: date) -> ColumnElement[bool]:
    """Whether the term of a patent is over on ``day``. The days come from the rule that pages and counting ask, so
    both say the same of every patent (a test)."""
    number, filed_on = Patent.application_number, Patent.filed_on
    long = func.length(number) == _LONG
    digit = case((long, func.substr(number, 5, 1)), else_=func.substr(number, 3, 1))
    short_year = func.substr(number, 1, 2)
    century = case((short_year >= "85", "19"), else_="20")
    year = case((long, func.substr(number, 1, 4)), else_=century.concat(short_year))
    over = []
    for patent_type in get_args(PatentType):
        newest_on = newest_filing_over(day, patent_type)
        whole_year = newest_on.year if (newest_on.month, newest_on.day) == (12, 31) else newest_on.year - 1
        filed = or_(filed_on <= newest_on, and_(filed_on.is_(None), year <= str(whole_year)))
        over.append(and_(digit.in_(type_digits(patent_type)), filed))
    by_number = and_(number.is_not(None), func.length(number).in_((_LONG, _SHORT)), or_(*over))
    stated = Patent.expires_on
    return case((stated.is_not(None), stated <= day), (by_number, ~false()), else_=false())
