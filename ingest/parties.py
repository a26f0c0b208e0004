"""Rows of enterprise, expert and agency lists to records."""

from __future__ import annotations

import re
from datetime import date

from ingest.categories import CATEGORIES, categories_in, category_of, is_not_held, says_yes
from ingest.cells import Cells, split_list
from matchhub.domain import identifiers
from matchhub.domain.affiliation import RELATIONS, party_key
from matchhub.domain.records import AgencyRecord, CategoryClaim, EnterpriseRecord, ExpertRecord, Row
from matchhub.errors import IdentifierInvalid

_CERTIFICATE = re.compile(r"^[A-Z]{0,4}\d[0-9A-Z\-]{5,}$", re.IGNORECASE)


def read_enterprise(cells: Cells) -> Row:
    """Record or refusal of one firm. A faulty credit code holds the row for a person; a missing name refuses it."""
    uscc = cells.uscc("uscc")
    name = cells.text("name")
    cells.expect(name or uscc, "name", "enterprise_name_missing")
    cells.speaks_of()
    related = _related(cells, name, uscc)
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
        contact_name=cells.text("contact_name"),
        contact_phone=cells.text("contact_phone"),
        contact_email=cells.text("contact_email"),
        categories=_categories(cells),
        related=related,
        relation=_relation(cells.text("relation")) if related else None,
        relation_evidence=cells.text("relation_evidence") if related else None,
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
            cells.complain("related", fault.code, said, "warning")
            continue
        if key in own:
            cells.complain("related", "relation_with_itself", said, "warning")
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


def _categories(cells: Cells) -> tuple[CategoryClaim, ...]:
    """Categories from their column, from columns named after one, or from the headline of a bare list of names.

    A title inside the document names the official list; the name that somebody gave a file or a sheet proves nothing.
    """
    valid_from, valid_to = _validity(cells)
    certificate, listed = cells.text("certificate_number"), cells.text("official_list")
    written = [key for text in cells.all_raw("category") for key in categories_in(text)]
    keys: dict[str, str | None] = dict.fromkeys(written, certificate)
    for key in CATEGORIES:
        for cell in cells.all_raw(f"category:{key}"):
            if says_yes(cell) or _CERTIFICATE.match(cell) or category_of(cell):
                keys[key] = cell if _CERTIFICATE.match(cell) and not says_yes(cell) else certificate
    if not keys and "category" not in cells.layout.columns and (headline := category_of(cells.layout.heading)):
        keys = {headline: certificate}
        listed = listed or (cells.layout.title if category_of(cells.layout.title) else None)
    _tell_unheld(cells, bool(keys))
    return tuple(CategoryClaim(key, number, listed, valid_from, valid_to) for key, number in keys.items())


def _tell_unheld(cells: Cells, has_any: bool) -> None:
    """Say which named categories were not believed."""
    unheld = next((text for text in cells.all_raw("category") if is_not_held(text)), "")
    if not unheld and not has_any and "category" not in cells.layout.columns and is_not_held(cells.layout.heading):
        unheld = cells.layout.heading
    if unheld:
        cells.complain("category", "category_not_held", unheld, "warning")


def _validity(cells: Cells) -> tuple[date | None, date | None]:
    begins, ends = cells.period("validity")
    return cells.day("valid_from_on") or begins, cells.day("valid_to_on") or ends


def read_expert(cells: Cells) -> Row:
    """Record or refusal of one expert; name and organisation together are the identity."""
    name, organisation = cells.text("name"), cells.text("organisation")
    cells.expect(name, "name", "expert_name_missing")
    cells.expect(organisation, "organisation", "expert_organisation_missing")
    cells.speaks_of()
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
        email=cells.text("email"),
    )
    return cells.row(record)


def read_agency(cells: Cells) -> Row:
    """Record or refusal of one service agency."""
    uscc = cells.uscc("uscc")
    written = cells.text("name")
    name, glued = identifiers.split_agency_code(written) if written else (None, None)
    code = cells.text("agency_code") or glued
    licence = cells.text("licence_number")
    cells.expect(name or uscc, "name", "agency_name_missing")
    cells.speaks_of()
    if code and (remark := identifiers.agency_code_remark(code)):
        cells.complain("agency_code", remark, code, "warning")
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
    )
    return cells.row(record)


def _is_patent_agency(cells: Cells, name: str, code: str | None, services: tuple[str, ...]) -> bool:
    """What the list says; else whether it carries an agency code, or the name or a service says 专利代理."""
    told = cells.text("is_patent_agency")
    if told:
        return says_yes(told)
    return bool(code) or any("专利代理" in text for text in (name, *services))
