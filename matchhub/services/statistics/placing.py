"""The one cell of each thing: trade and class of demands and patents, and of what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from matchhub.db.tables import Demand, Enterprise, Match, MatchRun, Push, PushItem
from matchhub.domain.industries import named_industries
from matchhub.domain.statistics import NOWHERE, UNTOLD, Place
from matchhub.services.kernel.unit import Unit
from matchhub.services.trades.keeping import kept_lines

Places = Mapping[int, Place]


@dataclass(frozen=True, slots=True)
class Map:
    """Places of demands and patents, and what each push is about: its demand, else its first patent."""

    demands: Places
    patents: Places
    pushes: Mapping[int, tuple[int | None, int | None]]

    def of_demand_or_patent(self, demand: int | None, patent: int | None) -> Place:
        """The place of what concerns a demand, else a patent."""
        if demand is not None and demand in self.demands:
            return self.demands[demand]
        return self.patents.get(patent or 0, NOWHERE)

    def of_push(self, push: int) -> Place:
        """The place of a push."""
        return self.of_demand_or_patent(*self.pushes.get(push, (None, None)))


def made_map(unit: Unit) -> Map:
    """The places as now known; how a thing is placed is told in decision 119."""
    patents = patent_places(unit)
    return Map(demand_places(unit, patents), patents, _push_subjects(unit))


def patent_places(unit: Unit) -> dict[int, Place]:
    """A patent lies in the first of its trades in the order of the pack, and in the class of its main symbol."""
    known: dict[tuple[tuple[str, ...], tuple[str, ...]], Place] = {}
    found: dict[int, Place] = {}
    for key, line in kept_lines(unit).patents.items():
        told = line.trades[:1], line.subclasses[:1]
        if told not in known:
            known[told] = Place(next(iter(told[0]), UNTOLD), next((each[:3] for each in told[1]), UNTOLD))
        found[key] = known[told]
    return found


def demand_places(unit: Unit, patents: Places) -> dict[int, Place]:
    """A demand lies in the trade that its field names, else that of its firm; in the class that it was posted with,
    else in that of the patent of its trade which the newest run of the matcher found first."""
    matched = _best_matches(unit)
    trades: dict[str, str] = {}
    found = {}
    chosen = select(Demand.id, Demand.technical_field, Demand.ipc, Enterprise.industry)
    for key, field, ipc, industry in unit.session.execute(
        chosen.join(Enterprise, Enterprise.id == Demand.enterprise_id)
    ):
        trade = _trade(unit, field, trades)
        trade = _trade(unit, industry, trades) if trade == UNTOLD else trade
        found[key] = Place(trade, _class(ipc) or _class_of_match(trade, matched.get(key, ()), patents))
    return found


def _trade(unit: Unit, written: str | None, known: dict[str, str]) -> str:
    """The first trade that a field names; many are written alike."""
    text = written or ""
    if text not in known:
        meant = named_industries(text, unit.pack.industries.values()).meant if text else ()
        known[text] = next((each.key for meanings in meant for each in meanings), UNTOLD)
    return known[text]


def _class(ipc: Sequence[str] | None) -> str:
    return (ipc[0].strip()[:3] if ipc else "").upper()


def _class_of_match(trade: str, matched: Iterable[int], patents: Places) -> str:
    near = (patents[patent] for patent in matched if patent in patents)
    return next((place.group for place in near if place.trade == trade), UNTOLD)


def _best_matches(unit: Unit) -> dict[int, list[int]]:
    """The patents that the newest finished run found for each demand, the best three."""
    newest = select(func.max(MatchRun.id)).where(MatchRun.finished_at.is_not(None)).scalar_subquery()
    chosen = select(Match.demand_id, Match.patent_id).where(Match.run_id == newest, Match.rank <= 3)
    found: dict[int, list[int]] = {}
    for demand, patent in unit.session.execute(chosen.order_by(Match.demand_id, Match.rank)):
        found.setdefault(demand, []).append(patent)
    return found


def _push_subjects(unit: Unit) -> dict[int, tuple[int | None, int | None]]:
    items = select(PushItem.push_id, PushItem.patent_id).order_by(PushItem.position.desc(), PushItem.push_id)
    firsts = dict(unit.session.execute(items).all())  # the first one speaks last
    chosen = select(Push.id, Push.demand_id)
    return {key: (demand, firsts.get(key)) for key, demand in unit.session.execute(chosen)}
