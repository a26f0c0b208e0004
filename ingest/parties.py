"""Rows of enterprise, expert and agency lists to records."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import cast

from ingest.categories import CATEGORIES, categories_in, category_of, is_not_held, says_yes
from ingest.cells import Cells, Explained
from ingest.name_lists import split_list
from matchhub.domain import identifiers
from matchhub.domain.affiliation import RELATIONS, party_key
from matchhub.domain.existence import read_existence
from matchhub.domain.former_names import former_names_in, split_former_name
from matchhub.domain.legal_status import status_key
from matchhub.domain.records import (
    AgencyRecord,
    CategoryClaim,
    EnterpriseRecord,
    Existence,
    ExistenceClaim,
    ExpertRecord,
    Row,
)
from matchhub.errors import IdentifierInvalid

_CERTIFICATE = re.compile(r"^[A-Z]{0,4}\d[0-9A-Z\-]{5,}$", re.IGNORECASE)


def read_enterprise(cells: Cells) -> Row:
    """Record or refusal of one firm; a wrong credit code holds the row for review, a missing name refuses it."""
    uscc = cells.uscc("uscc")
    written = cells.text("name")
    name, former = split_former_name(written) if written else (None, None)
    cells.expect(name or uscc, "name", "enterprise_name_missing")
    existence = _existence(cells)
    related = _related(cells, name, uscc)
    contact_email, written_name = cells.emails("contact_email")
    record = EnterpriseRecord(
        source=cells.source,
        name=name,
        uscc=uscc,
        region=cells.text("region"),
        address=cells.text("address"),
        registered_on=cells.day("registered_on"),
        capital_yuan=cells.money("capital"),
        business_scope=cells.text("business_scope"),
        industry=cells.text("industry"),
        legal_representative=cells.text("legal_representative"),
        contact_name=cells.text("contact_name") or written_name,
        contact_phone=cells.text("contact_phone"),
        contact_email=contact_email,
        categories=_categories(cells),
        related=related,
        relation=_relation(cells.text("relation")) if related else None,
        relation_evidence=cells.text("relation_evidence") if related else None,
        former_names=former_names_in(";".join([former or "", *cells.all_raw("former_names")])),
        existence=existence,
    )
    return cells.row(record)


def _related(cells: Cells, name: str | None, uscc: str | None) -> tuple[str, ...]:
    """Affiliated parties of one firm; what is no party, or the firm itself, is told and left out."""
    own = {uscc, party_key(name) if name else None}
    found = []
    for said in cells.texts("related"):
        try:
            key = party_key(said)
        except IdentifierInvalid as fault:
            cells.add_problem("related", fault.code, said, "warning")
            continue
        if key in own:
            cells.add_problem("related", "relation_with_itself", said, "warning")
        else:
            found.append(said)
    return tuple(found)


# Parts of words that name a relation, in the order in which they decide; anything else is ``declared``.
_RELATION_WORDS = {
    "法定代表人": "legal_representative", "法人": "legal_representative", "代理": "agent_owner",
    "同一": "same_party", "股": "shareholder", "母公司": "shareholder", "子公司": "shareholder",
}  # fmt: skip


def _relation(said: str | None) -> str:
    if said in RELATIONS:
        return said
    return next((kind for part, kind in _RELATION_WORDS.items() if part in (said or "")), "declared")


def _existence(cells: Cells) -> ExistenceClaim | None:
    """Whether the party still exists, by its state or by the day of its end, of the day that the row tells.

    Sets the day of the row. A word that is not understood is a warning.
    """
    written = cells.text("existence")
    ended_on, stated_on = cells.day("ended_on"), cells.day("existence_on")
    state = _read_existence(written, cells.layout.explained) if written else None
    if state == "unknown":
        cells.add_problem("existence", "existence_unknown", written or "", "warning")
    if state in (None, "unknown") and ended_on:
        state, written = "struck_off", written or ended_on.isoformat()
    cells.set_as_of_day(stated_on)
    if state is None:
        return None
    days = [day for day in (cells.source.as_of_on, ended_on if state != "active" else None) if day]
    return ExistenceClaim(state, written or "", max(days, default=None))


@lru_cache(maxsize=1024)
def _read_existence(text: str, explained: Explained) -> Existence:
    return read_existence(text, {status_key(word): cast(Existence, state) for word, state in explained})


def _categories(cells: Cells) -> tuple[CategoryClaim, ...]:
    """Categories from their column, from columns named after one, or from the headline of a bare list of names."""
    valid_from, valid_to = _validity(cells)
    certificate, listed = cells.text("certificate_number"), cells.text("official_list")
    numbers = _certificate_numbers(cells, certificate)
    layout = cells.layout
    if not numbers and "category" not in layout.columns and (headline := category_of(layout.heading)):
        numbers = {headline: certificate}
        # A title inside the document names the official list; the name of a file or a sheet proves nothing.
        listed = listed or (layout.title if category_of(layout.title) else None)
    _warn_of_unheld(cells, bool(numbers))
    return tuple(CategoryClaim(key, number, listed, valid_from, valid_to) for key, number in numbers.items())


def _certificate_numbers(cells: Cells, certificate: str | None) -> dict[str, str | None]:
    """Each category that a column confers -> its certificate number, else ``certificate``, the number of the row."""
    named = [key for text in cells.all_raw("category") for key in categories_in(text)]
    numbers: dict[str, str | None] = dict.fromkeys(named, certificate)
    for key in CATEGORIES:
        for cell in cells.all_raw(f"category:{key}"):
            if says_yes(cell):
                numbers[key] = certificate
            elif _CERTIFICATE.match(cell):
                numbers[key] = cell
            elif category_of(cell):
                numbers[key] = certificate
    return numbers


def _warn_of_unheld(cells: Cells, has_any: bool) -> None:
    """Warn of a category that the row or, for a bare list, the headline names as not held."""
    unheld = next((text for text in cells.all_raw("category") if is_not_held(text)), "")
    if not unheld and not has_any and "category" not in cells.layout.columns and is_not_held(cells.layout.heading):
        unheld = cells.layout.heading
    if unheld:
        cells.add_problem("category", "category_not_held", unheld, "warning")


def _validity(cells: Cells) -> tuple[date | None, date | None]:
    """First and last day, from their own columns or from one column with the period."""
    begins, ends = cells.period("validity")
    return cells.day("valid_from_on") or begins, cells.day("valid_to_on") or ends


def read_expert(cells: Cells) -> Row:
    """Record or refusal of one expert, whom name and organisation together identify; without either it is refused."""
    name, organisation = cells.text("name"), cells.text("organisation")
    cells.expect(name, "name", "expert_name_missing")
    cells.expect(organisation, "organisation", "expert_organisation_missing")
    cells.set_as_of_day()
    record = ExpertRecord(
        source=cells.source,
        name=name,
        organisation=organisation,
        field=cells.text("field"),
        title=cells.text("title"),
        qualification=cells.text("qualification"),
        consent_on=cells.day("consent_on"),
        consent_evidence=cells.text("consent_evidence"),
        phone=cells.text("phone"),
        email=cells.emails("email")[0],
    )
    return cells.row(record)


def read_agency(cells: Cells) -> Row:
    """Record or refusal of one service agency; a wrong credit code holds the row for review.

    The agency code may stand behind the name: 北京某某事务所 11203.
    """
    uscc = cells.uscc("uscc")
    written = cells.text("name")
    name, code_in_name = identifiers.split_agency_code(written) if written else (None, None)
    written_code = cells.text("agency_code")
    code = identifiers.agency_code_of(written_code) if written_code else code_in_name
    licence = cells.text("licence_number")
    cells.expect(name or uscc, "name", "agency_name_missing")
    existence = _existence(cells)
    if code and (remark := identifiers.agency_code_remark(code)):
        cells.add_problem("agency_code", remark, code, "warning")
    services = split_list((cells.text("service_types") or "").replace(",", ";").replace("，", ";"))
    record = AgencyRecord(
        source=cells.source,
        name=name or None,
        uscc=uscc,
        licence_number=licence,
        agency_code=code,
        service_types=services,
        is_patent_agency=_is_patent_agency(cells, name or "", code, services),
        contact_name=cells.text("contact_name"),
        phone=cells.text("phone"),
        address=cells.text("address"),
        existence=existence,
    )
    return cells.row(record)


def _is_patent_agency(cells: Cells, name: str, code: str | None, services: tuple[str, ...]) -> bool:
    """What the list says; else whether the agency has an agency code, or its name or a service says 专利代理."""
    stated = cells.text("is_patent_agency")
    if stated:
        return says_yes(stated)
    return bool(code) or any("专利代理" in text for text in (name, *services))
