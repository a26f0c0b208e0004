"""A tiny base in which everything meets everything: few values, so that numbers, names, papers and parties collide.

Rows are written straight into the tables that counts read, by whatever value fits the column, so that no rule is
needed to know what an act would write: only foreign keys of rows that stand are left alone, as every act does but
merging.
"""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from matchhub.db.base import Base
from matchhub.db.types import UtcDateTime, Yuan
from matchhub.errors import Conflict
from matchhub.services.counting.some import READS
from matchhub.services.kernel.bound import BOUND
from matchhub.services.kernel.runtime import Runtime
from tests.services.desk_base import code, number

BEGAN = datetime(2024, 3, 4, 2, 0, tzinfo=UTC)
NAMES = ["晋水理工学院", "恒步鞋业", "远帆伞业", "兴达拉链"]
KINDS = ["patents", "enterprises", "experts", "agencies", "demands", "pushes", "deals", "offers", "licences"]
DAYS = [date(2024, 1, 2), date(2024, 3, 10), date(2024, 3, 12), date(2024, 6, 1), date(2025, 2, 1), date(2027, 1, 1)]
CODES = [code(1), code(2), code(3), code(4)]
POOLS: dict[str, list[Any]] = {
    "application_number": [None, number(1), number(2), number(3), "201"],
    "publication_number": [None, "CN100000001A", "CN100000001B", "CN100000002A"],
    "title": ["鞋底", "伞骨", ""],
    "uscc": [None, *CODES],
    "licensee_uscc": [None, *CODES],
    **dict.fromkeys(("name", "name_key", "organisation", "holder_name", "licensor_name", "licensee_name"), NAMES),
    "left_key": [*NAMES, *CODES],
    "right_key": [*NAMES, *CODES],
    "relation": ["shareholder", "legal_representative", "same_party", "declared"],
    "legal_representative": [None, "张三", "李四", "王五"],
    "contact_phone": [None, "13800000001", "13800000002"],
    "address": [None, "陈埭镇1号", "陈埭镇2号", "陈埭镇3号"],
    "certificate_number": [None, "GR1", "GR2", "gr 1"],
    "licence_number": [None, "L1", "L2"],
    "category": ["high_tech_enterprise", "tech_sme"],
    "local": [True, True, False, None],
    "local_decided_by": ["division", "hand"],
    "validity": ["in_force", "dead", "pending"],
    "deal_type": ["transfer", "contribution", "exclusive_licence", "open_licence"],
    "event": ["TR01", "EE01", "signed", "cancelled"],
    "contract_number": [None, "JJ-1", "JJ-2", "jj-1"],
    "role": ["seller", "buyer"],
    "channel": ["smtp", "inbox", "file"],
    "outcome": ["delivered", "delivered", "failed"],
    "regime": ["pilot", "cnipa", None],
    "fee_method": ["fixed", "free"],
    "proof": [None, "V1", "V2", "回单V1"],
    "payment_proof": [None, "V1", "V2"],
    "purpose": ["contract", "payment_proof", "register_proof", "notice"],
    "sha256": ["1" * 64, "2" * 64, "3" * 64, "4" * 64],
    "paper_kind": [None, "contract"],
    "media_type": ["application/pdf"],
    "text": ["鞋底打滑,湿态摩擦系数低于0.5", "鞋底打滑,湿态摩擦系数低于0.6", "伞骨易折"],
    "state": ["submitted", "withdrawn", "reconfirmed", "planned", "active", "gone"],
    "model": ["tfidf:1", "other:2"],
    "score": [0.1, 0.5, 0.9],
    "withdrawn_at": [None, None, BEGAN + timedelta(days=3)],
    "damaged_at": [None, None, BEGAN],
    "undone_at": [None],
    "disabled_at": [None],
    "scheme": ["ipc", "locarno"],
    "fields": [{"owners": ["晋水理工学院"]}, {"legal_representative": "张三", "contact_phone": "13800000001"},
               {"reached_on": "2024-03-12", "address": "陈埭镇1号"}],
    "ipc": [["A43B 13/22"], []],
    "service_types": [["patent"], []],
    "kind": KINDS,
    "subject_kind": ["deals", "licences", "demands", "offers", "patents"],
    "royalty_percent": [None, Decimal(5)],
}  # fmt: skip
POOL_OF: dict[tuple[str, str], list[Any]] = {
    ("similar_pairs", "kind"): ["enterprises", "experts", "agencies"],
    ("sourced_values", "kind"): ["experts", "agencies"],
    ("sourced_values", "field"): ["title", "uscc"],
    ("sourced_values", "value"): ["鞋底", CODES[0]],
    ("batch_sources", "kind"): ["register", "bulletin", "list"],
    ("organisations", "kind"): ["enterprise", "operator", "bureau"],
    ("accounts", "role"): ["enterprise", "operator", "reviewer"],
    ("confirmations", "role"): ["operator", "reviewer"],
    ("confirmations", "decision"): ["confirmed", "confirmed", "rejected"],
    ("similar_pairs", "decision"): [None, None, "same", "different"],
    ("evidence_repetitions", "decision"): [None, "same", "different"],
    ("demands", "duplicate_decision"): [None, "same", "different"],
    ("platform_events", "event"): ["view", "contact", "interest"],
    ("patent_holders", "role"): ["applicant", "owner"],
}
# Written by acts of their own, whose meaning a random row would not have; ``test_kept`` takes these ways itself.
LEFT_OUT = {"merges", "merge_moves", "batch_undos"}
TABLES = sorted(set().union(*READS.values()) - LEFT_OUT)


