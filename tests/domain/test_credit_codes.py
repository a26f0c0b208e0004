"""A credit code says its authority, kind and division; a personal identity number is never one."""

from __future__ import annotations

import pytest
from stdnum.cn import uscc

from matchhub.domain.credit_codes import credit_code_fault, is_personal_number, mask_personal_numbers
from matchhub.domain.identifiers import normalise_uscc
from matchhub.errors import IdentifierInvalid

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def person(serial: int, born: str = "19900101", division: str = "350582") -> str:
    """A personal identity number of nobody: the serial numbers used are beyond any that was given out then."""
    body = f"{division}{born}{serial:03d}"
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]


def code(front: str) -> str:
    return front + uscc.calc_check_digit(front)


def fault(text: str) -> str:
    with pytest.raises(IdentifierInvalid) as refused:
        normalise_uscc(text)
    return refused.value.code


@pytest.mark.parametrize("front", ["91350582MA3100001", "92350582MA3100001", "93350582MA3100001", "12350500MB1A00001",
                                   "31350000MD0000001", "52350582MJ0000001", "91100000710000001", "N2350582MF0000001",
                                   "11469001000000001", "91350598MA0000001"])  # fmt: skip
def test_codes_of_real_authorities_and_divisions_pass(front: str) -> None:
    assert normalise_uscc(code(front)) == code(front)


@pytest.mark.parametrize(("front", "code_of_fault"), [
    ("95350582MA3100001", "uscc_authority"), ("B1350582MA3100001", "uscc_authority"), ("01350582MA3100001", "uscc_authority"),
    ("91990582MA3100001", "uscc_division"), ("91359900MA3100001", "uscc_division"), ("9135A582MA3100001", "uscc_division"),
    ("91000000MA3100001", "uscc_division"),
])  # fmt: skip
def test_an_authority_or_division_that_does_not_exist_is_no_code(front: str, code_of_fault: str) -> None:
    assert fault(code(front)) == code_of_fault


def test_personal_numbers_that_pass_the_codes_check_are_still_persons() -> None:
    passing = [number for serial in range(900, 1000) if uscc.is_valid(number := person(serial))]
    assert passing and {fault(number) for number in passing} == {"uscc_is_personal_number"}
    assert {credit_code_fault(number) for number in passing} == {"uscc_is_personal_number"}


def test_every_personal_number_is_named_as_such_and_masked() -> None:
    for written in (person(901), person(902).lower(), f" {person(903)} "):
        with pytest.raises(IdentifierInvalid) as refused:
            normalise_uscc(written)
        assert refused.value.code == "uscc_is_personal_number"
        assert refused.value.data["value"] == "350582" + "*" * 12


@pytest.mark.parametrize("text", [person(901)[:-1] + "Y", person(901, "19901301"), person(901, "18990101"),
                                  person(901, division="950582"), "91350582MA31XK7T2R"])  # fmt: skip
def test_other_texts_are_no_personal_numbers(text: str) -> None:
    assert not is_personal_number(text)


def test_personal_numbers_are_masked_wherever_they_stand() -> None:
    full_width = "".join(chr(ord(sign) + 0xFEE0) for sign in person(905))
    for number in (person(904), full_width):
        assert mask_personal_numbers(f"张某({number})，甲公司") == "张某(350582************)，甲公司"
    assert (
        mask_personal_numbers("91350582MA31XK7T2R 350582199001019999999") == "91350582MA31XK7T2R 350582199001019999999"
    )
