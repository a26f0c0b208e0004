"""The rows that the chain binds: every table whose rows decide a count, now or at an earlier moment, and what is said
of them: samples and assigned work (PROMISES.md P26). Packages have entries of their own (``services.claim.claims``).

A row is bound with all its columns, save those named here: the technical ones, and of personal data (PIPL) only
whether there are any, so that a digest says nothing about a person.
"""

from __future__ import annotations

from matchhub.db.base import Base

# Table -> technical columns left out.
BOUND: dict[str, frozenset[str]] = {
    "patents": frozenset(),
    "patent_aliases": frozenset(),
    "patent_holders": frozenset(),
    "patent_classes": frozenset(),
    "patent_statuses": frozenset(),
    "patent_encumbrances": frozenset(),
    "enterprises": frozenset(),
    "enterprise_categories": frozenset(),
    "enterprise_names": frozenset(),
    "party_existences": frozenset(),
    "experts": frozenset(),
    "agencies": frozenset(),
    "party_relations": frozenset(),
    "party_words": frozenset(),
    "demands": frozenset(),
    "demand_events": frozenset(),
    "pushes": frozenset({"token_hash"}),
    "push_items": frozenset(),
    "push_deliveries": frozenset(),
    "push_answers": frozenset(),
    "suppressions": frozenset(),
    "platform_events": frozenset(),
    "offers": frozenset(),
    "offer_declarations": frozenset(),
    "industry_words": frozenset(),
    "licences": frozenset(),
    "deals": frozenset(),
    "deal_agencies": frozenset(),
    "deal_events": frozenset(),
    "deal_origins": frozenset(),
    "deal_parties": frozenset(),
    "deal_patents": frozenset(),
    "deal_payments": frozenset(),
    "award_records": frozenset(),
    "confirmations": frozenset(),
    "evidence_files": frozenset(),
    "payment_allowances": frozenset(),
    "samples": frozenset(),
    "sampled_records": frozenset(),
    "sampled_findings": frozenset(),
    "work_items": frozenset(),
    "evidence_repetitions": frozenset(),
    "merges": frozenset(),
    "merge_moves": frozenset(),
    "batch_undos": frozenset(),
    "import_batches": frozenset(),
    "batch_sources": frozenset(),
    "source_decisions": frozenset(),
    "sourced_values": frozenset(),
    "similar_pairs": frozenset(),
    "revisions": frozenset(),
    "organisations": frozenset(),
    "accounts": frozenset({"login", "display_name", "password_hash", "department", "must_change"}),
    "registrations": frozenset({"name", "note"}),
    "linked_names": frozenset({"note"}),
}
# Only whether they are there is bound.
PERSONAL = frozenset(
    {
        "contact_name",
        "contact_phone",
        "contact_email",
        "phone",
        "email",
        "recipient_email",
        "spoken_to",
        "authorised_by",
    }
)


def bound_columns(table_name: str) -> list[str]:
    """Names of the columns whose values make the digest of a row, in their fixed order."""
    left_out = BOUND[table_name]
    return sorted(each.name for each in Base.metadata.tables[table_name].columns if each.name not in left_out)
