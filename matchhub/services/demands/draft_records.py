"""What a draft of a demand keeps, and the record that it would be posted as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from matchhub.db.tables import Enterprise
from matchhub.domain.records import DemandRecord, Source
from matchhub.services.kernel.unit import Unit

KEPT = (
    "title", "text", "object", "aim", "targets", "existing", "technical_field", "cooperation_form", "budget_yuan",
    "budget_negotiable", "contact_name", "contact_phone", "contact_email", "valid_until_on",
)  # fmt: skip


def draft_record(unit: Unit, kept: Mapping[str, Any], authorised_by: str) -> DemandRecord:
    """The draft as a record; what its form left out is filled from the enterprise's own contact data."""
    firm = unit.session.get(Enterprise, unit.actor.enterprise_id) if unit.actor.enterprise_id else None
    values = {each.name: kept.get(each.name) for each in fields(DemandRecord) if each.name in KEPT}
    contact = values["contact_name"] is None and firm is not None
    return DemandRecord(
        source=Source("form", 1),
        title=values["title"],
        text=values["text"],
        object=values["object"],
        aim=values["aim"],
        targets=values["targets"],
        existing=values["existing"],
        technical_field=values["technical_field"],
        cooperation_form=values["cooperation_form"],
        budget_yuan=_yuan(values["budget_yuan"]),
        budget_negotiable=bool(values["budget_negotiable"]),
        contact_name=firm.contact_name if contact and firm else values["contact_name"],
        contact_phone=firm.contact_phone if contact and firm else values["contact_phone"],
        contact_email=firm.contact_email if contact and firm else values["contact_email"],
        posted_on=unit.today,
        valid_until_on=_day(values["valid_until_on"]),
        authorised_on=unit.today if authorised_by else None,
        authorised_by=authorised_by or None,
    )


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _yuan(value: object) -> Decimal | None:
    try:
        return Decimal(str(value)) if value else None
    except InvalidOperation:
        return None
