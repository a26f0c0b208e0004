"""What mends a record that does not count strictly: the act behind each reason, and who does it.

A reason that nobody can mend (outside the window, a duplicate, a dead patent) has no act. Reasons that the same code
gives for both sides (confirmations) are told apart by the role in their data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matchhub.domain.counting.atoms import Reason
from matchhub.domain.organisations import BUREAU, CONFIRMING_BUREAU, CONFIRMING_OPERATOR, OPERATOR

_ACTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "demand_reconfirm": (OPERATOR, ("demand_stale", "demand_expired", "demand_valid_until_missing")),
    "demand_authorise": (OPERATOR, ("demand_not_authorised", "demand_authorisation_unproven",
                                    "demand_changed_since_authorised")),
    "demand_verify": (OPERATOR, ("demand_unverified", "demand_changed_since_verified")),
    "demand_complete": (OPERATOR, ("demand_contact_unnamed", "demand_contact_unreachable", "demand_problem_missing",
                                   "demand_object_missing", "demand_aim_missing", "demand_target_missing",
                                   "demand_field_missing", "demand_form_missing", "demand_budget_missing",
                                   "demand_enterprise_unidentified", "demand_enterprise_uscc_invalid")),
    "locality_decide": (OPERATOR, ("demand_locality_undecided", "licence_locality_undecided",
                                   "firm_locality_undecided")),
    "repetition_decide": (OPERATOR, ("demand_repetition_review", "evidence_alike")),
    "pair_decide": (OPERATOR, ("patent_in_doubt", "expert_in_doubt", "enterprise_in_doubt", "enterprise_cloned",
                               "agency_in_doubt")),
    "licence_file": (OPERATOR, ("licence_not_filed", "licence_filing_open", "licence_filing_overdue",
                                "filing_number_missing")),
    "deal_register": (OPERATOR, ("deal_unregistered", "register_number_missing", "deal_register_event_wrong")),
    "slip_ask": (OPERATOR, ("payment_missing", "payment_proof_missing", "payment_proof_lost",
                            "payment_undocumented", "payment_token")),
    "paper_ask": (OPERATOR, ("contract_undocumented", "registration_undocumented", "notice_undocumented",
                             "filing_undocumented", "offer_declaration_unproven", "implementation_undocumented",
                             "recorded_late", "licence_notice_missing", "deal_not_implemented")),
    "consent_ask": (OPERATOR, ("expert_consent_missing", "expert_consent_undocumented")),
    "party_know": (OPERATOR, ("affiliation_unknown", "parties_missing", "licence_licensor_unknown",
                              "offer_holder_unknown")),
    "party_settle": (OPERATOR, ("party_objects", "party_silent")),
    "rejection_answer": (OPERATOR, ("record_rejected", "source_rejected")),
    "status_renew": (OPERATOR, ("patent_status_unknown", "patent_status_unproven", "patent_status_stale",
                                "deal_patent_status_unknown")),
    "source_name": (OPERATOR, ("enterprise_category_source", "expert_standing_unproven", "agency_identity_unproven")),
    "category_prove": (OPERATOR, ("enterprise_category_unproven", "enterprise_category_term_unknown",
                                  "enterprise_category_not_valid", "enterprise_category_missing",
                                  "enterprise_certificate_shared")),
    "number_correct": (OPERATOR, ("uscc_missing", "uscc_check_failed", "patent_number_completed",
                                  "patent_number_invalid", "patent_unnumbered", "agency_identity_missing",
                                  "offer_patent_number_missing", "deal_patent_number_missing",
                                  "deal_patent_number_invalid")),
    "record_complete": (OPERATOR, ("patent_title_missing", "patent_class_missing", "patent_applicant_missing",
                                   "expert_field_missing", "expert_standing_missing", "expert_identity_missing",
                                   "agency_licence_missing", "agency_services_missing", "agency_contact_missing",
                                   "offer_industry_missing", "offer_industry_unexplained", "offer_regime_missing",
                                   "licence_without_offer", "deal_type_missing", "amount_unknown", "event_undated",
                                   "recording_undated")),
    "operator_confirm": (OPERATOR, tuple(f"{code}:{CONFIRMING_OPERATOR}" for code in
                                         ("confirmation_missing", "confirmation_lapsed", "confirmation_by_entrant"))),
    "bureau_confirm": (BUREAU, (*(f"{code}:{CONFIRMING_BUREAU}" for code in
                                  ("confirmation_missing", "confirmation_lapsed", "confirmation_by_entrant")),
                                "confirmation_not_independent", "confirmation_without_second_factor",
                                "evidence_after_confirmation", "recorded_late_unconfirmed", "clock_set_back")),
    "affiliation_judge": (BUREAU, ("parties_affiliated",)),
    "industry_accept": (BUREAU, ("industry_unproved", "industry_disagrees")),
}  # fmt: skip
"""Act: the kind of organisation that does it, and the lacks (``lack_of``) that it mends."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be done, and by which kind of organisation (``operator`` or ``bureau``)."""

    key: str
    by: str


_BY_LACK: Mapping[str, Act] = {lack: Act(key, by) for key, (by, lacks) in _ACTS.items() for lack in lacks}
ACTS: tuple[Act, ...] = tuple(Act(key, by) for key, (by, _) in _ACTS.items())
MENDABLE: frozenset[str] = frozenset(_BY_LACK)
"""Lacks that an act mends."""


def lack_of(reasons: Iterable[Reason]) -> str:
    """The one thing that keeps a record from strict: a reason's code, with ``:role`` where its data name one.

    Empty where nothing is against it, or more than one reason.
    """
    against = {_lack(each) for each in reasons if each.effect in ("not_literal", "not_strict")}
    return against.pop() if len(against) == 1 else ""


def _lack(reason: Reason) -> str:
    role = reason.data.get("role")
    return f"{reason.code}:{role}" if role else reason.code


def is_mended(act: str, reasons: Iterable[Reason]) -> bool:
    """Whether nothing against a record is left that this act mends."""
    return not any(_lack(each) in _ACTS[act][1] for each in reasons if each.effect in ("not_literal", "not_strict"))


def is_past_mending(reasons: Iterable[Reason]) -> bool:
    """Whether something against a record can be mended by nobody, so that it will not count whatever is done."""
    return any(_lack(each) not in MENDABLE for each in reasons if each.effect in ("not_literal", "not_strict"))


def code_of(lack: str) -> str:
    """The reason's code of a lack."""
    return lack.partition(":")[0]


def act_for(lack: str) -> Act | None:
    """What mends a lack; ``None`` where nobody can."""
    return _BY_LACK.get(lack)


def lacks_mended_by(act: str) -> tuple[str, ...]:
    """The lacks that an act mends; none for an unknown one."""
    return _ACTS[act][1] if act in _ACTS else ()
