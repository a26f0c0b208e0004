"""What the lists of imports can be sorted, narrowed and taken along by (docs/lists.md)."""

from __future__ import annotations

from flask import url_for

from matchhub.domain.records import KINDS
from web.display import moment
from web.language import say, word
from web.listing import Column, Filter, Listing

SUMS = (
    ("read", ("读取", "Read")),
    ("created", ("新增", "Created")),
    ("updated", ("更新", "Updated")),
    ("unchanged", ("无变化", "Unchanged")),
    ("refused", ("拒绝", "Refused")),
    ("review", ("待核对", "Held")),
)
BATCHES = Listing(
    "batches",
    ("批次", "Batches"),
    (
        Column("id", ("批次", "Batch"), lambda row: row.id, 8),
        Column("kind", ("种类", "Kind"), lambda row: word("kind", row.kind), 12),
        Column("files", ("文件", "Files"), lambda row: "、".join(each.name for each in row.files), 40, sorts=False),
        Column("source", ("来源", "Source"), lambda row: row.source_name, 24, sorts=False),
        Column("at", ("时间", "When"), lambda row: moment(row.started_at), 18),
        Column("account", ("导入人", "By"), lambda row: row.account, 16, sorts=False),
        *(Column(key, said, lambda row, key=key: row.sums[key], 9, sorts=False) for key, said in SUMS),  # type: ignore[misc]
    ),
    (Filter("kind", ("种类", "Kind"), "choice", lambda: [(key, word("kind", key)) for key in KINDS]),),
    lambda row: url_for("operator.batch", batch_id=row.id),
)

PAIRS = Listing(
    "similar-records",
    ("相似记录", "Similar records"),
    (
        Column("left", ("一条", "One"), lambda row: row.left_name, 36, sorts=False),
        Column("right", ("另一条", "The other"), lambda row: row.right_name, 36, sorts=False),
        Column("ratio", ("相似度", "Likeness"), lambda row: round(row.ratio), 9),
        Column("reasons", ("理由", "Reasons"),
               lambda row: "；".join(say(code) for code in row.reasons), 40, sorts=False),
        Column("found", ("发现时间", "Found"), lambda row: moment(row.found_at), 18),
        Column("decision", ("判定", "Decision"),
               lambda row: word("pair_decision", row.decision) if row.decision else "", 12),
        Column("by", ("判定人", "By"), lambda row: row.decided_by, 16, sorts=False),
    ),
    (Filter("batch", ("批次", "Batch"), "number"),),
    lambda row: url_for("intake.pair", pair_id=row.id),
)  # fmt: skip
