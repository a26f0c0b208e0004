"""What a confirmation is bound to: the countable content of a record and its evidence, as plain values with a digest.

The content is read from tables that hang on the record and from nothing else, so whatever changes it touches a row
that leads back to the record (``subjects_of``). Of personal data (PIPL) it holds only whether there are any.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, select

from matchhub.db.base import Base
from matchhub.services.kernel.bound import PERSONAL
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.revisions import parts, to_json
from matchhub.services.kernel.unit import Unit

Content = dict[str, Any]

# Columns of a record's own row that say nothing of it: keys made from other columns, who wrote it when, remarks, and
# words that others gave on it (each of those is a record of its own).
_ASIDE = {
    "id", "recorded_at", "recorded_by", "batch_id", "source_line", "updated_at", "demo", "withdrawn_at",
    "withdrawn_reason", "identity_key", "contract_key", "register_key", "text_key", "name_key", "person_key",
    "unique_key", "message_id", "token_hash", "note", "affiliation_overruled_by", "affiliation_overruled_reason",
    "duplicate_of_id", "duplicate_score", "duplicate_decision", "claimed_until_at", "attempts", "opened_at", "state",
}  # fmt: skip
# Stages that prove nothing: negotiations, and that a patent was put into use.
_UNCOUNTED_EVENTS = ("interested", "negotiating", "implemented")
# Table of parts: its column of the record, the name in the content, the columns that make one line of it.
_PARTS: Mapping[str, tuple[tuple[str, str, str, tuple[str, ...]], ...]] = {
    "deals": (
        ("deal_parties", "deal_id", "parties", ("role", "name", "uscc", "enterprise_id")),
        ("deal_patents", "deal_id", "patents", ("patent_id",)),
        ("deal_events", "deal_id", "events", ("event", "occurred_on", "number", "evidence_id")),
        ("deal_payments", "deal_id", "payments", ("paid_on", "amount_yuan", "proof", "evidence_id")),
    ),
    "offers": (("offer_declarations", "offer_id", "declarations", ("organisation_id",)),),
    "enterprises": (
        (
            "enterprise_categories",
            "enterprise_id",
            "categories",
            ("category", "certificate_number", "official_list", "valid_from_on", "valid_to_on"),
        ),
    ),
}
# What a licence takes from the declaration it accepts: its fee and its period. That the holder ends it later does not
# touch what was reached before.
_DECLARATION = ("regime", "declared_on", "fee_method", "fee_yuan", "valid_from_on", "valid_to_on")
_PAPER = ("purpose", "paper_kind", "issuer", "number", "issued_on", "sha256")
_LONG = 400
_NAMES = frozenset({"authorised_by", "legal_representative"})  # of persons: whether they changed is enough


def content_of(unit: Unit, kind: str, record_id: int) -> Content:
    """The countable content of one record as JSON values; ``{}`` for one that is not there."""
    return contents_of(unit, kind, [record_id]).get(record_id, {})


def contents_of(unit: Unit, kind: str, ids: Iterable[int]) -> dict[int, Content]:
    """The countable content of several records of a kind, by record: as many statements for one as for many."""
    wanted, found = sorted(set(ids)), dict[int, Content]()
    for part in parts(wanted):
        found |= _contents(unit, kind, part)
    return found


def _contents(unit: Unit, kind: str, ids: Sequence[int]) -> dict[int, Content]:
    table = RECORD_TABLES[kind].__table__
    rows = {row["id"]: row for row in unit.session.execute(select(table).where(table.c.id.in_(ids))).mappings()}
    named = _NAMES | ({"name"} if kind == "experts" else frozenset())
    found: dict[int, Content] = {}
    for key, row in rows.items():
        content = {
            name: _hidden(key, value) if name in named else _plain(name, value)
            for name, value in row.items()
            if name not in _ASIDE
        }
        found[key] = {**content, "withdrawn": row.get("withdrawn_at") is not None}
    for part, key_column, name, columns in _PARTS.get(kind, ()):
        lines = _lines(unit, Base.metadata.tables[part], key_column, rows, columns)
        for key, content in found.items():
            content[name] = lines[key]
    if kind == "licences":
        offers = {row["offer_id"] for row in rows.values() if row["offer_id"] is not None}
        declared = _lines(unit, Base.metadata.tables["offers"], "id", offers, _DECLARATION)
        for key, content in found.items():
            content["declaration"] = declared[rows[key]["offer_id"]]
    papers = _papers(unit, kind, rows)
    for key, content in found.items():
        content["evidence"] = papers[key]
    return found


def digest_of(content: Content) -> str:
    """SHA-256, hex, over the content in its one written form."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _lines(
    unit: Unit, table: Table, key: str, ids: Iterable[int], columns: tuple[str, ...]
) -> defaultdict[int, list[list[Any]]]:
    """The standing rows of a table of parts by record, in an order of their own so that it never matters who came
    first."""
    chosen = select(table.c[key].label("of"), *(table.c[name] for name in columns)).where(table.c[key].in_(sorted(ids)))
    if "withdrawn_at" in table.c:
        chosen = chosen.where(table.c.withdrawn_at.is_(None))
    if table.name == "deal_events":
        chosen = chosen.where(table.c.event.not_in(_UNCOUNTED_EVENTS))
    found: defaultdict[int, list[list[Any]]] = defaultdict(list)
    for of, *row in unit.session.execute(chosen):
        found[of].append([_plain(name, value) for name, value in zip(columns, row, strict=True)])
    return _ordered(found)


