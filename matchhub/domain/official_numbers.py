"""Numbers on papers (凭证号、合同编号、登记号、备案号、证书编号) in normal form, by which two are the same number."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# What people write before a number. Each needs a digit behind it, so that a word alone stays what it is.
_WHAT = "|".join((
    "(?:银行|电子|付款|汇款|转账|支付|交易|网上|网银|客户|记账)*(?:回单|凭证|流水|单据)",
    "(?:增值税|电子|专用|普通)*发票",
    "(?:技术|专利|实施|转让|许可|开放|买卖)*合同(?:登记|备案|认定登记)?",
    "(?:专利|实施|许可|转让|开放|合同)*(?:备案|登记|变更登记)",
    "(?:开放许可)?(?:声明)?公告",
    "(?:高新技术企业|科技型中小企业|专精特新)?(?:证书|入库登记)",
    "手续合格通知书",
))  # fmt: skip
_NUMBER = r"(?:编号|号码|号|no(?=\d))"
_WORDS = re.compile(rf"^(?:第|{_NUMBER}|number|(?:{_WHAT})(?:证明|证书|通知书)?{_NUMBER}?)(?=.*\d)")
_NO = re.compile(r"^\s*no\s*[.:]\s*")
_END = re.compile(r"号$")


@lru_cache(maxsize=65536)
def number_key(written: str) -> str:
    """The normal form of a number on a paper: ``凭证号：２０２５-１`` is ``20251``; "" where nothing is left.

    Width (NFKC), case, blanks, invisible signs and punctuation do not matter, nor the words before the number, nor a
    last ``号``. Words inside stay: ``晋匹字〔2025〕1号`` and ``泉匹字〔2025〕1号`` are two.
    Equal numbers are one number among papers of one issuer only; who asks keeps to one.
    """
    folded = unicodedata.normalize("NFKC", written.replace("№", "no.")).casefold()
    plain = "".join(sign for sign in _NO.sub("", folded) if sign.isalnum())
    while (bare := _WORDS.sub("", plain, count=1)) != plain:
        plain = bare
    return _END.sub("", plain) or plain


def same_number(first: str | None, second: str | None) -> bool:
    """Whether two numbers are one, however they are written; nothing is the same as nothing never."""
    return bool(key := number_key(first or "")) and key == number_key(second or "")
