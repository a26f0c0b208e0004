"""Numbers that name things: patents, firms, agencies, contracts (DOMAIN.md 2).

Every function takes the text as a person or a spreadsheet wrote it and returns one canonical form, or raises
``IdentifierInvalid`` with a particular code and the value. Nothing is guessed in silence: where a missing check digit
is computed, ``parse_application_number`` says so.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

from stdnum.cn import uscc as _uscc

from matchhub.domain.credit_codes import credit_code_fault, is_personal_number, mask_personal_numbers
from matchhub.domain.records import PatentType
from matchhub.errors import IdentifierInvalid

_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d*)?E\+?\d+$")
_LOOKALIKES = str.maketrans({"×": "X", "Х": "X", "χ": "X", "Χ": "X", "。": ".", "·": ".", "‐": "-", "–": "-", "—": "-"})

_CHECK_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_WEIGHT_OF_ZERO = {length: ord("0") * sum(_CHECK_WEIGHTS[:length]) for length in (8, 12)}  # digits come as bytes
_TYPES: dict[str, PatentType] = {
    "1": "invention",
    "8": "invention",
    "2": "utility_model",
    "9": "utility_model",
    "3": "design",
}
_CANONICAL = re.compile(r"[0-9]{12}\.[0-9X]\Z")
_APPLICATION_PREFIX = re.compile(r"^(?:[\u4e00-\u9fff]{0,6}(?:申请号|专利号|专利)|第|NO\.?|[:(\[【]|CN-?|ZL-?)+")
_APPLICATION = re.compile(
    r"^(?P<digits>\d{12}|\d{8})(?:[.\-_]?(?P<check>[\dX]))?(?P<float>\.0)?(?:-?[ABCUYSD]\d?)?[)\]】]?$"
)
# What may stand behind a number: 号, a remark in brackets (发明, 分案, 已授权), a stop. A bracket with digits stays.
_NUMBER_TAIL = re.compile(r"(?:号|[\(\[【][^()\[\]【】\d]*[)\]】]|[.,;:、。])$")
_FIRST_YEAR_LONG, _LAST_YEAR_LONG = 2003, 2099

_PUBLICATION_PREFIX = re.compile(r"^(?:(?:授权)?公[开告布]号|第|[:(\[【]|CN-?)+")
_PUBLICATION = re.compile(r"^(?P<digits>\d{9}|\d{7}|8[5-9]\d{6})-?(?P<kind>[ABCUYSD])\d?[)\]】]?$")

_USCC_ALPHABET = re.compile(r"^[0-9A-HJ-NPQRTUWXY]+$")
_IPC = re.compile(r"(?<![A-Z0-9])([A-H])(\d\d)([A-Z])\s*0*(\d{1,4})\s*/\s*(\d{2,6})(?!\d)")
_IPC_EDITION = re.compile(r"\(\d{4}\.\d\d\)\s*[IN]?")
_LOCARNO = re.compile(r"(?<![\d\-])(\d\d)\s*-\s*(\d\d)(?=$|[^\d])")
_LOCARNO_CLASSES = 32
_AGENCY_CODE = re.compile(r"[\s(\[（【:：]*(?<!\d)(\d{5})[)\]）】\s]*$")


@dataclass(frozen=True, slots=True)
class ApplicationNumber:
    """``number`` in canonical form; ``remark`` is "" or the code of a warning that must be shown with it."""

    number: str
    remark: str = ""


def plain(text: str) -> str:
    """NFKC, upper case, without blanks and invisible characters: the common first step of every identifier."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).upper()


def is_scientific(text: str) -> bool:
    """Whether a spreadsheet turned the number into scientific notation (``2.0193E+12``): its digits are lost."""
    return _SCIENTIFIC.search(plain(text)) is not None


def application_check_digit(digits: str) -> str:
    """Check digit of the 8 or 12 leading digits: weights 2..9 then 2..5 from the left, modulo 11, ten is ``X``.

    Source: ZC 0006-2003 专利申请号标准, 附录 (校验位). Raises ``IdentifierInvalid`` for any other length.
    """
    if len(digits) not in (8, 12) or not digits.isascii() or not digits.isdigit():
        raise IdentifierInvalid("application_number_shape", value=digits)
    total = sum(map(mul, _CHECK_WEIGHTS, digits.encode()))  # ends with the shorter: 8 digits take 8 weights
    return "0123456789X"[(total - _WEIGHT_OF_ZERO[len(digits)]) % 11]


