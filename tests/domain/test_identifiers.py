"""Numbers that name things: canonical forms, checks, and what is refused rather than guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchhub.domain import identifiers as ids
from matchhub.errors import IdentifierInvalid

APPLICATION_NUMBERS = [
    "201710601862.3",
    "201310699744.2",
    "201010596747.X",
    "95115608.X",
    "97101765.4",
    "202011438186.0",
]


def code_of(function, *arguments) -> str:
    with pytest.raises(IdentifierInvalid) as caught:
        function(*arguments)
    return caught.value.code


@pytest.mark.parametrize("number", APPLICATION_NUMBERS)
def test_a_canonical_number_stays_as_it_is(number: str) -> None:
    assert ids.normalise_application_number(number) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("ZL201710601862.3", "201710601862.3"),
        ("zl 2017 1 0601862.3", "201710601862.3"),
        ("CN201710117081.7", "201710117081.7"),
        ("CN 2017 1 0117081.7", "201710117081.7"),
        ("2017101170817", "201710117081.7"),
        ("２０１７１０１１７０８１．７", "201710117081.7"),
        ("201710117081。7", "201710117081.7"),
        ("\ufeff201710117081.7\u200b", "201710117081.7"),
        ("专利号:ZL201710117081.7", "201710117081.7"),
        ("申请号：201710117081.7", "201710117081.7"),
        ("CN201010596747XA", "201010596747.X"),
        ("CN201010596747.xA", "201010596747.X"),
        ("201010596747×", "201010596747.X"),
        ("CN201710117081.7B", "201710117081.7"),
        ("2017101170817.0", "201710117081.7"),
        ("CN95115608.X", "95115608.X"),
    ],
)
def test_every_way_of_writing_a_number_gives_the_canonical_one(written: str, number: str) -> None:
    assert ids.normalise_application_number(written) == number
    assert ids.parse_application_number(written).remark == ""


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("201710601862.4", "application_number_check"),
        ("201010596747.0", "application_number_check"),
        ("97101765.5", "application_number_check"),
        ("201740601862.3", "application_number_type"),
        ("200210601862.3", "application_number_year"),
        ("84101765.4", "application_number_year"),
        ("2.01E+12", "application_number_scientific"),
        ("2.0193E+12", "application_number_scientific"),
        ("２.０１Ｅ＋１２", "application_number_scientific"),
        ("CN2.01E+12", "application_number_scientific"),
        ("2E12", "application_number_scientific"),
        ("", "application_number_empty"),
        ("  \u3000", "application_number_empty"),
        ("一种鞋底", "application_number_shape"),
        ("20171060186", "application_number_shape"),
        ("20171060186234", "application_number_shape"),
        ("201710601862.33", "application_number_shape"),
        ("CN109996757A", "application_number_is_publication"),
        ("CN1030001C", "application_number_is_publication"),
    ],
)
def test_what_is_no_application_number_is_refused_with_its_own_code(written: str, code: str) -> None:
    assert code_of(ids.normalise_application_number, written) == code


def test_the_refusal_names_the_digit_that_would_be_right() -> None:
    with pytest.raises(IdentifierInvalid) as caught:
        ids.normalise_application_number("201710601862.4")
    assert caught.value.data == {"value": "201710601862.4", "expected": "3"}


@given(st.sampled_from(APPLICATION_NUMBERS), st.data())
def test_no_single_wrong_digit_passes(number: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([i for i, character in enumerate(number) if character.isdigit()]))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))
    with pytest.raises(IdentifierInvalid):
        ids.normalise_application_number(number[:place] + wrong + number[place + 1 :])


@given(st.text(max_size=40))
def test_any_text_is_either_canonical_afterwards_or_refused(text: str) -> None:
    for function in (ids.normalise_application_number, ids.normalise_publication_number, ids.normalise_uscc):
        try:
            once = function(text)
        except IdentifierInvalid:
            continue
        assert function(once) == once


class TestMissingCheckDigit:
    def test_a_text_number_is_completed_and_says_so(self) -> None:
        found = ids.parse_application_number("CN201710601862")
        assert found == ids.ApplicationNumber("201710601862.3", "application_number_completed")

    def test_an_early_number_is_completed_and_says_so(self) -> None:
        assert ids.parse_application_number("CN85102475").remark == "application_number_completed"

    def test_a_numeric_cell_whose_check_is_zero_gets_its_zero_back(self) -> None:
        found = ids.parse_application_number("202011438186", numeric_cell=True)
        assert found == ids.ApplicationNumber("202011438186.0", "application_number_zero_restored")

    def test_a_numeric_cell_whose_check_is_not_zero_is_flagged_as_completed(self) -> None:
        assert ids.parse_application_number("201710601862", numeric_cell=True).remark == "application_number_completed"

    def test_a_text_cell_whose_check_is_zero_proves_nothing(self) -> None:
        assert ids.parse_application_number("202011438186").remark == "application_number_completed"


@pytest.mark.parametrize(
    ("number", "kind", "year"),
    [
        ("201710601862.3", "invention", 2017),
        ("95115608.X", "invention", 1995),
        ("2015900012810", "utility_model", 2015),
        ("201830264854X", "design", 2018),
    ],
)
def test_a_number_states_type_and_year(number: str, kind: str, year: int) -> None:
    assert ids.patent_type_of(number) == kind
    assert ids.filing_year_of(number) == year


@pytest.mark.parametrize("digits", ["1234567", "2017106018623", "2017１0601862", ""])
def test_a_check_digit_needs_eight_or_twelve_digits(digits: str) -> None:
    assert code_of(ids.application_check_digit, digits) == "application_number_shape"


class TestPublicationNumber:
    @pytest.mark.parametrize(
        ("written", "number"),
        [
            ("CN109996757A", "CN109996757A"),
            ("cn 305246987 s", "CN305246987S"),
            ("CN1030001C", "CN1030001C"),
            ("109996757A", "CN109996757A"),
            ("CN102307917B8", "CN102307917B"),
            ("CN85102475A", "CN85102475A"),
            ("授权公告号:CN209102019U", "CN209102019U"),
        ],
    )
    def test_it_has_one_canonical_form(self, written: str, number: str) -> None:
        assert ids.normalise_publication_number(written) == number

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("CN109996757", "publication_number_kind"),
            ("CN10999675A", "publication_number_shape"),
            ("CN109996757E", "publication_number_shape"),
            ("US109996757A", "publication_number_shape"),
            ("201710601862.3", "publication_number_shape"),
            ("1.1E+8", "publication_number_scientific"),
            (" ", "publication_number_empty"),
        ],
    )
    def test_anything_else_is_refused(self, written: str, code: str) -> None:
        assert code_of(ids.normalise_publication_number, written) == code

    @pytest.mark.parametrize(
        ("number", "kind", "granted"),
        [
            ("CN109996757A", "invention", False),
            ("CN102307917B", "invention", True),
            ("CN209102019U", "utility_model", True),
            ("CN2034567Y", "utility_model", True),
            ("CN305246987S", "design", True),
        ],
    )
    def test_its_letter_states_type_and_grant(self, number: str, kind: str, granted: bool) -> None:
        assert ids.patent_type_of_publication(number) == kind
        assert ids.is_granted_publication(number) is granted


class TestUscc:
    @pytest.mark.parametrize("code", ["914403001922038216", "9144030071526726XG", "91350100M000100Y43"])
    def test_a_right_code_passes_in_any_width_and_case(self, code: str) -> None:
        wide = "".join(chr(ord(character) + 0xFEE0) for character in code)
        assert ids.normalise_uscc(wide) == ids.normalise_uscc(f" {code.lower()} ") == code

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("914403001922038217", "uscc_check"),
            ("91350100M000100Y4Z", "uscc_alphabet"),
            ("9135058261153489OX", "uscc_alphabet"),
            ("91350582MA31XXXXXI", "uscc_alphabet"),
            ("91440300192203821", "uscc_length"),
            ("9144030019220382166", "uscc_length"),
            ("9.14403E+17", "uscc_scientific"),
            ("", "uscc_empty"),
        ],
    )
    def test_a_wrong_code_is_refused_with_its_own_code(self, written: str, code: str) -> None:
        assert code_of(ids.normalise_uscc, written) == code

    def test_characters_three_to_eight_are_the_division(self) -> None:
        assert ids.uscc_division("914403001922038216") == "440300"


class TestClasses:
    @pytest.mark.parametrize(
        ("written", "classes"),
        [
            ("H02K17/02", ("H02K 17/02",)),
            ("C08F265/04(2006.01)I;", ("C08F 265/04",)),
            ("G06K9/62(2006.01)I;??G06T7/73(2017.01)I", ("G06K 9/62", "G06T 7/73")),
            ("E21D20/02（2006.01）I", ("E21D 20/02",)),
            ("a43b 13/14 | A43B13/18\nA43B 13/14", ("A43B 13/14", "A43B 13/18")),
            ("Ａ４３Ｂ１３／１４，A43B 7/00", ("A43B 13/14", "A43B 7/00")),
            ("A43B 0013/14", ("A43B 13/14",)),
            ("02-01 (12)", ()),
            ("A43B", ()),
            ("I43B 13/14", ()),
            ("", ()),
        ],
    )
    def test_classes_are_found_by_their_shape_main_first(self, written: str, classes: tuple[str, ...]) -> None:
        assert ids.parse_ipc(written) == classes

    @pytest.mark.parametrize(
        ("written", "classes"),
        [
            ("02-04", ("02-04",)),
            ("01-01 (12)  ", ("01-01",)),
            ("14-99-A0234", ("14-99",)),
            ("02-04;02-07", ("02-04", "02-07")),
            ("32-00", ("32-00",)),
            ("33-00", ()),
            ("00-01", ()),
            ("2019-07-09", ()),
        ],
    )
    def test_locarno_classes_of_designs(self, written: str, classes: tuple[str, ...]) -> None:
        assert ids.parse_locarno(written) == classes


@pytest.mark.parametrize(
    ("written", "name", "code"),
    [
        ("厦门市首创君合专利事务所有限公司 35204", "厦门市首创君合专利事务所有限公司", "35204"),
        ("泉州某某专利事务所(普通合伙)35216", "泉州某某专利事务所(普通合伙)", "35216"),
        ("北京某某知识产权代理有限公司(11203)", "北京某某知识产权代理有限公司", "11203"),
        ("北京某某知识产权代理有限公司", "北京某某知识产权代理有限公司", None),
        ("某某事务所 352041", "某某事务所 352041", None),
    ],
)
def test_an_agency_code_is_parted_from_the_name(written: str, name: str, code: str | None) -> None:
    assert ids.split_agency_code(written) == (name, code)


@pytest.mark.parametrize(("code", "remark"), [("35204", ""), ("99204", "agency_code_odd"), ("3520", "agency_code_odd")])
def test_an_odd_agency_code_is_remarked(code: str, remark: str) -> None:
    assert ids.agency_code_remark(code) == remark


@pytest.mark.parametrize(
    ("length", "remark"),
    [(11, "contract_register_number_odd"), (12, ""), (20, ""), (21, "contract_register_number_odd")],
)
def test_a_contract_register_number_of_odd_length_is_only_remarked(length: int, remark: str) -> None:
    assert ids.check_contract_register_number("2" * length) == remark


def test_every_vector_of_the_facts_behaves(shared: Path) -> None:
    facts = json.loads((shared / "facts" / "identifier_vectors.json").read_text(encoding="utf-8"))
    for number in facts["application_number_valid"]:
        assert ids.parse_application_number(number) == ids.ApplicationNumber(number)
    for number in facts["application_number_forms"]:
        assert ids.parse_application_number(number).remark == ""
    for code in facts["uscc_valid"]:
        assert ids.normalise_uscc(code) == code
    for number in facts["application_number_invalid"]:
        code_of(ids.normalise_application_number, number)
    for code in facts["uscc_invalid"]:
        code_of(ids.normalise_uscc, code)
