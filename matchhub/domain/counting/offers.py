"""Counter ``offers``: open-licence projects published for the city's industries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from matchhub.domain.counting.atoms import Atom, Reason, counts, judged, mark_duplicates, not_literal, not_strict
from matchhub.domain.counting.facts import OfferFacts
from matchhub.domain.counting.filters import class_reasons, number_reasons
from matchhub.domain.counting.observed import IndustryWordFact
from matchhub.domain.counting.patents import number_unit
from matchhub.domain.counting.presence import event_reasons, filled, needed
from matchhub.domain.counting.proof import DECLARATION, Recording, proof_reason, recording_reason
from matchhub.domain.goals import Threshold
from matchhub.domain.identifiers import normalise_application_number
from matchhub.domain.industries import disagreeing, patent_classes
from matchhub.domain.rules import RulePack
from matchhub.domain.validity import ended_on, life_on
from matchhub.errors import IdentifierInvalid

KIND = "offers"


def count_offers(facts: Iterable[OfferFacts], pack: RulePack, threshold: Threshold, as_of: date) -> list[Atom]:
    """四（三） 收集发布与本市产业相关的专利开放许可项目 300 项以上(含): declarations published, by distinct patent.

    Strict: the number passes its check; the related industry is named with its reason and a class of the patent serves
    it, or a second person accepted that none does; the regime is stated and fits the day (a pilot on a named local
    platform, or an announcement of the national office with its number); the right is declared by its holder or an
    official announcement is on file, and who declared it was a holder of the patent on that day; it was not known to
    be dead or not granted on that day (Patent Law art. 50); the declaration was not withdrawn; it was recorded in time.
    """
    return mark_duplicates(
        judged(fact.record_id, offer_unit(fact), _reasons(fact, pack, threshold, as_of), fact.published_on)
        for fact in facts
    )


def offer_unit(fact: OfferFacts) -> str:
    """Key of the offered patent: its number, else the patent's id in the base, else the record itself."""
    if filled(fact.application_number):
        return number_unit(fact.application_number or "")
    return f"record:{fact.record_id}" if fact.patent_id is None else f"patent:{fact.patent_id}"


def _reasons(fact: OfferFacts, pack: RulePack, threshold: Threshold, as_of: date) -> Iterator[Reason]:
    yield from event_reasons(threshold, fact.published_on, fact.withdrawn_on, fact.confirmations, pack, as_of)
    if fact.declaration_withdrawn_on is not None and fact.declaration_withdrawn_on <= as_of:
        yield not_strict("offer_declaration_withdrawn", withdrawn_on=fact.declaration_withdrawn_on)
    yield recording_reason(Recording(fact.published_on, fact.recorded_on, fact.evidence, fact.confirmations), pack)
    announcements = [paper for paper in fact.evidence if paper.identified]
    need = pack.proof.needs[KIND]["declaration"]
    yield from filter(None, (proof_reason(need, DECLARATION, announcements, fact.declared_by_holder),))
    yield _holder_reason(fact)
    yield _patent_reason(fact)
    yield from number_reasons(fact.application_number, threshold.filters)
    yield from class_reasons(fact.ipc, fact.locarno, threshold.filters, pack)
    if threshold.filters.regimes and fact.regime not in threshold.filters.regimes:
        yield not_literal("offer_regime_other")
    yield _industry_reason(fact, pack)
    yield _regime_reason(fact, pack)
    if fact.published_on is not None:
        yield _life_reason(fact, fact.published_on)


def _patent_reason(fact: OfferFacts) -> Reason:
    if not filled(fact.application_number):
        missing = fact.patent_id is None
        return not_literal("offer_patent_missing") if missing else not_strict("offer_patent_number_missing")
    try:
        return counts("patent_number_checked", number=normalise_application_number(fact.application_number or ""))
    except IdentifierInvalid:
        return not_strict("patent_number_invalid", number=fact.application_number)


def _holder_reason(fact: OfferFacts) -> Reason:
    if fact.holder_on_patent is None:
        return not_strict("offer_holder_unknown")
    return needed(fact.holder_on_patent, "offer_holder_on_patent", "offer_holder_not_on_patent")


def _industry_reason(fact: OfferFacts, pack: RulePack) -> Reason:
    """The tag agrees with a class of the patent, or a second person accepted the reason typed for it."""
    if not filled(fact.industry):
        return not_strict("offer_industry_missing")
    if not filled(fact.industry_reason):
        return not_strict("offer_industry_unexplained")
    classes = patent_classes(fact.ipc, fact.locarno)
    wrong = disagreeing(fact.industry or "", classes, pack.industries.values())
    if classes and not wrong:
        return counts("offer_industry_given")
    if (word := industry_word(fact, pack)) is not None:
        return counts("industry_accepted", account=word.account_id)
    if not classes:
        return not_strict("industry_unproved", industry=fact.industry)
    return not_strict("industry_disagrees", industry="、".join(wrong), classes="、".join((*fact.ipc, *fact.locarno)))


def industry_word(fact: OfferFacts, pack: RulePack) -> IndustryWordFact | None:
    """The second person's acceptance of the present tag and reason, if it stands.

    Its role is one the pack names, and neither the person nor the organisation wrote the tag or the reason.
    """
    persons = {account for account, _ in fact.industry_by}
    places = {place for _, place in fact.industry_by}
    said = (fact.industry, fact.industry_reason)
    meant = [word for word in fact.industry_words if (word.industry, word.reason) == said]
    able = [word for word in meant if pack.licensing.lets_accept_industry(word.role)]
    others = [word for word in able if word.account_id not in persons and word.organisation_id not in places]
    return others[-1] if others and others[-1].accepted else None


def _regime_reason(fact: OfferFacts, pack: RulePack) -> Reason:
    if fact.regime is None or fact.published_on is None:
        return not_strict("offer_regime_missing")
    regime = pack.licensing.regimes[fact.regime]
    if fact.published_on < regime.from_on or (regime.to_on is not None and fact.published_on > regime.to_on):
        return not_strict("offer_regime_out_of_time", regime=fact.regime, published_on=fact.published_on)
    if fact.regime == "pilot":
        return needed(filled(fact.platform), "offer_pilot_platform_named", "offer_platform_missing")
    return needed(filled(fact.announcement_number), "offer_announced", "offer_announcement_missing")


def _life_reason(fact: OfferFacts, day: date) -> Reason:
    end_on = ended_on(fact.application_number, fact.filed_on, fact.expires_on)
    life = life_on(day, fact.statuses, fact.granted_on, end_on)
    if life == "dead":
        return not_strict("offer_patent_dead", on=day)
    if life == "not_granted":
        return not_strict("offer_patent_not_granted", on=day)
    return counts("offer_patent_in_force" if life == "in_force" else "offer_patent_not_known_dead", on=day)
