"""What the samples of a number and the records of one sample can be sorted, narrowed and taken along by."""

from __future__ import annotations

from flask import url_for

from matchhub.services.records.samples import SampledRow, SampleLine
from web.display import moment
from web.language import t, word
from web.listing import Column, Filter, Listing

_FINDINGS = ("confirmed", "wrong", "not_found")

SAMPLES = Listing(
    "samples",
    ("抽样检查", "Samples"),
    (
        Column("id", ("抽样编号", "Sample"), lambda row: row.id, 10),
        Column("drawn", ("抽样时间", "Drawn"), lambda row: moment(row.drawn_at), 18),
        Column("by", ("抽样人", "By"), lambda row: row.drawn_by, 20),
        Column("size", ("抽取条数", "Drawn records"), lambda row: row.size, 10),
        Column("population", ("计入条数", "Counted records"), lambda row: row.population, 10),
        Column("looked", ("已核条数", "Looked at"), lambda row: row.share.looked, 10),
        Column("right", ("属实条数", "Confirmed"), lambda row: row.share.right, 10),
        Column("closed", ("结束时间", "Closed"), lambda row: moment(row.closed_at) if row.closed_at else "", 18),
        Column("note", ("结论", "Conclusion"), lambda row: row.closing_note, 40, sorts=False),
        Column("seed", ("种子", "Seed"), lambda row: row.seed, 66, sorts=False, extra=True),
    ),
    (
        Filter("q", ("抽样人、结论", "Person, conclusion"), of=lambda row: f"{row.drawn_by}\n{row.closing_note}"),
        Filter("state", ("状态", "State"), "choice", lambda: _states(), lambda row: _state(row)),
    ),
    lambda row: url_for("bureau.sampled", sample_id=row.id),
    "sample.read",
)


def _states() -> list[tuple[str, str]]:
    return [("open", t("进行中", "open")), ("closed", t("已结束", "closed"))]


def _state(row: SampleLine) -> str:
    return "closed" if row.closed_at else "open"


def source_word(source: str) -> str:
    """What a source of a stratum is called."""
    own = {"": "by_hand", "own_list": "own_list", "*": "others"}
    return word("sample_source", own[source]) if source in own else source


SAMPLED = Listing(
    "sampled",
    ("抽中的记录", "Records drawn"),
    (
        Column("position", ("序号", "Place"), lambda row: row.position, 8),
        Column("record", ("编号", "Record"), lambda row: row.record_id, 9),
        Column("title", ("名称", "Title"), lambda row: row.label.title, 44),
        Column("number", ("号码", "Number"), lambda row: row.label.number, 22),
        Column("source", ("来源", "Source"), lambda row: source_word(row.source), 18),
        Column("person", ("录入人", "Entered by"), lambda row: row.person, 16),
        Column("finding", ("核查结果", "Finding"), lambda row: _found(row), 12),
        Column("note", ("说明", "Note"), lambda row: row.note, 40, sorts=False),
        Column("found", ("核查时间", "Looked at"), lambda row: moment(row.found_at) if row.found_at else "", 18),
        Column("found_by", ("核查人", "By"), lambda row: row.found_by, 16),
        Column(
            "changed", ("抽中后改动", "Changed since"), lambda row: moment(row.changed_at) if row.changed_at else "", 18
        ),
    ),
    (
        Filter("q", ("名称、号码、说明", "Name, number, note")),
        Filter("finding", ("核查结果", "Finding"), "choice", lambda: _findings(), lambda row: row.finding or "open"),
    ),
    lambda row: url_for("bureau.record", kind=row.kind, record_id=row.record_id),
    "sample.read",
    lambda row: row.position,
)


def _findings() -> list[tuple[str, str]]:
    return [("open", t("未核", "not looked at")), *((each, word("finding", each)) for each in _FINDINGS)]


def _found(row: SampledRow) -> str:
    return word("finding", row.finding) if row.finding else t("未核", "not looked at")
