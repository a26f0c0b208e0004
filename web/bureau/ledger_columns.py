"""The columns of a ledger: everything that its page folds away, as tables and files say it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from matchhub.domain.counting.acts import code_of
from matchhub.domain.counting.atoms import Reason
from matchhub.services.claim.ledger import LedgerRow, Proof
from web.display import moment, pack
from web.language import headline, say, t, word
from web.listing import Column


def lack_said(lack: str) -> str:
    """What a record lacks, in words: what the reason is about, and whose word where it is a word."""
    role = lack.partition(":")[2]
    return f"{headline(code_of(lack))}{t('（%s）', ' (%s)') % word('role', role) if role else ''}"


def proof_said(proof: Proof) -> str:
    """One fact with the level reached and its files by name and digest."""
    level = word("proof_level", proof.reached) if proof.reached else t("尚无", "nothing yet")
    files = "；".join(f"{paper.name} {paper.sha256}" for paper in proof.papers)
    return f"{word('proof_fact', proof.fact)}{t('：', ': ')}{level}{f' {files}' if files else ''}"


def _amount(role: str) -> Any:
    def read(row: LedgerRow) -> Decimal | None:
        return row.amount(role)

    return read


def _sentences(reasons: Iterable[Reason]) -> str:
    return "\n".join(say(reason.code, **reason.data) for reason in reasons)


def _against(row: LedgerRow) -> list[Reason]:
    return [reason for reason in row.against if reason.effect != "flagged"]


def _told(row: LedgerRow) -> list[Reason]:
    return [*row.passed, *(reason for reason in row.against if reason.effect == "flagged")]


def _confirmers(row: LedgerRow) -> str:
    return "\n".join(
        " ".join((moment(said.at), _named(said.by.person, said.by.organisation), word("decision", said.decision)))
        for said in row.words
        if said.in_force
    )


def _named(person: str, organisation: str) -> str:
    return f"{person}{t('（%s）', ' (%s)') % organisation}" if organisation else person


def _first_amount(row: LedgerRow) -> Decimal | None:
    """What the record is about in money: agreed, asked, offered, or paid where nothing else is said."""
    return next(
        (row.amount(role) for role in ("agreed", "budget", "fee", "paid") if row.amount(role) is not None), None
    )


def _only_lack(row: LedgerRow) -> str:
    return lack_said(row.lack) if row.near else ""


def _parties(row: LedgerRow) -> str:
    return "\n".join(f"{word('concerned', role)}{t('：', ': ')}{name}" for role, name in row.parties)


def _papers(row: LedgerRow) -> str:
    return "\n".join(f"{word('paper_kind', each.paper)} {each.name} {each.sha256}" for each in row.papers)


def _codes(row: LedgerRow) -> str:
    return "; ".join(each.code for each in _against(row))


def _trades(row: LedgerRow) -> str:
    known = pack().industries
    return "、".join(t(known[key].zh, known[key].en) for key in row.trades if key in known)


def _source(row: LedgerRow) -> str:
    if row.source is None:
        return t("在平台登记", "entered here")
    line = t(" 第 %s 行", " line %s") % row.source.line if row.source.line else ""
    return f"{row.source.file}{line}"


COLUMNS = (
    Column("record", ("编号", "Record"), lambda row: row.record_id, 9),
    Column("title", ("名称", "Title"), lambda row: row.label.title, 44, sorts=False),
    Column("number", ("号码", "Number"), lambda row: row.label.number, 22, sorts=False),
    Column("concerns", ("相关方", "Concerns"), lambda row: row.label.note, 34, sorts=False, extra=True),
    Column("unit", ("计数键", "Counted as"), lambda row: row.unit, 30, sorts=False, extra=True),
    Column(
        "other_unit",
        ("另一口径计数键", "Counted otherwise as"),
        lambda row: row.other_unit,
        30,
        sorts=False,
        extra=True,
    ),
    Column("day", ("发生日期", "Happened on"), lambda row: row.occurred_on, 12),
    Column("literal", ("按文义口径计入", "Literal"), lambda row: row.literal, 10, sorts=False),
    Column("strict", ("按严格口径计入", "Strict"), lambda row: row.strict, 10, sorts=False),
    Column("codes", ("不计入的原因代码", "Codes against it"), _codes, 30, sorts=False, extra=True),
    Column("reasons", ("不计入的原因", "Reasons against it"), lambda row: _sentences(_against(row)), 70, sorts=False),
    Column("passed", ("通过的检查", "Tests passed"), lambda row: _sentences(_told(row)), 70, sorts=False, extra=True),
    Column("lack", ("只差一项", "One thing missing"), _only_lack, 30, sorts=False),
    Column("amount", ("金额（元）", "Amount (yuan)"), _first_amount, 14),
    Column("paid", ("已付（元）", "Paid (yuan)"), _amount("paid"), 14, sorts=False),
    Column("refunded", ("退款（元）", "Refunded (yuan)"), _amount("refunded"), 14, sorts=False, extra=True),
    Column("parties", ("当事方", "Parties"), _parties, 44, sorts=False),
    Column(
        "proofs",
        ("证明与文件 SHA-256", "Proofs, files and SHA-256"),
        lambda row: "\n".join(map(proof_said, row.proofs)),
        80,
        sorts=False,
    ),
    Column("papers", ("全部证据文件", "All files of evidence"), _papers, 80, sorts=False, extra=True),
    Column("person", ("登记人", "Entered by"), lambda row: row.entered_by.person, 16, sorts=False),
    Column("organisation", ("登记单位", "Entered for"), lambda row: row.entered_by.organisation, 24, sorts=False),
    Column("words", ("确认人", "Confirmed by"), _confirmers, 44, sorts=False),
    Column("recorded", ("登记时间", "Recorded"), lambda row: moment(row.recorded_at), 18),
    Column("trades", ("产业", "Trades"), _trades, 20, sorts=False),
    Column("source", ("来源文件", "Source file"), _source, 30, sorts=False),
    Column("issuer", ("来源单位", "Issued by"), lambda row: row.source.issuer if row.source else "", 24, sorts=False),
    Column("policy", ("规则包", "Rule pack"), lambda row: row.policy, 18, sorts=False, extra=True),
    Column("digest", ("规则包 SHA-256", "SHA-256 of pack"), lambda row: row.policy_digest, 66, sorts=False, extra=True),
)