@lru_cache(maxsize=4096)
def parse_application_number(text: str, numeric_cell: bool = False) -> ApplicationNumber:
    """Read an application number (专利申请号) however it is written.

    A number without its check digit is completed, because the digit is a function of the others, and the remark says
    what happened: ``application_number_zero_restored`` when a numeric spreadsheet cell (``numeric_cell``) lost the
    ``.0`` of a number whose check digit is 0 (certain), else ``application_number_completed`` (the check can no
    longer prove the number). Raises ``IdentifierInvalid`` with code ``application_number_empty``, ``_scientific``,
    ``_shape``, ``_type``, ``_year``, ``_check`` or ``_is_publication``.
    """
    if _CANONICAL.match(text):  # nothing to squeeze, to translate or to mistake
        digits, check, expected = text[:12], text[13], application_check_digit(text[:12])
        _examine_year_and_type(digits, text)
        if check != expected:
            raise IdentifierInvalid("application_number_check", value=text, expected=expected)
        return ApplicationNumber(str(text))
    squeezed = plain(text).translate(_LOOKALIKES)
    if not squeezed:
        raise IdentifierInvalid("application_number_empty", value=text)
    if _SCIENTIFIC.search(squeezed):
        raise IdentifierInvalid("application_number_scientific", value=text)
    body = _APPLICATION_PREFIX.sub("", _without_tail(squeezed))
    found = _APPLICATION.match(body)
    if _PUBLICATION.match(body) and not (found and body.startswith("8")):  # 9 digits from 1, 2 or 3, or 7 digits
        raise IdentifierInvalid("application_number_is_publication", value=text)
    if not found:
        raise IdentifierInvalid("application_number_shape", value=text)
    digits, check = found["digits"], found["check"]
    if found["float"] and check is None:  # "201710601862" + ".0": the check digit is the zero itself
        check = "0"
    _examine_year_and_type(digits, text)
    expected = application_check_digit(digits)
    if check is not None and check != expected:
        raise IdentifierInvalid("application_number_check", value=text, expected=expected)
    return ApplicationNumber(f"{digits}.{expected}", "" if check else _completion(expected, numeric_cell, digits))


def _without_tail(squeezed: str) -> str:
    while (shorter := _NUMBER_TAIL.sub("", squeezed)) != squeezed:
        squeezed = shorter
    return squeezed


def _completion(expected: str, numeric_cell: bool, digits: str) -> str:
    if numeric_cell and expected == "0" and len(digits) == 12:
        return "application_number_zero_restored"
    return "application_number_completed"


def _examine_year_and_type(digits: str, text: str) -> None:
    if len(digits) == 12:
        year, type_digit = int(digits[:4]), digits[4]
        known_year = _FIRST_YEAR_LONG <= year <= _LAST_YEAR_LONG
    else:
        year, type_digit = int(digits[:2]), digits[2]
        known_year = year >= 85 or year <= 3
    if not known_year:
        raise IdentifierInvalid("application_number_year", value=text, year=year)
    if type_digit not in _TYPES:
        raise IdentifierInvalid("application_number_type", value=text, type_digit=type_digit)


def normalise_application_number(text: str) -> str:
    """Canonical form ``201710601862.3`` or ``95115608.X``; errors as in ``parse_application_number``.

    Use ``parse_application_number`` where a completed check digit must be told.
    """
    return parse_application_number(text, False).number  # spelled as readers call it: one entry of the cache


def patent_type_of(number: str) -> PatentType:
    """Type that an application number states: digit 1 or 8 invention, 2 or 9 utility model, 3 design."""
    digits = normalise_application_number(number).partition(".")[0]
    return _TYPES[digits[4] if len(digits) == 12 else digits[2]]


def type_digits(patent_type: PatentType) -> tuple[str, ...]:
    """The digits by which an application number states a type."""
    return tuple(digit for digit, its in _TYPES.items() if its == patent_type)


def filing_year_of(number: str) -> int:
    """Filing year that an application number states."""
    digits = normalise_application_number(number).partition(".")[0]
    if len(digits) == 12:
        return int(digits[:4])
    year = int(digits[:2])
    return 1900 + year if year >= 85 else 2000 + year


@lru_cache(maxsize=4096)
def normalise_publication_number(text: str) -> str:
    """Canonical form ``CN109996757A`` of a publication number (公开号、公告号): CN, 7 or 9 digits, kind letter.

    Documents of 1985 to 1989 carry the 8 digits of their application. The digit of a corrected edition (``B8``) is
    dropped: it names the same document. Raises ``IdentifierInvalid`` with code ``publication_number_empty``,
    ``_scientific``, ``_kind`` (letter missing) or ``_shape``.
    """
    squeezed = plain(text)
    if not squeezed:
        raise IdentifierInvalid("publication_number_empty", value=text)
    if _SCIENTIFIC.search(squeezed):
        raise IdentifierInvalid("publication_number_scientific", value=text)
    body = _PUBLICATION_PREFIX.sub("", _without_tail(squeezed.translate(_LOOKALIKES)))
    found = _PUBLICATION.match(body)
    if found:
        return f"CN{found['digits']}{found['kind']}"
    code = "publication_number_kind" if re.fullmatch(r"\d{7,9}", body) else "publication_number_shape"
    raise IdentifierInvalid(code, value=text)


