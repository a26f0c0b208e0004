"""How the demands of the demo city are verified by the operator and authorised by their firms: by account or sheet."""

from __future__ import annotations

from matchhub.demo.city import City
from matchhub.demo.demands import Posted
from matchhub.demo.papers import letter_of, scan_of
from matchhub.domain.demands import HOW_VERIFIED
from matchhub.services.demands.words import Verification, authorise_demand, file_sheet, verify_demand
from matchhub.services.kernel.unit import Unit

_POSTS = ("技术负责人", "生产厂长", "总经理助理", "研发主管")
_FOUND = (
    "需求属实，指标与对方核对一致（演示）",
    "对方说明了现有工艺和不良率，需求属实（演示）",
    "已到车间看过样品，需求属实（演示）",
)
_SCANNED = 12  # every so many sheets is a scan that can be looked at; the others came by e-mail


def stand_for(city: City, unit: Unit, demand_id: int, posted: Posted) -> None:
    """The firm's word on a demand that came in a list: through its account where it has one, else by a sheet."""
    if posted.firm.has_account:
        authorise_demand(city.of_firm(unit, posted.firm), demand_id)
        return
    serial = f"DEMAND-{demand_id:05d}"
    draw = scan_of if demand_id % _SCANNED == 0 else letter_of
    sheet = draw("authorisation_sheet", serial, serial, posted.record.posted_on or unit.today)
    signed_by = posted.record.authorised_by or ""
    file_sheet(city.by(unit, "operator"), demand_id, sheet.name, sheet.content, signed_by, posted.record.posted_on)


def verify_as_told(city: City, unit: Unit, demand_id: int, posted: Posted) -> None:
    """The operator speaks with somebody of the firm and says so."""
    person = posted.record.contact_name or "前台"
    how = HOW_VERIFIED[demand_id % 4]  # all but the sheet, which not every firm signed
    said = Verification(how, person, _POSTS[demand_id % len(_POSTS)], unit.today, _FOUND[demand_id % len(_FOUND)])
    verify_demand(city.by(unit, "operator"), demand_id, said)
