"""From a patent (专利) to the local firms it fits best, for its holder or the operator, with reasons.

Four voices of each firm are heard (``recommender.firm_fit``): its open demands, its own patents, its name, trade and
scope of business (经营范围), and what it answered to patents like this one. A holder hears of demands only what
institutions are shown, nothing of answers, and no firm's name before both have agreed to exchange contact data.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from matchhub.db.tables import Enterprise, Patent, PatentHolder, Thread
from matchhub.errors import NotFound
from matchhub.services.demands.public import shown_demands
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.asking import ask
from matchhub.services.matching.feedback import DONE, WANTED, spoken
from matchhub.services.matching.profiles import profile_matcher
from matchhub.services.matching.runs import open_demands
from matchhub.services.matching.store import current_matcher
from matchhub.services.patents.holders import own_patent, own_patent_ids
from recommender import Hit, Query
from recommender.firm_fit import FirmFit, Voice, best_fits, likeness, likenesses

MOST_FIRMS = 20
MOST_PATENTS = 30  # of one report: each patent is asked for by itself
_NEAR = 300  # patents like this one whose holders and answers are looked at
_SHORTLIST = 120
_HOLDS = ("owner", "applicant")
Scores = dict[int, float]


@dataclass(frozen=True, slots=True)
class FirmReason:
    """What one voice brings of the fit, and what it said: the demand's title, the own patent's title, shared words."""

    voice: Voice
    share: float
    said: str
    record_id: int | None = None


@dataclass(frozen=True, slots=True)
class FittingFirm:
    """One firm: ``name`` is empty where it is masked; ``place`` too."""

    rank: int
    enterprise_id: int | None
    name: str
    industry: str
    place: str
    fit: float
    reasons: tuple[FirmReason, ...]


@dataclass(frozen=True, slots=True)
class FittingFirms:
    """A patent with the firms that it fits."""

    patent_id: int
    title: str
    number: str
    firms: tuple[FittingFirm, ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    """Scores by firm of one voice, and what was best of each firm: text and record."""

    scores: Scores
    said: Mapping[int, tuple[str, int | None]]


def fitting_firms(unit: Unit, patent_id: int, top: int = MOST_FIRMS) -> FittingFirms:
    """The local firms that a patent fits best; a holder may ask for its own patents, the operator for any.

    Raises ``NotFound("patent_not_in_base")``. The patent's holders, and firms that answered that they are done with it,
    are left out.
    """
    unit.require("firm.fit")
    patent = unit.session.get(Patent, patent_id) if unit.may("firm.fit_any") else own_patent(unit, patent_id)
    if patent is None or patent.withdrawn_at is not None:
        raise NotFound("patent_not_in_base", id=patent_id)
    query = Query("", patent.title or "", patent.abstract or "")
    candidates = _candidates(unit, patent_id)
    alike = likenesses(current_matcher(unit).match([query], _NEAR))
    near = {int(key): value for _, key, value in alike if key != str(patent_id)}
    heard: dict[Voice, _Heard] = {
        "demands": _demands(unit, query, patent_id, candidates),
        "own_patents": _own_patents(unit, near, candidates),
        "scope": _scopes(unit, query, candidates),
        "answers": _answers(unit, near, candidates),
    }
    best = best_fits({voice: each.scores for voice, each in heard.items()}, top)
    number = patent.application_number or patent.publication_number or ""
    return FittingFirms(patent.id, patent.title or "", number, _views(unit, best, heard))


def firms_of_many(unit: Unit, patent_ids: Sequence[int]) -> tuple[tuple[FittingFirms, ...], int]:
    """``fitting_firms`` of each of these patents that the actor may ask about, at most ``MOST_PATENTS`` in their order,
    and how many more there were. What a holder does not hold is not there."""
    unit.require("firm.fit")
    may_ask = list(patent_ids)
    if not unit.may("firm.fit_any"):
        own = own_patent_ids(unit)
        may_ask = [key for key in may_ask if key in own]
    found = tuple(fitting_firms(unit, patent_id) for patent_id in may_ask[:MOST_PATENTS])
    return found, max(0, len(may_ask) - MOST_PATENTS)


def _candidates(unit: Unit, patent_id: int) -> set[int]:
    """Local firms other than the patent's holders and those that are done with it."""
    holders = select(PatentHolder.name_key).where(PatentHolder.patent_id == patent_id)
    chosen = select(Enterprise.id).where(Enterprise.withdrawn_at.is_(None), Enterprise.local.is_(True))
    found = set(unit.session.execute(chosen.where(Enterprise.name_key.not_in(holders))).scalars())
    if not unit.may("match.use_answers"):
        return found
    return found - {one.enterprise_id for one in spoken(unit) if one.patent_id == patent_id and one.code in DONE}


