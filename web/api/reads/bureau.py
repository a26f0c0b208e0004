"""What the bureau looks at: single records, evidence, the log, checkpoints."""

from __future__ import annotations

from datetime import date

from matchhub.services.deals.brokers import agencies_of_deal
from matchhub.services.evidence import auditing
from matchhub.services.evidence.files import read_evidence
from matchhub.services.kernel.checkpoints import Checkpoint, read_checkpoints
from matchhub.services.kernel.paging import Page, Sought
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.industries import IndustryView, industry_view
from matchhub.services.records.audit import LogFilter, LogLine, list_log
from matchhub.services.records.origins import Origin, field_origins
from matchhub.services.records.page import RecordView, record_view
from matchhub.services.worklists.bureau_desk import Desk, bureau_desk
from matchhub.services.worklists.evidence import Comparison, list_repetitions
from matchhub.services.worklists.unconfirmed import Unconfirmed, list_unconfirmed
from web.api.operations import File, Room
from web.units import runtime

_records, _counts = Room("records"), Room("counts")
ROOMS = (_records, _counts)


@_records.get("/records/<kind>/<int:record_id>", "record.read", "bureau.record")
def record(unit: Unit, kind: str, record_id: int) -> RecordView:
    """One record with its evidence, events, words, source and revisions."""
    return record_view(unit, kind, record_id)


@_records.get("/records/<kind>/<int:record_id>/origins", "record.read", "intake.origins")
def origins(unit: Unit, kind: str, record_id: int) -> tuple[Origin, ...]:
    """Each field of a record with its file, row, batch, moment and person."""
    return field_origins(unit, kind, record_id)


@_records.get("/deals/<int:deal_id>/agencies", "record.read")
def deal_agencies(unit: Unit, deal_id: int) -> tuple[str, ...]:
    """Agencies that brought a deal about."""
    record_view(unit, "deals", deal_id)
    return agencies_of_deal(unit, deal_id)


@_records.get("/offers/<int:offer_id>/industry", "record.read")
def offer_industry(unit: Unit, offer_id: int) -> IndustryView:
    """The industry of an offer: what was typed, what its classes serve, what the bureau said."""
    return industry_view(unit, offer_id)


@_records.get("/evidence/<int:evidence_id>", "evidence.read", "bureau.evidence")
def evidence(unit: Unit, evidence_id: int) -> File:
    """The bytes of one evidence file, checked against the hash it was stored under."""
    name, content = read_evidence(unit, evidence_id)
    return File(name or "evidence", content)


@_records.get("/evidence/alike", "evidence.read", "bureau.similar_evidence")
def alike(unit: Unit, decided: bool = False) -> tuple[Comparison, ...]:
    """Files of two records that seem to be one paper; those that wait, or those decided."""
    return tuple(list_repetitions(unit, decided, Sought(whole=True)).items)


@_records.get("/unconfirmed", "record.confirm")
def unconfirmed(unit: Unit, sought: Sought) -> Page[Unconfirmed]:
    """Records that wait for the account's own word."""
    return list_unconfirmed(unit, sought.page)


@_records.get("/bureau", "progress.read")
def awaiting(unit: Unit) -> Desk:
    """What waits for the bureau."""
    return bureau_desk(unit)


@_counts.get("/log", "log.read", "bureau.log")
def log(
    unit: Unit, sought: Sought, verb: str = "", kind: str = "", q: str = "", who: str = "", since: date | None = None,
    until: date | None = None,
) -> Page[LogLine]:  # fmt: skip
    """Who did what when, the newest first."""
    return list_log(unit, LogFilter(verb, kind, q, who, since, until), sought)


@_counts.get("/log/check", "log.read", "bureau.check_log")
def audit(unit: Unit) -> auditing.Audit:
    """Compare the chain, the rows it binds and the evidence files, and name what differs."""
    return auditing.audit_base(unit, read_checkpoints(runtime().settings.checkpoints))


@_counts.get("/checkpoints", "checkpoint.read", "bureau.checkpoints")
def checkpoints(unit: Unit) -> list[Checkpoint]:
    """Checkpoints of the log, the newest first."""
    unit.require("checkpoint.read")
    return read_checkpoints(runtime().settings.checkpoints)[::-1]
