"""The ledgers of a package as workbooks: what counts, why, by which papers; `verify.py` reads the first sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from io import BytesIO

from matchhub.domain.calendar import day_in
from matchhub.domain.counting.atoms import Reason
from matchhub.domain.masking import mask_person, mask_persons
from matchhub.dossier import verify
from matchhub.reports.official import as_printed, day_words
from matchhub.reports.tables import Cell, Printing, Sheet, write_tables
from matchhub.services.claim.gaps import Gap
from matchhub.services.claim.ledger import LedgerRow, Proof
from matchhub.services.claim.package import PackageFacts, SampleSheet
from matchhub.wording import label, sentence

DEMO = "演示数据，不得用于申报。"
# Papers that are about a person: without names they stay where they are, and the ledger says by which digest.
PERSONAL_PAPERS = frozenset({"consent_sheet", "authorisation_sheet"})
_HEADINGS = (
    (verify.RECORD, 7), ("名称", 26), ("号码", 20), ("相关方", 22), (verify.LITERAL, 9), (verify.STRICT, 9),
    ("不计入的原因", 32), ("证明情况", 32), ("证据材料", 16), ("金额（元）", 17), ("当事人", 26), ("录入人", 16),
    ("确认情况", 28), ("发生日期", 14), ("登记日期", 14), ("所属产业", 10), ("来源", 18),
    (verify.UNIT, 30), ("另一口径计数键", 24), (verify.AGAINST, 26), (verify.PAPERS, 68), (verify.WITHHELD, 68),
    ("规则包", 20),
)  # fmt: skip
_PRINTED = 17  # what people read; the columns after it are for the verifier


@dataclass(frozen=True, slots=True)
class Showing:
    """How a package tells of persons and days: with names or masked, in which time zone."""

    unmasked: bool
    zone: tzinfo
    made: datetime
    trades: Mapping[str, str]
    demo: bool

    def titled(self, what: str) -> str:
        """What stands above every printed page."""
        mark = f"（{DEMO.removesuffix('。')}）" if self.demo else ""
        return f"{what}（截至{day_words(self.made.date())}）{mark}"

    def person(self, name: str) -> str:
        """A person's name."""
        return name if self.unmasked else mask_person(name)

    def names(self, text: str) -> str:
        """Names of organisations and of persons among them."""
        return text if self.unmasked else mask_persons(text)

    def row(self, row: LedgerRow, stand_in: str) -> LedgerRow:
        """A ledger's row as it may be shown: label, keys, parties; ``stand_in`` for the key made of a person's name."""
        if self.unmasked:
            return row
        shown = replace(row.label, note=mask_persons(row.label.note))
        if row.kind != "experts":
            return replace(row, label=shown, parties=tuple((role, mask_persons(name)) for role, name in row.parties))
        named = replace(shown, title=mask_person(row.label.title))
        return replace(row, label=named, unit=stand_in, other_unit="")

    def holds(self, paper: str) -> bool:
        """Whether papers of a kind go into the package."""
        return self.unmasked or paper not in PERSONAL_PAPERS


def showing_of(facts: PackageFacts) -> Showing:
    """How the package of these facts tells of persons and days."""
    made = datetime(facts.as_of.year, facts.as_of.month, facts.as_of.day)  # noqa: DTZ001 - the day the claim is of
    trades = {key: each.zh for key, each in facts.pack.industries.items()}
    return Showing(facts.wish.unmasked, facts.pack.local.time_zone, made, trades, facts.demo)


def ledger_book(title: str, rows: Sequence[LedgerRow], showing: Showing, included: frozenset[str]) -> bytes:
    """The workbook of one threshold of this title; ``included`` are the digests of the papers inside the package."""
    # Numbers and no digests: a name of two or three characters is found from its digest by trying all of them.
    first: dict[str, int] = {}
    for row in rows:
        first[row.unit] = min(row.record_id, first.get(row.unit, row.record_id))
    cells = (tuple(_cells(showing.row(row, f"p-{first[row.unit]}"), showing, included)) for row in rows)
    return _book(
        [Sheet("台账", _HEADINGS, cells, printing=Printing(showing.titled(f"{title}台账"), _PRINTED))], showing
    )