def _demands(unit: Unit, query: Query, patent_id: int, candidates: Collection[int]) -> _Heard:
    """Each firm's best open demand, by the very score that the demand shows for the patent."""
    known = open_demands(unit) if unit.may("match.read_any") else shown_demands(unit)
    demands = {row.id: row for row in known if row.enterprise_id in candidates}
    small, matcher = profile_matcher(unit, "demands"), current_matcher(unit)
    near = small.match([query], _SHORTLIST, small.index.mask(map(str, demands)))
    asked = ask(unit, [demands[int(key)] for _, key, _ in near])
    found = matcher.match(asked.queries, 1, matcher.index.mask([str(patent_id)]))
    return _best_of(
        (demands[int(key)].enterprise_id, score, demands[int(key)].title, int(key)) for key, _, score in found
    )


def _own_patents(unit: Unit, near: Mapping[int, float], candidates: Collection[int]) -> _Heard:
    """Each firm's own patent that is most like this one."""
    chosen = (
        select(Enterprise.id, PatentHolder.patent_id, Patent.title)
        .join(PatentHolder, PatentHolder.name_key == Enterprise.name_key)
        .join(Patent, Patent.id == PatentHolder.patent_id)
        .where(PatentHolder.role.in_(_HOLDS), Patent.withdrawn_at.is_(None))
    )
    rows = [row for part in parts(sorted(near)) for row in unit.session.execute(chosen.where(Patent.id.in_(part)))]
    return _best_of((firm, near[key], title or "", key) for firm, key, title in rows if firm in candidates)


def _scopes(unit: Unit, query: Query, candidates: Collection[int]) -> _Heard:
    """Firms whose name, trade and scope of business speak of it, with the words they share."""
    matcher = profile_matcher(unit, "scopes")
    hits = matcher.search(query, _SHORTLIST, matcher.index.mask(map(str, candidates)))
    shared = {int(hit.document_id): "、".join(_words_of(hit)) for hit in hits}
    return _best_of((int(hit.document_id), likeness(hit.coverage), shared[int(hit.document_id)], None) for hit in hits)


def _words_of(hit: Hit) -> Iterable[str]:
    """Whole words that a firm shares with the patent, without the scattered characters beside them."""
    whole = (one.patent_text for one in hit.reasons if one.feature in ("word", "thesaurus"))
    return dict.fromkeys(word for word in whole if len(word) > 1 and " " not in word)


def _answers(unit: Unit, near: Mapping[int, float], candidates: Collection[int]) -> _Heard:
    """Firms that wanted a patent like this one; for those who may know of answers."""
    if not unit.may("match.use_answers"):
        return _Heard({}, {})
    wanted = [one for one in spoken(unit) if one.code in WANTED and one.patent_id in near]
    titles = dict(
        unit.session.execute(
            select(Patent.id, Patent.title).where(Patent.id.in_({one.patent_id for one in wanted}))
        ).all()
    )
    return _best_of(
        (one.enterprise_id, near[one.patent_id], titles.get(one.patent_id) or "", one.patent_id)
        for one in wanted
        if one.enterprise_id in candidates
    )


def _best_of(rows: Iterable[tuple[int, float, str, int | None]]) -> _Heard:
    scores: Scores = {}
    said: dict[int, tuple[str, int | None]] = {}
    for firm, score, text, record in rows:
        if score > scores.get(firm, 0.0):
            scores[firm], said[firm] = score, (text, record)
    return _Heard(scores, said)


def _views(unit: Unit, best: list[FirmFit], heard: Mapping[Voice, _Heard]) -> tuple[FittingFirm, ...]:
    chosen = select(Enterprise).where(Enterprise.id.in_([each.firm for each in best]))
    rows = {row.id: row for row in unit.session.execute(chosen).scalars()}
    named = set(rows) if unit.may("firm.fit_any") else _in_contact(unit)
    views = []
    for rank, each in enumerate(best, start=1):
        row, known = rows[each.firm], each.firm in named
        views.append(
            FittingFirm(
                rank,
                row.id if known else None,
                row.name if known else "",
                row.industry or "",
                (row.region or row.address or "") if known else "",
                each.fit,
                tuple(_reason(row, known, voice, share, heard[voice].said[row.id]) for voice, share in each.parts),
            )
        )
    return tuple(views)


def _reason(row: Enterprise, known: bool, voice: Voice, share: float, said: tuple[str, int | None]) -> FirmReason:
    """A reason in words. Of a masked firm nothing that leads to its name: no own patent, no word of the name."""
    text, record = said
    if known or voice == "demands":
        return FirmReason(voice, share, text, record)
    if voice == "own_patents":
        return FirmReason(voice, share, "")
    return FirmReason(voice, share, "、".join(word for word in text.split("、") if word not in row.name))


def _in_contact(unit: Unit) -> set[int]:
    """Firms that agreed with the actor's organisation to exchange contact data."""
    chosen = select(Thread.enterprise_id).where(
        Thread.organisation_id == (unit.actor.organisation_id or 0),
        Thread.enterprise_agreed_at.is_not(None),
        Thread.holder_agreed_at.is_not(None),
    )
    return set(unit.session.execute(chosen).scalars())
