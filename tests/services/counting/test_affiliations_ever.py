"""Who belongs together by what was ever on record, and who is not known to anybody."""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import DealParty
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.parties.relations import relate_parties
from tests.services.desk_base import Base, deal, firm, patent


def codes(base: Base) -> set[str]:
    with base.runtime.unit(write=False) as unit:
        return {reason.code for reason in explain_record(unit, "deals", 1, question(unit)).reasons}


def sell(base: Base, seller: str | None) -> None:
    base.take("patents", patent(1, applicants=(seller or "",)))
    base.take("deals", deal(1, seller_name=seller, seller_uscc=None))


def test_another_representative_does_not_launder_a_deal(base: Base) -> None:
    """Scheme 16: two firms under one person, then another person imported for one of them."""
    base.take("enterprises", firm(1, legal_representative="林某"), firm(2, legal_representative="林某"))
    sell(base, firm(2).name)
    assert "parties_affiliated" in codes(base)
    base.later()
    base.take("enterprises", firm(2, legal_representative="陈某"))
    assert "parties_affiliated" in codes(base)


def test_an_old_telephone_and_an_old_address_bind_too(base: Base) -> None:
    for serial, (field, value) in enumerate((("contact_phone", "13800000000"), ("address", "晋江市陈埭镇一号")), 3):
        base.take("enterprises", firm(1, legal_representative="林某", **{field: value}))
        base.take("enterprises", firm(serial, legal_representative="陈某", **{field: value}))
        base.later()
        base.take("enterprises", firm(serial, legal_representative="陈某", **{field: f"{value}9"}))
    sell(base, firm(3).name)
    assert "parties_affiliated" in codes(base)


def test_a_stranger_is_not_known_to_be_independent(base: Base) -> None:
    """Scheme 15: not known is not independent, until a representative or shareholder stands on record."""
    base.take("enterprises", firm(1, legal_representative="林某"))
    sell(base, "一家陌生公司")
    assert "affiliation_unknown" in codes(base) and "parties_independent" not in codes(base)
    with base.runtime.unit(base.people["operator"]) as unit:
        relate_parties(unit, "一家陌生公司", "陈某", "legal_representative", "营业执照")
    assert "parties_independent" in codes(base)


def test_a_firm_of_which_nothing_is_known_is_no_better_than_a_stranger(base: Base) -> None:
    base.take("enterprises", firm(1), firm(2, legal_representative="陈某"))
    sell(base, firm(2).name)
    assert "affiliation_unknown" in codes(base)
    base.later()
    base.take("enterprises", firm(1, legal_representative="林某"))
    assert "parties_independent" in codes(base)


def test_who_a_relation_names_binds_like_who_a_firm_names(base: Base) -> None:
    """Scheme 17: a shareholder put on file who represents the buyer."""
    base.take("enterprises", firm(1, legal_representative="林某"))
    sell(base, "一家陌生公司")
    with base.runtime.unit(base.people["operator"]) as unit:
        relate_parties(unit, "一家陌生公司", "林某", "shareholder", "工商登记")
    assert "parties_affiliated" in codes(base)


def test_a_firm_recorded_after_the_deal_that_names_it_is_told_by_its_name_in_an_earlier_count(base: Base) -> None:
    base.take("enterprises", firm(1))
    sell(base, firm(2).name)
    before = base.clock.now
    base.later()
    base.take("enterprises", firm(2))
    with base.runtime.unit() as unit:
        party = unit.session.execute(select(DealParty).where(DealParty.name == firm(2).name)).scalar_one()
        party.enterprise_id = 2
    with base.runtime.unit(write=False) as unit:
        told = explain_record(unit, "deals", 1, question(unit, known_at=before)).reasons
    assert [each.data for each in told if each.code == "affiliation_unknown"]