class DenseBase:
    """Random rows, changed at random."""

    def __init__(self, runtime: Runtime, seed: int) -> None:
        self.runtime, self.chance, self._serial = runtime, random.Random(seed), count(1)
        self._classes: dict[str, Any] = {each.class_.__tablename__: each.class_ for each in Base.registry.mappers}
        self._add_batches()
        with runtime.unit() as unit:
            for table in Base.metadata.sorted_tables:
                for _ in range((8 if table.name in KINDS else 5) if table.name in TABLES else 0):
                    with suppress(IntegrityError), unit.session.begin_nested():
                        unit.session.add(self._made(unit, table.name))

    def step(self) -> str:
        """One change that the tables allow; says what it was."""
        while True:
            name = self.chance.choice(TABLES)
            done = self._add(name) if self.chance.random() < 0.35 else self._change(name)
            if done:
                return done

    def _add_batches(self) -> None:
        with self.runtime.unit() as unit:
            for _ in range(3):
                unit.session.add(self._classes["import_batches"](kind="patents", files=[], started_at=BEGAN))

    def _add(self, name: str) -> str:
        return f"added to {name}" if self._attempt(lambda unit: unit.session.add(self._made(unit, name))) else ""

    def _made(self, unit: Any, name: str) -> Any:
        made = self._classes[name]()
        for column in Base.metadata.tables[name].columns:
            if column.name != "id":
                setattr(made, column.name, self._value(unit, name, column))
        return made

    def _change(self, name: str) -> str:
        table = Base.metadata.tables[name]
        fixed = {"id", "recorded_at", "record_id", "subject_id", "subject_kind", "kind", "left_id", "right_id"}
        fixed -= {"kind"} if name in ("organisations", "batch_sources") else set()
        columns = [each for each in table.columns if not each.foreign_keys and each.name not in fixed]
        if not columns:
            return ""
        column = self.chance.choice(columns)

        def change(unit: Any) -> None:
            row = unit.session.get_one(self._classes[name], self._some(unit, name))
            setattr(row, column.name, self._value(unit, name, column))

        return f"changed {name}.{column.name}" if self._attempt(change) else ""

    def _attempt(self, act: Any) -> bool:
        try:
            with self.runtime.unit() as unit:
                act(unit)
        except Conflict:
            return False
        return True

    def _some(self, unit: Any, name: str) -> int | None:
        found = list(unit.session.execute(sa.select(Base.metadata.tables[name].c.id)).scalars())
        return self.chance.choice(found) if found else None

    def _value(self, unit: Any, name: str, column: sa.Column[Any]) -> Any:
        pool = POOL_OF.get((name, column.name)) or POOLS.get(column.name)
        if pool and not (column.unique and column.name not in POOLS):
            return self.chance.choice([each for each in pool if each is not None or column.nullable] or [""])
        if column.foreign_keys:
            return self._reference(unit, column)
        if column.name in ("record_id", "subject_id", "left_id", "right_id"):
            return self.chance.randint(1, 8)
        return self._plain(column)

    def _reference(self, unit: Any, column: sa.Column[Any]) -> int | None:
        target = next(iter(column.foreign_keys)).column.table.name
        if target not in BOUND and target != "import_batches":
            return None
        return None if column.nullable and self.chance.random() < 0.3 else self._some(unit, target)

    def _plain(self, column: sa.Column[Any]) -> Any:
        kind = column.type
        if isinstance(kind, UtcDateTime):
            return BEGAN + timedelta(days=self.chance.randint(0, 9), hours=self.chance.randint(0, 9))
        if isinstance(kind, Yuan) or (isinstance(kind, sa.Numeric) and not isinstance(kind, sa.Float)):
            return Decimal(self.chance.choice([0, 1000, 80000]))
        if isinstance(kind, sa.Boolean):
            return self.chance.random() < 0.5
        if isinstance(kind, sa.Date):
            return self.chance.choice(DAYS)
        if isinstance(kind, sa.JSON):
            return []
        if isinstance(kind, sa.Float):
            return self.chance.random()
        if isinstance(kind, sa.Integer):
            return self.chance.randint(0, 3)
        if isinstance(kind, sa.LargeBinary):
            return b"x"
        return (
            f"{column.name[:10]}{next(self._serial)}" if column.name.endswith(("key", "hash", "login", "_id")) else "值"
        )