def _cells(row: LedgerRow, showing: Showing, included: frozenset[str]) -> Iterator[Cell]:
    against = [each for each in row.against if each.effect != "flagged"]
    papers = [each for each in row.papers if each.stands]
    yield row.record_id
    yield from (row.label.title, row.label.number, row.label.note)
    yield from ("是" if each else "否" for each in (row.literal, row.strict))
    yield as_printed(sentences(against))
    yield "\n".join(_proof(each) for each in row.proofs)
    yield "\n".join(label("paper_kind", each.paper) for each in papers)
    yield "\n".join(f"{label('amount_role', role)} {yuan:,.2f}" for role, yuan in row.amounts)
    yield "\n".join(f"{label('concerned', role)}：{name}" for role, name in row.parties)
    yield _entrant(row, showing)
    yield "\n".join(
        f"{label('role', word.role)}{label('package_word', word.decision)}（{word.by.organisation} "
        f"{showing.person(word.by.person)}，{day_words(day_in(showing.zone, word.at))}）"
        for word in row.words
        if word.in_force
    )
    yield row.occurred_on
    yield day_in(showing.zone, row.recorded_at) if row.recorded_at else None
    yield "、".join(showing.trades.get(key, key) for key in row.trades)
    yield (
        ""
        if row.source is None
        else "，".join(
            filter(None, (row.source.issuer, day_words(row.source.issued_on) if row.source.issued_on else ""))
        )
    )
    yield from (row.unit, row.other_unit)
    yield "; ".join(each.code for each in against)
    yield "\n".join(each.sha256 for each in papers if each.sha256 in included)
    yield "\n".join(each.sha256 for each in papers if each.sha256 not in included)
    yield row.policy


def _entrant(row: LedgerRow, showing: Showing) -> str:
    by = row.entered_by
    return " ".join(filter(None, (by.organisation, showing.person(by.person)))) or "系统"


def _proof(proof: Proof) -> str:
    reached = label("proof_level", proof.reached) if proof.reached else "尚无"
    return f"{label('proof_fact', proof.fact)}：{reached}（要求：{label('proof_level', proof.wanted)}）"


def sentences(reasons: Sequence[Reason]) -> str:
    """Reasons in words, one a line."""
    return "\n".join(sentence(each.code, "zh", **each.data) for each in reasons)


def sample_book(title: str, sheets: Sequence[SampleSheet], showing: Showing) -> bytes:
    """The closed samples of one threshold with what was found of each record, one sheet a sample."""
    headings = (("序号", 6), ("编号", 7), ("名称", 30), ("号码", 20), ("相关方", 30), ("核查结果", 10), ("说明", 24),
                ("核查日期", 14), ("核查人", 12))  # fmt: skip
    return _book(
        [
            Sheet(
                f"抽查 {line.id}",
                headings,
                [
                    (each.position, each.record_id,
                     showing.person(each.label.title) if each.kind == "experts" else each.label.title,
                     each.label.number, showing.names(each.label.note), label("finding", each.finding), each.note,
                     day_in(showing.zone, each.found_at) if each.found_at else None, showing.person(each.found_by))
                    for each in rows
                ],
                printing=Printing(showing.titled(f"{title}抽查核实表")),
            )
            for line, rows in sheets
        ],
        showing,
    )  # fmt: skip


def gap_book(gaps: Sequence[Gap], titles: Mapping[str, str], showing: Showing) -> bytes:
    """The list of gaps: by record, what is missing and how much it weighs."""
    headings = (("指标", 16), ("编号", 7), ("名称", 34), ("号码", 22), ("类别", 14), ("缺少的材料或不计入的原因", 54))
    rows = [
        (titles[gap.threshold], gap.record_id,
         showing.person(gap.label.title) if gap.kind == "experts" else gap.label.title,
         gap.label.number, label("package_gap", gap.weight), as_printed("\n".join(gap_words(gap))))
        for gap in gaps
    ]  # fmt: skip
    return _book([Sheet("缺项清单", headings, rows, printing=Printing(showing.titled("申报材料缺项清单")))], showing)


def gap_words(gap: Gap, language: str = "zh") -> list[str]:
    """What a gap is, one line a thing."""
    between = "或" if language == "zh" else " or "
    return [
        *(between.join(label("paper_kind", each, language) for each in sorted(group)) for group in gap.papers),
        *(sentence("package_paper_damaged", language, sha256=each[:16]) for each in gap.damaged),
        *(sentence(each.code, language, **each.data) for each in gap.reasons),
    ]


def _book(sheets: Sequence[Sheet], showing: Showing) -> bytes:
    target = BytesIO()
    write_tables(target, sheets, showing.made)
    return target.getvalue()
