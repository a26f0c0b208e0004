"""What the pairs of a plan of pushes can be sorted, narrowed and taken along by (docs/lists.md)."""

from __future__ import annotations

from typing import Any

from flask import url_for

from matchhub.services.worklists.push_drafts import BANDS, STATES, DraftView, PairRow
from matchhub.wording import codes as known_codes
from web.display import moment
from web.language import headline, say, t, word
from web.listing import Column, Filter, Listing
from web.paging import asked_text


def pairs_listing(draft: DraftView) -> Listing:
    """The list of one plan: its filters offer the trades and the reasons that stand in it."""
    codes = [(code, f"{headline(code)}{t('（%s）', ' (%s)') % number}") for code, number in draft.codes.items()]
    wanted = asked_text("code")
    if wanted in known_codes() and wanted not in draft.codes:  # of a sentence that nothing is kept out by any more
        codes.append((wanted, headline(wanted)))

    def link(row: PairRow) -> str:
        return url_for("operator.push_letter", draft_id=draft.line.id, pair_id=row.id)

    return Listing(
        "push-draft",
        ("推送计划", "Draft of pushes"),
        COLUMNS,
        (
            Filter("q", ("企业或专利名称", "Enterprise or patent")),
            Filter("trade", ("行业", "Trade"), "choice", lambda: [(each, each) for each in draft.trades]),
            Filter(
                "band", ("匹配档次", "Band"), "choice", lambda: [(each, word("match_band", each)) for each in BANDS]
            ),
            Filter("code", ("未入选原因", "Reason against it"), "choice", lambda: codes),
            Filter("state", ("状态", "State"), "hidden", lambda: [(each, word("pair_state", each)) for each in STATES]),
        ),
        link,
        "push.draft",
    )


def _told(reasons: tuple[dict[str, Any], ...]) -> str:
    return "；".join(f"{each['demand_text']} → {each['patent_text']} {each['weight']:+.3f}" for each in reasons)


COLUMNS = (
    Column("place", ("序号", "Place"), lambda row: row.place, 8),
    Column("state", ("状态", "State"), lambda row: word("pair_state", row.state), 12),
    Column("firm", ("企业", "Enterprise"), lambda row: row.enterprise, 32),
    Column("trade", ("行业", "Trade"), lambda row: row.trade, 18),
    Column("demand", ("需求", "Demand"), lambda row: row.demand, 36, sorts=False),
    Column("number", ("专利号", "Patent"), lambda row: row.number, 20, sorts=False),
    Column("title", ("专利名称", "Title"), lambda row: row.title, 40),
    Column("score", ("匹配度", "Score"), lambda row: round(row.score, 4), 10),
    Column("floor", ("下限", "Floor"), lambda row: row.floor, 8),
    Column("band", ("档次", "Band"), lambda row: word("match_band", row.band), 10, sorts=False),
    Column("due", ("推送日期", "Day"), lambda row: row.due_on, 12),
    Column("code", ("未入选原因代码", "Code against it"), lambda row: row.code, 24, extra=True),
    Column("why", ("未入选原因", "Reason against it"), lambda row: say(row.code, **row.data) if row.code else "", 50,
           sorts=False),
    Column("reasons", ("匹配理由", "Reasons"), lambda row: _told(row.reasons), 50, sorts=False),
    Column("warnings", ("提示", "Warnings"), lambda row: "\n".join(map(say, row.warnings)), 40, sorts=False),
    Column("note", ("人工处理原因", "Reason by hand"), lambda row: row.note, 40, sorts=False),
    Column("by", ("处理人", "By"), lambda row: row.decided_by, 14, sorts=False),
    Column("decided", ("处理时间", "At"), lambda row: moment(row.decided_at) if row.decided_at else "", 18),
)  # fmt: skip
