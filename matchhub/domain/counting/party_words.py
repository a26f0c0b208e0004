"""Words of the parties in the count: the second party is asked, and by the pack its no, or its silence, holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matchhub.domain.counting.atoms import Reason, counts, not_strict
from matchhub.domain.counting.observed import PartyWordFact, RecordId
from matchhub.domain.rules import DealRules

ROLES = ("seller", "buyer")


def party_reasons(words: Iterable[PartyWordFact], rules: DealRules) -> Iterator[Reason]:
    """What the parties' own words say of a record.

    An objection stands until the same party says yes or the bureau settles it. ``rules.other_party``: ``no_holds`` (an
    objection keeps the record from strict, silence does not), ``yes_needed`` (both sides have said yes to what was done
    last), ``not_asked`` (nothing follows).
    """
    if rules.other_party == "not_asked":
        return
    listed = tuple(words)
    objections = _objections(listed)
    for word in objections.values():
        yield not_strict("party_objects", party=word.party)
    newest = {word.organisation_id: word for word in listed}
    agreed = {word.role for word in newest.values() if word.answer == "yes"}
    silent = [word.party for word in newest.values() if word.answer is None]
    if not objections and not silent and agreed.issuperset(ROLES):
        yield counts("parties_agree")
    elif not objections and rules.other_party == "yes_needed":
        yield not_strict("party_silent", parties="、".join(silent) or "—")


def _objections(words: tuple[PartyWordFact, ...]) -> dict[RecordId, PartyWordFact]:
    """The standing objection of each party."""
    found: dict[RecordId, PartyWordFact] = {}
    for word in words:
        if word.answer == "yes":
            found.pop(word.organisation_id, None)
        elif word.answer == "no" and not word.settled:
            found[word.organisation_id] = word
    return found