def patent_type_of_publication(number: str) -> PatentType:
    """Type that a publication number states by its kind letter: U, Y utility model; S, D design; else invention."""
    kind = normalise_publication_number(number)[-1]
    if kind in "UY":
        return "utility_model"
    return "design" if kind in "SD" else "invention"


def is_granted_publication(number: str) -> bool:
    """Whether the kind letter says that the document announced a granted right (all but A)."""
    return not normalise_publication_number(number).endswith("A")


@lru_cache(maxsize=8192)
def normalise_uscc(text: str) -> str:
    """Unified social credit code (统一社会信用代码, GB 32100-2015), 18 characters with a right check character.

    Raises ``IdentifierInvalid`` with code ``uscc_empty``, ``uscc_scientific``, ``uscc_length``, ``uscc_alphabet``,
    ``uscc_check``, ``uscc_authority`` or ``uscc_division``; ``uscc_is_personal_number`` with the number masked.
    """
    code = plain(text).translate(_LOOKALIKES).replace("-", "")
    if is_personal_number(code):
        raise IdentifierInvalid("uscc_is_personal_number", value=mask_personal_numbers(code))
    if not code:
        raise IdentifierInvalid("uscc_empty", value=text)
    if _SCIENTIFIC.search(code) and "." in code:
        raise IdentifierInvalid("uscc_scientific", value=text)
    if len(code) != 18:
        raise IdentifierInvalid("uscc_length", value=text, length=len(code))
    if not _USCC_ALPHABET.match(code):
        raise IdentifierInvalid("uscc_alphabet", value=text)
    if _uscc.calc_check_digit(code) != code[-1]:
        raise IdentifierInvalid("uscc_check", value=text)
    if fault_code := credit_code_fault(code):
        raise IdentifierInvalid(fault_code, value=text)
    return code


def uscc_division(uscc: str) -> str:
    """Division code (行政区划) of the registering authority, characters 3 to 8."""
    return normalise_uscc(uscc)[2:8]


@lru_cache(maxsize=16384)  # the same classes stand on row after row
def parse_ipc(text: str) -> tuple[str, ...]:
    """Classes of the International Patent Classification, main class first, as ``A01B 1/02``, without repeats.

    Edition tags and damaged separators (``;??``) are no obstacle: classes are found by their shape.
    """
    squeezed = unicodedata.normalize("NFKC", text).upper()
    squeezed = _IPC_EDITION.sub(" ", squeezed)
    found = (f"{a}{b}{c} {int(group)}/{sub}" for a, b, c, group, sub in _IPC.findall(squeezed))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=16384)
def parse_locarno(text: str) -> tuple[str, ...]:
    """Locarno classes of a design (洛迦诺分类) as ``02-04``, without repeats; design numbers after them are left."""
    squeezed = unicodedata.normalize("NFKC", text).upper().replace("–", "-")
    found = [(first, second) for first, second in _LOCARNO.findall(squeezed) if 1 <= int(first) <= _LOCARNO_CLASSES]
    return tuple(dict.fromkeys(f"{first}-{second}" for first, second in found))


def agency_code_of(text: str) -> str:
    """An agency code as written, without the ``.0`` that a spreadsheet gave it: 35997.0 is 35997."""
    return re.sub(r"\.0+$", "", plain(text))


def split_agency_code(name: str) -> tuple[str, str | None]:
    """Part a glued 5-digit code from a patent agency's name: ``"北京某某事务所 11203"`` -> name, ``"11203"``."""
    tidy = unicodedata.normalize("NFKC", name).strip()
    found = _AGENCY_CODE.search(tidy)
    if not found:
        return tidy, None
    return tidy[: found.start()].rstrip(" ([【:;,-"), found[1]


def agency_code_remark(code: str) -> str:
    """Code of the warning an odd agency code deserves, or "": five digits, the first two a province's (11 to 82)."""
    squeezed = plain(code)
    fine = re.fullmatch(r"\d{5}", squeezed) is not None and 11 <= int(squeezed[:2]) <= 82
    return "" if fine else "agency_code_odd"


def check_contract_register_number(text: str) -> str:
    """Code of the warning that a technical contract's register number (技术合同登记号) deserves, or "" when fine.

    Free text of 12 to 20 letters and digits; older forms have 14 to 16 digits. Never a reason to refuse.
    """
    squeezed = plain(text)
    return "" if re.fullmatch(r"[0-9A-Z\-]{12,20}", squeezed) else "contract_register_number_odd"