def _papers(unit: Unit, kind: str, ids: Iterable[int]) -> defaultdict[int, list[list[Any]]]:
    files = Base.metadata.tables["evidence_files"]
    chosen = select(files.c.subject_id, *(files.c[name] for name in _PAPER), files.c.damaged_at).where(
        files.c.subject_kind == kind, files.c.subject_id.in_(sorted(ids)), files.c.withdrawn_at.is_(None)
    )
    found: defaultdict[int, list[list[Any]]] = defaultdict(list)
    for of, *row in unit.session.execute(chosen):
        found[of].append([*map(to_json, row[:-1]), row[-1] is not None])
    return _ordered(found)


def _ordered(found: defaultdict[int, list[list[Any]]]) -> defaultdict[int, list[list[Any]]]:
    for lines in found.values():
        lines.sort(key=lambda line: json.dumps(line, ensure_ascii=False))
    return found


def _hidden(record_id: int, name: str | None) -> str | None:
    """A person's name as the content keeps it: enough to see that it is another one."""
    return hashlib.sha256(f"{record_id}|{name}".encode()).hexdigest()[:16] if name else None


def _plain(name: str, value: Any) -> Any:
    """A value as the content keeps it: of personal data whether there are any, of long texts the beginning."""
    if name in PERSONAL:
        return bool(value)
    if isinstance(value, str) and len(value) > _LONG:
        return f"{value[:_LONG]}… ({hashlib.sha256(value.encode()).hexdigest()[:16]})"
    return to_json(value)


def changes_between(before: Content, after: Content) -> list[dict[str, Any]]:
    """What differs, by field: ``{"field", "before", "after"}``; of lists only the lines that went and came."""
    found = []
    for name in sorted({*before, *after}):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if isinstance(was, list) and isinstance(now, list):
            was, now = [line for line in was if line not in now], [line for line in now if line not in was]
        found.append({"field": name, "before": was, "after": now})
    return found


# Table whose rows make the content of a record -> kind of that record and the column that names it.
_LEADS: Mapping[str, tuple[str, str]] = {
    **{table.__tablename__: (kind, "id") for kind, table in RECORD_TABLES.items()},
    **{part: (kind, key) for kind, several in _PARTS.items() for part, key, _, _ in several},
}


def subjects_of(unit: Unit, table_name: str, ids: Iterable[int]) -> dict[str, set[int]]:
    """The records whose content is made of these rows, by kind."""
    found: dict[str, set[int]] = defaultdict(set)
    wanted = sorted(ids)
    if table_name == "evidence_files":
        files = Base.metadata.tables[table_name]
        for part in parts(wanted):
            chosen = select(files.c.subject_kind, files.c.subject_id).where(files.c.id.in_(part))
            for kind, record_id in unit.session.execute(chosen):
                found[kind].add(record_id)
        return found
    if table_name not in _LEADS:
        return found
    kind, key = _LEADS[table_name]
    if key == "id":
        found[kind].update(wanted)
        if kind == "offers":
            found["licences"].update(_licences_under(unit, wanted))
        return found
    table = Base.metadata.tables[table_name]
    for part in parts(wanted):
        found[kind].update(unit.session.execute(select(table.c[key]).where(table.c.id.in_(part))).scalars())
    return found


def _licences_under(unit: Unit, offers: list[int]) -> set[int]:
    licences = Base.metadata.tables["licences"]
    found: set[int] = set()
    for part in parts(offers):
        found |= set(unit.session.execute(select(licences.c.id).where(licences.c.offer_id.in_(part))).scalars())
    return found
