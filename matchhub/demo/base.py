"""The base of the demo city fills: parties and patents come in batches over the years of the measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from matchhub.demo.accounts import open_firms, open_staff
from matchhub.demo.agenda import moment
from matchhub.demo.city import City
from matchhub.demo.parties import (
    Firm,
    agencies,
    experts,
    far_firms,
    firms,
    odd_agencies,
    odd_experts,
    odd_firms,
    source,
)
from matchhub.demo.patents import (
    Invented,
    PatentWriter,
    alias_pair,
    burdened,
    looked_again,
    looked_on,
    odd_patents,
    unowned,
)
from matchhub.domain.records import AgencyRecord, ExpertRecord, Problem, Row
from matchhub.services.counting.rule_packs import confirm_pack
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.relations import relate_parties

T = TypeVar("T")
STAFF_ON = date(2023, 8, 7)
FIRMS_ON = (date(2023, 9, 4), date(2024, 3, 18), date(2024, 9, 9), date(2025, 3, 17))
PATENTS_ON = (date(2023, 9, 11), date(2024, 6, 3), date(2025, 3, 24))
PEOPLE_ON = (date(2023, 8, 21), date(2024, 4, 8), date(2025, 4, 14))
LAST_LOOK_ON = date(2025, 12, 19)
_HEADS = ("林演甲", "陈演乙", "黄演丙", "吴演丁", "张演戊", "李演己")  # invented, of no firm of the city
_FIRST_SHARE = 0.5  # of what comes in batches, half is there from the beginning


def plan_base(city: City) -> None:
    """Put the filling of the base on the agenda."""
    _invent(city)
    agenda = city.agenda
    agenda.at(moment(STAFF_ON), open_staff, city)
    agenda.at(moment(STAFF_ON, 17), _confirm_rules, city)
    agenda.at(moment(STAFF_ON, 18), _name_heads, city)
    people = experts(city.names, city.sizes.experts)
    offices = agencies(city.names, city.sizes.agencies)
    for day, some_people, some_offices in zip(PEOPLE_ON, parted(people, 3), parted(offices, 3), strict=True):
        agenda.at(moment(day, 9), _enter_people, city, some_people, some_offices)
    for day, some_firms in zip(FIRMS_ON, parted(city.firms, 4), strict=True):
        agenda.at(moment(day, 9), _enter_firms, city, some_firms)
    agenda.at(moment(FIRMS_ON[0], 15), open_firms, city)
    for day, some_patents in zip(PATENTS_ON, parted(city.patents, 3), strict=True):
        agenda.at(moment(day, 9), _enter_patents, city, some_patents)
    agenda.at(moment(PATENTS_ON[0], 8), _enter_odd, city)
    agenda.at(moment(LAST_LOOK_ON, 9), _look_again, city)


def _name_heads(unit: Unit, city: City) -> None:
    """Who represents the institutions, so that their deals are known to be with strangers."""
    for institution, head in zip(city.names.data["institutions"], _HEADS, strict=True):
        relate_parties(city.by(unit, "clerk"), institution, head, "legal_representative", "事业单位法人证书（演示）")


def _confirm_rules(unit: Unit, city: City) -> None:
    """The bureau of the story stands for the rule pack that ships."""
    confirm_pack(city.by(unit, "reviewer"), unit.pack.key, unit.pack.digest)


def parted(values: Sequence[T], number: int) -> list[Sequence[T]]:
    """``values`` in ``number`` parts, the first one half of all."""
    first = round(len(values) * _FIRST_SHARE)
    rest = -(-(len(values) - first) // (number - 1))
    cuts = [first + rest * at for at in range(number - 1)]
    return [values[:first], *(values[cut : cut + rest] for cut in cuts)]


_POOL = 51  # one more than the most inventions that a clause wants put to use by one agency


def _invent(city: City) -> None:
    names = city.names
    far = far_firms(names, 5002)
    city.firms = firms(names, city.sizes.enterprises - len(far))
    city.odd = odd_firms(names, city.firms[1], 5010) | far
    writer = PatentWriter(names, city.firms)
    related = writer.one("invention", city.odd["related_a"].name)
    plain = writer.one("utility_model")
    encumbrances = list(burdened(writer))
    city.special = {
        "related": related,
        "utility": plain,
        **{f"encumbrance{at}": each for at, each in enumerate(encumbrances)},
    }
    city.pool = [writer.one("invention", names.data["institutions"][1]) for _ in range(_POOL)]
    city.bound |= {each.number for each in city.pool}
    city.patents = [*city.pool, *writer.write(city.sizes.patents - len(city.special) - len(city.pool) - 1)]
    _invent_odd(city, writer)


def _invent_odd(city: City, writer: PatentWriter) -> None:
    """Patents that do not count; of the pair that is one invention, one record does."""
    city.odd_patents = [*odd_patents(writer), *alias_pair(writer), unowned(writer)]


def _enter_people(unit: Unit, city: City, people: Sequence[ExpertRecord], offices: Sequence[AgencyRecord]) -> None:
    city.take(unit, "experts", people)
    city.take(unit, "agencies", offices)


def _enter_firms(unit: Unit, city: City, some: Sequence[Firm]) -> None:
    ids = city.take(unit, "enterprises", [firm.record for firm in some], "高新技术企业名录（演示）")
    for firm, number in zip(some, ids, strict=True):
        firm.id = number
    city.progress(f"enterprises: {len(some)}")


def _enter_patents(unit: Unit, city: City, some: Sequence[Invented]) -> None:
    ids = city.take(unit, "patents", [looked_on(each, unit.today) for each in some], "专利数据库导出（演示）")
    city.patent_ids |= {patent.number: number for patent, number in zip(some, ids, strict=True)}
    city.progress(f"patents: {len(some)}")


def _enter_odd(unit: Unit, city: City) -> None:
    """What does not count, what is refused, and what waits for a person."""
    _enter_firms(unit, city, list(city.odd.values()))
    special = list(city.special.values())
    ids = city.take(unit, "patents", [each.record for each in special], "专利数据库导出（演示）")
    city.patent_ids |= {patent.number: number for patent, number in zip(special, ids, strict=True)}
    dealt = [city.odd_patents[at] for at in (0, 3, -1)]  # offered or dealt in; the others come in at the end
    numbers = city.take(unit, "patents", dealt, "旧台账（演示）")
    city.patent_ids |= {each.application_number or "": key for each, key in zip(dealt, numbers, strict=True)}
    city.take(unit, "experts", odd_experts(city.names, 9002))
    city.take(unit, "agencies", odd_agencies(city.names, 9002))
    city.take_rows(unit, "patents", _refused_rows(), "手工台账（演示）")
    double = replace(city.firms[2].record, source=source("enterprises", 9900), uscc=city.names.uscc())
    city.take(unit, "enterprises", [double], "手工台账（演示）")


def _refused_rows() -> list[Row]:
    faults = (
        ("2.01910E+12", "application_number_scientific"),
        ("201910000001.0", "application_number_check"),
        ("", "application_number_empty"),
    )
    rows = []
    for line, (value, code) in enumerate(faults, 2):
        place = replace(source("patents", line), file="demo-台账.csv", raw=(("申请号", value),))
        problem = Problem(place.file, line, "申请号", value, code, "error")
        rows.append(Row(place, None, (problem,)))
    return rows


def _look_again(unit: Unit, city: City) -> None:
    """The status of everything alive is looked up once more at the end of the window."""
    everything = [*city.patents, *city.special.values()]
    city.take(unit, "patents", [looked_again(each) for each in everything], "法律状态复核（演示）")
    city.take(unit, "patents", city.odd_patents[1:], "旧台账（演示）")
    city.progress(f"legal status: {len(everything)}")
