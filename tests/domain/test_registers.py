"""Addresses of a patent in the registers, from templates that are data."""

from __future__ import annotations

import pytest

from matchhub.domain.registers import Register, RegisterLink, register_links, registers
from matchhub.wording import labels

BY_BOTH = Register("office", "https://register.example/{publication}?a={application}")


def test_a_number_stands_in_the_address_as_an_address_needs_it() -> None:
    found = register_links("201710601862.3", "CN107674622A", [BY_BOTH])
    assert found == (RegisterLink("office", "https://register.example/CN107674622A?a=2017106018623", True),)
    assert register_links("1", "CN 1/A", [BY_BOTH])[0].address == "https://register.example/CN%201%2FA?a=1"


@pytest.mark.parametrize(("application", "publication"), [(None, "CN107674622A"), ("201710601862.3", None), ("", "")])
def test_a_register_that_needs_a_number_which_is_missing_is_left_out(
    application: str | None, publication: str | None
) -> None:
    assert register_links(application, publication, [BY_BOTH]) == ()


def test_a_register_without_a_number_in_its_address_opens_its_search_page() -> None:
    assert register_links(None, None, [Register("search", "https://search.example/")])[0].by_number is False


def test_the_shipped_registers_are_addresses_with_names() -> None:
    assert registers()
    for each in registers():
        assert each.key in labels()["register"] and each.address.startswith(("http://", "https://"))
