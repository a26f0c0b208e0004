"""What a unified social credit code (统一社会信用代码) says beyond its check character, and what it must not be.

Characters 1 and 2 are the registering authority and the kind of body it registers, 3 to 8 the division of the authority
(GB 32100-2015). One personal identity number (公民身份号码, GB 11643-1999) in 31 passes the check of a credit code; it
has a check of its own and a birth date, and is never taken for a public code.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

from stdnum import numdb

# Registering authority -> kinds of bodies that it registers (GB 32100-2015, table 1, with the later letters).
_KINDS = {
    "1": "1239",  # 机构编制: organs, public institutions, mass organisations
    "2": "19",  # 外交
    "3": "123459",  # 司法行政: law firms, notaries, grass-roots legal services, forensics, arbitration
    "4": "19",  # 文化
    "5": "1239",  # 民政: social organisations, private non-enterprise units, foundations
    "6": "129",  # 旅游
    "7": "129",  # 宗教
    "8": "19",  # 工会
    "9": "1239",  # 市场监管: enterprises, individual businesses, farmers' cooperatives
    "A": "19",  # 中央军委改革和编制
    "N": "1239",  # 农业: collective economic organisations
    "Y": "1",  # 其他
}
_NATIONAL = "100000"  # authorities of the central government
_FIRST_BIRTH_YEAR = 1900
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID = re.compile(r"(?<![0-9A-Za-z])[1-8][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
MASK = "*"


def credit_code_fault(code: str) -> str:
    """Code of why 18 characters with a right check character are no credit code; "" when nothing speaks against it.

    ``uscc_is_personal_number``, ``uscc_authority`` (no such authority or kind) or ``uscc_division``.
    """
    if is_personal_number(code):
        return "uscc_is_personal_number"
    if code[1] not in _KINDS.get(code[0], ""):
        return "uscc_authority"
    return "" if _is_division(code[2:8]) else "uscc_division"


@lru_cache(maxsize=4096)
def _is_division(code: str) -> bool:
    """Whether a division exists or existed (GB/T 2260), itself or the prefecture in which it lies.

    New counties and development zones have codes that no table holds yet, within prefectures that it does.
    """
    if code == _NATIONAL:
        return True
    if not (code.isascii() and code.isdigit()):
        return False
    found = numdb.get("cn/loc")
    return any(_is_known(found.info(each)) for each in (code, f"{code[:4]}00"))


def _is_known(parts: list[tuple[str, dict[str, str]]]) -> bool:
    return len(parts) > 1 and bool(parts[1][1])


def is_personal_number(text: str) -> bool:
    """Whether 18 characters are a personal identity number: province, birth date and check character are right."""
    code = text.upper()
    if not _ID.fullmatch(code):
        return False
    try:
        born = date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, code, strict=False))
    return born.year >= _FIRST_BIRTH_YEAR and "10X98765432"[total % 11] == code[17]


def mask_personal_numbers(text: str) -> str:
    """The text with the birth date and what follows it masked in every personal identity number."""
    if len(text) < 18:
        return text
    plain = text if text.isascii() else _narrow(text)
    return _ID.sub(lambda found: _masked(found[0]), plain) if _ID.search(plain) else text


def _narrow(text: str) -> str:
    """Full-width digits as plain ones, all else as written."""
    return "".join(unicodedata.normalize("NFKC", sign) if "０" <= sign <= "ｚ" else sign for sign in text)


def _masked(number: str) -> str:
    return number[:6] + MASK * 12 if is_personal_number(number) else number
