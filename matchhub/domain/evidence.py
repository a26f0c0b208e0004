"""Evidence and confirmations: what makes a row believable to somebody who did not write it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from matchhub.domain.calendar import as_utc
from matchhub.domain.counting.atoms import id_order
from matchhub.domain.counting.facts import ConfirmationFact, EvidenceFact, PaymentFact, RecordId
from matchhub.domain.official_numbers import number_key
from matchhub.domain.organisations import CONFIRMING_BUREAU
from matchhub.domain.rules import DealRules


@dataclass(frozen=True, slots=True)
class Fault:
    """Something a row lacks: a code and the data of its sentence."""

    code: str
    data: Mapping[str, object] = field(default_factory=dict, hash=False)


def stands(evidence: EvidenceFact | None) -> bool:
    """Whether the file is there, unchanged since it was stored, and not withdrawn."""
    return evidence is not None and evidence.intact and not evidence.withdrawn


def proof_key(payment: PaymentFact) -> str | None:
    """What proves a payment, as a key that no other record may use: the file's digest, else the voucher number.

    None when nothing does. A file that was attached and no longer stands is not replaced by a voucher number.
    """
    if payment.evidence is not None:
        return f"file:{payment.evidence.digest}" if stands(payment.evidence) else None
    voucher = number_key(payment.voucher or "")
    return f"voucher:{voucher}" if voucher else None


def proof_recorded_at(payment: PaymentFact) -> datetime | None:
    """When the proof of a payment came on record; None when nobody wrote that down."""
    return payment.evidence.recorded_at if payment.evidence is not None else payment.recorded_at


def payment_fault(payments: Sequence[PaymentFact], as_of: date) -> Fault | None:
    """Why no payment made up to ``as_of`` is proven; None when one is."""
    made = [payment for payment in payments if payment.paid_on <= as_of and not payment.is_refund]
    if not made:
        return Fault("payment_missing")
    if any(proof_key(payment) for payment in made):
        return None
    if any(payment.evidence is not None for payment in made):
        return Fault("payment_proof_lost", {"paid_on": min(payment.paid_on for payment in made)})
    return Fault("payment_proof_missing", {"paid_on": min(payment.paid_on for payment in made)})


def proof_keys(payments: Iterable[PaymentFact], as_of: date) -> frozenset[str]:
    """Keys of everything that proves a payment made up to ``as_of``."""
    keys = (proof_key(payment) for payment in payments if payment.paid_on <= as_of)
    return frozenset(key for key in keys if key)


def latest_confirmations(confirmations: Iterable[ConfirmationFact]) -> tuple[ConfirmationFact, ...]:
    """Each account's newest word, oldest first: those that were taken back, and those out of force, left out."""
    return tuple(said for said in newest_words(confirmations) if said.lapsed_at is None)


def newest_words(confirmations: Iterable[ConfirmationFact]) -> tuple[ConfirmationFact, ...]:
    """Each account's newest word that was not taken back, oldest first; some may be out of force."""
    if not confirmations:
        return ()  # nearly every record: nobody has said anything
    newest: dict[RecordId, ConfirmationFact] = {}
    for said in sorted(confirmations, key=_moment):
        if not said.withdrawn:
            newest[said.account_id] = said
    return tuple(sorted(newest.values(), key=_moment))


def _moment(said: ConfirmationFact) -> tuple[datetime, tuple[bool, int, str], str]:
    return (as_utc(said.at), id_order(said.account_id), said.decision)


def rejection(confirmations: Iterable[ConfirmationFact]) -> ConfirmationFact | None:
    """The bureau's newest word on the row if it is a rejection."""
    words = [said for said in latest_confirmations(confirmations) if said.role == CONFIRMING_BUREAU]
    return words[-1] if words and words[-1].decision == "rejected" else None


def confirmation_fault(
    confirmations: Iterable[ConfirmationFact],
    entered_by: RecordId | None,
    rules: DealRules,
    proofs_at: Iterable[datetime | None] = (),
) -> Fault | None:
    """Why a money row is not confirmed by two people of two organisations; None when it is.

    One confirmation per role of ``rules.confirming_roles`` is needed, by different accounts of different organisations,
    not by the account that entered the row, signed in with the second factor where that was noted, and not before the
    proof came on record: at least one of ``proofs_at`` must lie at or before every confirmation used.
    """
    listed = tuple(confirmations)
    said = [c for c in latest_confirmations(listed) if c.decision == "confirmed"]
    others = [c for c in said if rules.entrant_may_confirm or c.account_id != entered_by]
    chosen: list[ConfirmationFact] = []
    for role in rules.confirming_roles:
        able = [c for c in others if c.role == role]
        if not able:
            own = any(c.role == role for c in said)
            if not own and (since := _lapsed_since(listed, role)) is not None:
                return Fault("confirmation_lapsed", {"role": role, "since": since})
            return Fault("confirmation_by_entrant" if own else "confirmation_missing", {"role": role})
        chosen.append(able[-1])
    return _pair_fault(chosen, tuple(proofs_at))


def _lapsed_since(confirmations: Iterable[ConfirmationFact], role: str) -> datetime | None:
    """Since when a confirmation of this role is out of force, the newest of them."""
    lapsed = [c.lapsed_at for c in newest_words(confirmations) if c.role == role and c.lapsed_at is not None]
    return max(lapsed, default=None)


def _pair_fault(chosen: Sequence[ConfirmationFact], proofs_at: tuple[datetime | None, ...]) -> Fault | None:
    if len({c.account_id for c in chosen}) < len(chosen) or len({c.organisation_id for c in chosen}) < len(chosen):
        return Fault("confirmation_not_independent")
    if any(c.role == CONFIRMING_BUREAU and c.second_factor is False for c in chosen):
        return Fault("confirmation_without_second_factor")
    first = min(as_utc(c.at) for c in chosen)
    if proofs_at and all(at is not None and as_utc(at) > first for at in proofs_at):
        return Fault("evidence_after_confirmation", {"confirmed_at": first})
    return None
