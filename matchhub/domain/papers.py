"""Papers kept as evidence (证据): what kinds there are, and when two pictures of papers are the same picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# What a paper is, whatever it is to prove; "other" comes first, for those recorded without a kind are that.
PAPER_KINDS = (
    "other",
    "contract",  # 合同
    "notice",  # 书面通知
    "bank_slip",  # 银行回单
    "invoice",  # 发票
    "conformity_notice",  # 手续合格通知书
    "filing_certificate",  # 备案证明
    "announcement",  # 公告
    "official_list",  # 官方名单
    "register_extract",  # 登记簿副本
    "authorisation_sheet",  # 授权书
    "consent_sheet",  # 同意书
    "implementation_report",  # 实施证明
    "service_agreement",  # 中介服务协议
    "service_slip",  # 中介服务费回单: no bank slip, which would prove that the patent was paid for
    "code_certificate",  # 营业执照（统一社会信用代码）
)
# Papers about a party and not about a bargain: one file may lie with every record of that party.
OF_PARTIES = frozenset({"code_certificate"})
# What a file is taken for by what it was handed in to prove, where nobody said more.
_BY_PURPOSE = {
    "contract": "contract",
    "notice": "notice",
    "payment_proof": "bank_slip",
    "register_proof": "conformity_notice",
    "authorisation": "authorisation_sheet",
    "consent": "consent_sheet",
    "implementation_proof": "implementation_report",
}
# A picture hash has as many bits as the square of its edge. With the usual edge of 8 two slips of one bank's form are
# the same picture; with 32 they differ in 42 bits and more, and a picture saved again in 30 at most (decision 60).
HASH_EDGE = 32
MOST_BITS_APART = 34


@dataclass(frozen=True, slots=True)
class Paper:
    """What a person says of a paper: its kind (of ``PAPER_KINDS``), who issued it, its number and its day."""

    kind: str = "other"
    issuer: str = ""
    number: str = ""
    issued_on: date | None = None


def paper_kind_of(purpose: str, said: str) -> str:
    """The kind of a paper: what a person said of it, else what it was handed in to prove."""
    return _BY_PURPOSE.get(purpose, said) if said == "other" else said


def bits_apart(first: str, second: str) -> int:
    """In how many bits two picture hashes, written as hexadecimal digits of equal length, differ."""
    return (int(first, 16) ^ int(second, 16)).bit_count()


def is_same_picture(first: str | None, second: str | None) -> bool:
    """Whether two hashes are likely of one picture, saved again or scanned once; False where one has no picture."""
    return bool(first and second) and bits_apart(first or "0", second or "0") <= MOST_BITS_APART
