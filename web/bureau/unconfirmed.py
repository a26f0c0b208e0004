"""What waits for the reader's own word: deals, licences and records behind awards to be confirmed."""

from __future__ import annotations

from typing import Any

from flask import url_for

from matchhub.services.evidence.confirmations import MONEY
from matchhub.services.worklists.unconfirmed import list_unconfirmed
from web.bureau import blueprint
from web.gate import act
from web.language import word
from web.listing import Column, Filter, Listing, ask, show
from web.units import reading

UNCONFIRMED = Listing(
    "unconfirmed",
    ("待确认的记录", "Records to confirm"),
    (
        Column("title", ("记录", "Record"), lambda row: row.title or row.number or f"#{row.id}", 40, sorts=False),
        Column("kind", ("种类", "Kind"), lambda row: word("kind", row.kind), 14),
        Column("id", ("编号", "No."), lambda row: row.id, 8),
        Column("number", ("号码", "Number"), lambda row: row.number, 24, sorts=False),
        Column("note", ("涉及单位", "Whom it concerns"), lambda row: row.note, 40, sorts=False),
        Column("since", ("日期", "Since"), lambda row: row.since, 12),
        Column("days", ("已等天数", "Days"), lambda row: row.days, 10, sorts=False),
        Column("mended", ("否决后已修改", "Changed after a rejection"), lambda row: row.mended, 12, sorts=False),
    ),
    (Filter("kind", ("种类", "Kind"), "choice", lambda: [(kind, word("kind", kind)) for kind in MONEY]),),
    lambda row: url_for("bureau.record", kind=row.kind, record_id=row.id, _anchor="confirm"),
    "record.confirm",
)


@blueprint.get("/unconfirmed")
@act("record.confirm")
def unconfirmed() -> Any:
    """Records that wait for a word of one's own side, the oldest first."""
    asked = ask(UNCONFIRMED)
    with reading() as unit:
        page = list_unconfirmed(unit, asked.sought, asked.value("kind"))
    return show("bureau/unconfirmed.html", asked, page)
