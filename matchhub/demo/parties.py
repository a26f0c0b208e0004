"""Enterprises (企业), experts (专家) and agencies (服务机构) of the demo city as records to import."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random

from matchhub.demo.names import Names
from matchhub.demo.trades import Trade, trades
from matchhub.domain.records import AgencyRecord, CategoryClaim, EnterpriseRecord, ExpertRecord, Source

# Categories that an ordinary firm of the city may hold, the frequent ones more than once.
CATEGORIES = (
    "tech_sme", "tech_sme", "innovative_sme", "innovative_sme", "high_tech_enterprise", "high_tech_enterprise",
    "specialised_sme", "little_giant", "ip_advantage", "ip_standard_certified", "provincial_little_giant",
    "enterprise_technology_centre", "patent_intensive", "manufacturing_champion", "gazelle_unicorn",
)  # fmt: skip
SERVICES = ("专利代理", "商标代理", "专利检索分析", "价值评估", "知识产权维权", "技术转移", "知识产权金融", "贯标辅导")


@dataclass(slots=True)
class Firm:
    """An enterprise of the city while the story runs; ``id`` is known once it is recorded."""

    record: EnterpriseRecord
    trade: Trade
    id: int = 0
    has_account: bool = False

    @property
    def name(self) -> str:
        """Its name."""
        return self.record.name or ""


def source(kind: str, line: int) -> Source:
    """Where an invented record is said to stand."""
    return Source(f"demo-{kind}.csv", line)


def claim(chance: Random, category: str, serial: int, valid_to_on: date = date(2027, 12, 31)) -> CategoryClaim:
    """A category with its certificate, valid through the window and the year after."""
    year = chance.choice((2023, 2024))
    valid_from_on = date(year, chance.randint(1, 6), 15)
    return CategoryClaim(category, f"演示证{year}{serial:06d}", None, valid_from_on, valid_to_on)


def firms(names: Names, number: int) -> list[Firm]:
    """Local innovative firms of all trades in turn; the first one makes shoes."""
    industries = trades()
    return [_firm(names, industries[at % len(industries)], at + 2) for at in range(number)]


def _firm(names: Names, trade: Trade, line: int) -> Firm:
    chance = names.chance
    kinds = list(dict.fromkeys(chance.choice(CATEGORIES) for _ in range(chance.choice((1, 1, 2)))))
    record = EnterpriseRecord(
        source=source("enterprises", line),
        name=names.firm(trade),
        uscc=names.uscc(),
        region="福建省泉州市晋江市",
        address=names.address(),
        registered_on=date(chance.randint(1996, 2020), chance.randint(1, 12), chance.randint(1, 28)),
        capital_yuan=Decimal(chance.choice((200, 500, 1000, 2000, 5000))) * 10000,
        business_scope=trade.scope,
        industry=trade.name,
        legal_representative=names.person(),
        contact_name=names.person(),
        contact_phone=names.phone(),
        contact_email=names.email(),
        categories=tuple(claim(chance, kind, line) for kind in kinds),
    )
    return Firm(record, trade)


def odd_firms(names: Names, model: Firm, line: int) -> dict[str, Firm]:
    """Firms that do not count, or only by the plain words, by what is wrong with them.

    ``elsewhere`` and ``undecided`` count as enterprises (no place is asked for) but not as local ones.
    """
    industries = trades()
    fresh = {
        key: _firm(names, industries[at % len(industries)], line + at)
        for at, key in enumerate(
            ("no_category", "unproven", "expired", "no_term", "no_code", "clone", "related_a", "related_b", "silent")
        )
    }

    def change(key: str, **values: object) -> None:
        fresh[key].record = replace(fresh[key].record, **values)  # type: ignore[arg-type]

    change("no_category", categories=())
    change("unproven", categories=(CategoryClaim("specialised_sme", valid_from_on=date(2024, 6, 1)),))
    change("expired", categories=(claim(names.chance, "tech_sme", line, date(2024, 12, 31)),))
    change("no_term", categories=(CategoryClaim("enterprise_technology_centre", official_list="演示名录2024"),))
    change("no_code", uscc=None)
    change("clone", name=model.name)
    change("related_a", categories=())
    change("related_b", categories=(), legal_representative=fresh["related_a"].record.legal_representative)
    change("silent", categories=(), contact_email=None)
    return fresh


def far_firms(names: Names, line: int) -> dict[str, Firm]:
    """Innovative firms that are not local, or of which a person must decide whether they are."""
    shoes, apparel = trades()[0], trades()[1]
    elsewhere, undecided = _firm(names, shoes, line), _firm(names, apparel, line + 1)
    elsewhere.record = replace(
        elsewhere.record,
        name=names.firm(shoes, "南安市"),
        uscc=names.uscc("350583"),
        region="福建省泉州市南安市",
        address=names.address("福建省南安市", "水头镇"),
    )
    undecided.record = replace(
        undecided.record,
        name=names.firm(apparel, "泉州"),
        uscc=names.uscc("350500"),
        region=None,
        address=names.address("", "龙湖镇"),
    )
    return {"elsewhere": elsewhere, "undecided": undecided}


def experts(names: Names, number: int) -> list[ExpertRecord]:
    """Persons with field, title and consent."""
    return [_expert(names, at + 2) for at in range(number)]


def _expert(names: Names, line: int) -> ExpertRecord:
    chance = names.chance
    trade = chance.choice(trades())
    return ExpertRecord(
        source=source("experts", line),
        name=names.person(),
        organisation=chance.choice(names.data["institutions"]),
        field=f"{trade.name}:{chance.choice(trade.topics).name}",
        title=chance.choice(names.data["titles"]),
        qualification=chance.choice((None, None, "专利代理师", "技术经纪人")),
        consent_on=date(2023, chance.randint(3, 8), chance.randint(1, 28)),
        consent_evidence=f"演示同意书{line:04d}",
        phone=names.phone(),
        email=names.email(),
    )


def odd_experts(names: Names, line: int) -> Iterator[ExpertRecord]:
    """Experts who lack consent, field or standing."""
    yield replace(_expert(names, line), consent_on=None, consent_evidence=None)
    yield replace(_expert(names, line + 1), consent_evidence=None)
    yield replace(_expert(names, line + 2), field=None)
    yield replace(_expert(names, line + 3), title=None, qualification=None)


def agencies(names: Names, number: int) -> list[AgencyRecord]:
    """Agencies with code, services and contact, half of them patent agencies."""
    return [_agency(names, at + 2, is_patent_agency=at % 2 == 0) for at in range(number)]


def _agency(names: Names, line: int, is_patent_agency: bool) -> AgencyRecord:
    chance = names.chance
    shop = names.firm(trades()[0], "", "").removesuffix("体育用品")[:3]
    kind = "专利代理事务所（普通合伙）" if is_patent_agency else "知识产权服务有限公司"
    return AgencyRecord(
        source=source("agencies", line),
        name=f"{chance.choice(('泉州', '晋江', '厦门'))}{shop}{kind}",
        uscc=names.uscc("350500", "31" if is_patent_agency else "91"),
        licence_number=f"演示代执{line:05d}" if is_patent_agency else None,
        agency_code=f"{35900 + line % 100:05d}" if is_patent_agency else None,
        service_types=tuple(chance.sample(SERVICES, 3)),
        is_patent_agency=is_patent_agency,
        contact_name=names.person(),
        phone=names.phone(),
        address=names.address("福建省泉州市"),
    )


def odd_agencies(names: Names, line: int) -> Iterator[AgencyRecord]:
    """Agencies that lack licence, services, contact or any identity."""
    yield replace(_agency(names, line, True), licence_number=None, agency_code=None)
    yield replace(_agency(names, line + 1, False), service_types=())
    yield replace(_agency(names, line + 2, False), contact_name=None, phone=None)
    yield replace(_agency(names, line + 3, False), uscc=None)
