"""Rows of technology demands (技术需求) to records."""

from __future__ import annotations

from ingest.cells import Cells
from matchhub.domain import identifiers
from matchhub.domain.records import DemandRecord, Row


def read_demand(cells: Cells) -> Row:
    """Record or refusal of one demand; a demand without firm is held for review, one without words is refused."""
    title, text = cells.text("title"), cells.text("text")
    cells.expect(title or text, "text", "demand_text_missing")
    name, uscc = cells.text("enterprise_name"), cells.uscc("enterprise_uscc")
    if not name and not uscc and not cells.raw("enterprise_uscc"):
        cells.add_problem("enterprise_name", "demand_enterprise_missing", severity="review")
    contact_email, written_name = cells.emails("contact_email")
    record = DemandRecord(
        source=cells.source,
        title=title,
        text=text,
        object=cells.text("object"),
        aim=cells.text("aim"),
        targets=cells.text("targets"),
        existing=cells.text("existing"),
        enterprise_name=name,
        enterprise_uscc=uscc,
        technical_field=cells.text("technical_field"),
        ipc=identifiers.parse_ipc(cells.text("ipc") or ""),
        cooperation_form=cells.text("cooperation_form"),
        budget_yuan=cells.money("budget"),
        budget_negotiable=cells.negotiable("budget"),
        contact_name=cells.text("contact_name") or written_name,
        contact_phone=cells.text("contact_phone"),
        contact_email=contact_email,
        posted_on=cells.day("posted_on"),
        valid_until_on=cells.period("valid_until_on")[1],
        authorised_on=cells.day("authorised_on"),
        authorised_by=cells.text("authorised_by"),
    )
    return cells.row(record)
