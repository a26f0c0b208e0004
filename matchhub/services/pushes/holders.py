"""New demands against holders: an institution is told, inside the application, of a demand that its patents fit.

Such a notice is no precise push (四(二) counts messages with a patent to an enterprise): it carries the title of the
demand, which institutions are shown anyway, and nothing of its firm.
"""

from __future__ import annotations

from sqlalchemy import or_, select

from matchhub.db.tables import Demand, Match, MatchRun, Notice, Organisation, Patent
from matchhub.domain.organisations import INSTITUTION
from matchhub.services.demands.public import SHOWN_STATE
from matchhub.services.kernel.speaking import is_confirmed
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify
from matchhub.services.patents.holders import patents_of
from matchhub.services.pushes.candidates import lives_of

_CODE = "notice_demand_fits"


def tell_holders(unit: Unit, run: MatchRun) -> int:
    """Tell every institution with an account of the demands that its living patents match best, each once.

    At most as many a plan as an enterprise gets pushes a day; the rest waits for the next one. Returns how many notices
    were written.
    """
    floor = unit.pack.pushes.floor_of(run.model)
    if floor is None:
        return 0
    places = select(Organisation.id).where(Organisation.kind == INSTITUTION, is_confirmed()).order_by(Organisation.id)
    return sum(_tell(unit, run, floor, place) for place in unit.session.execute(places).scalars().all())


def _tell(unit: Unit, run: MatchRun, floor: float, place: int) -> int:
    told = select(Notice.subject_id).where(Notice.organisation_id == place, Notice.code == _CODE)
    fitting = (
        select(Match.demand_id, Match.patent_id, Demand.title, Patent.title)
        .join(Demand, Demand.id == Match.demand_id)
        .join(Patent, Patent.id == Match.patent_id)
        .where(
            Match.run_id == run.id,
            Match.score >= floor,
            Match.patent_id.in_(patents_of(unit, place)),
            Demand.state == SHOWN_STATE,
            Demand.confidentiality != "invited",
            or_(Demand.valid_until_on.is_(None), Demand.valid_until_on >= unit.today),
            Demand.id.not_in(told),
        )
        .order_by(Match.score.desc(), Match.id)
    )
    rows = unit.session.execute(fitting).all()
    lives = lives_of(unit, {patent for _, patent, _, _ in rows})
    seen: set[int] = set()
    for demand_id, patent_id, demand, patent in rows:
        if len(seen) >= unit.pack.pushes.per_enterprise_day:
            break
        if demand_id in seen or lives.get(patent_id, "dead") == "dead":
            continue
        seen.add(demand_id)
        subject = ("fitting_demands", demand_id)
        notify(unit, [place], _CODE, subject, str(demand_id), demand=demand, patent=patent or "")
    return len(seen)
