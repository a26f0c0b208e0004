"""Which addresses are kept of an organisation, where each came from and what for."""

from __future__ import annotations

import pytest

from matchhub.domain.records import EnterpriseRecord, Row, Source
from matchhub.errors import NotAllowed
from matchhub.services.parties.recorders import EnterpriseRecorder
from matchhub.services.recipients.held import held_addresses
from tests.services.small_city import SHOES, City


def kept(city: City, who: str = "shoes") -> set[tuple[str, str, str, str]]:
    with city.unit(who) as unit:
        return {(each.field, each.shown, each.source, each.use) for each in held_addresses(unit)}


def test_what_a_firm_typed_into_its_demand_is_its_own_word_and_shown_in_part(city: City) -> None:
    city.post(contact_email="wang@shoes.example", contact_phone="0595-85551234", contact_name="王小明")
    found = kept(city)
    assert ("contact_email", "w***@shoes.example", "own", "pushes") in found
    assert ("contact_phone", "059****34", "own", "calls") in found
    assert ("contact_name", "王**", "own", "calls") in found


@pytest.mark.parametrize(("who", "source"), [("operator", "typed"), ("shoes", "own"), ("system", "unknown")])
def test_the_address_of_the_firm_itself_names_who_recorded_it(city: City, who: str, source: str) -> None:
    with city.unit(who) as unit:
        record = EnterpriseRecord(source=Source("form", 1), name=SHOES, contact_email="front@shoes.example")
        EnterpriseRecorder(unit, None, False).record([Row(record.source, record)])
    assert ("contact_email", "f***@shoes.example", source, "pushes") in kept(city)


def test_nobody_sees_what_is_kept_of_another(city: City) -> None:
    city.post(contact_email="wang@shoes.example")
    assert not any("shoes" in shown for _, shown, _, _ in kept(city, "umbrellas"))
    assert not any("shoes" in shown for _, shown, _, _ in kept(city, "operator"))
    with pytest.raises(NotAllowed), city.unit("reviewer") as unit:
        held_addresses(unit)
