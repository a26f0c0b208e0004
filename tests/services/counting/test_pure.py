"""A count is a function of the record and the date alone: screen, recount and export agree after every act (P14)."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Confirmation, Deal, Enterprise, EvidenceFile, ImportBatch, Merge
from matchhub.domain.records import CategoryClaim
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.claim.ledger import ledger_rows
from matchhub.services.counting import counts
from matchhub.services.counting.counts import Question, count_progress, question
from matchhub.services.counting.shares import count_checked
from matchhub.services.deals.payments import pay
from matchhub.services.deals.steps import take_step
from matchhub.services.evidence.auditing import audit_base
from matchhub.services.evidence.confirmations import confirm, withdraw_confirmation
from matchhub.services.evidence.files import store_evidence, withdraw_evidence
from matchhub.services.imports.merging import merge_records, unmerge_records
from matchhub.services.imports.undoing import undo_batch
from matchhub.services.kernel.unit import Unit
from tests.machine import cases
from tests.services.counting.test_counts import THRESHOLDS, fill
from tests.services.desk_base import Base, deal, demand, firm, number, patent

STEPS = cases(8, 50)
ASKED = cases(2, 8)  # past days and past answers after each step; all of them at the end
Numbers = dict[str, tuple[int, int]]


class History:
    """One base taken through random acts; what was asked once is asked again for ever after."""

    def __init__(self, base: Base, seed: int) -> None:
        self.base, self.chance, self.serial = base, random.Random(seed), 10
        self.told: dict[tuple[date, datetime], Numbers] = {}

    def run(self) -> None:
        fill(self.base)
        acts: list[Callable[[], None]] = [
            self.add, self.again, self.undo, self.merge, self.split, self.prove, self.disprove, self.word, self.expire,
        ]  # fmt: skip
        for _ in range(STEPS):
            self.base.later(self.chance.randint(1, 40))
            with suppress(Conflict, NotFound, Refusal):
                self.chance.choice(acts)()
            self.check(ASKED)
        self.check(len(self.told))

    def check(self, most: int) -> None:
        """Past days by screen, by recount and by export; answers of the past as they were given."""
        base = self.base
        past = self.chance.sample(sorted(self.told), min(most, len(self.told)))
        with base.runtime.unit(base.people["reviewer"], write=False) as unit:
            for day in {key[0] for key in past} | {unit.today, unit.pack.window.to_on}:
                asked = question(unit, day)
                screen = {key: both(count_checked(unit, asked).threshold(key).count) for key in THRESHOLDS}
                assert exported(unit, asked) == screen
                assert recounted(unit, asked) == screen
            for day, known_at in past:
                assert numbers(unit, question(unit, day, known_at)) == self.told[day, known_at], (day, known_at)
            self.told[unit.today, unit.now] = numbers(unit, question(unit, unit.today, unit.now))

    def add(self) -> None:
        self.serial += 1
        of = self.chance.randint(1, 3)
        choices: list[tuple[Any, Any]] = [
            ("patents", patent(self.serial)),
            ("enterprises", firm(of)),
            ("demands", demand(self.serial, of, text=f"第{self.serial}条需求的原文，各不相同。")),
            ("deals", deal(self.serial, application_numbers=(number(1),))),
        ]
        kind, record = self.chance.choice(choices)
        self.base.take(kind, record)

    def again(self) -> None:
        """A row that was there comes again, and says something else."""
        claim = CategoryClaim("tech_sme", f"KJ{self.serial}", None, date(2023, 5, 1), date(2024, 6, 1))
        more: dict[str, Any] = self.chance.choice([{}, {"address": f"陈埭镇{self.serial}号"}, {"categories": (claim,)}])
        self.base.take("enterprises", firm(self.chance.randint(1, 3), **more))
        self.base.take("patents", patent(2, title=self.chance.choice([None, "一种防滑鞋底"])))

    def undo(self) -> None:
        undone = self.any_id(ImportBatch)
        with self.unit("operator") as unit:
            undo_batch(unit, undone, "试验")

    def merge(self) -> None:
        kept, merged = self.any_id(Enterprise), self.any_id(Enterprise)
        with self.unit("operator") as unit:
            merge_records(unit, "enterprises", kept, merged)

    def split(self) -> None:
        undone = self.any_id(Merge)
        with self.unit("operator") as unit:
            unmerge_records(unit, undone)

    def prove(self) -> None:
        self.serial += 1
        of = self.any_id(Deal)
        with self.unit("clerk") as unit:
            proof = store_evidence(unit, "deals", of, "payment_proof", "回单.pdf", f"paid {self.serial}".encode())
            pay(unit, of, unit.today, Decimal(10), f"V{self.serial}", proof)
            take_step(unit, of, "registered", unit.today, f"变更{self.serial}")

    def disprove(self) -> None:
        proof = self.any_id(EvidenceFile)
        with self.unit("operator") as unit:
            withdraw_evidence(unit, proof, "试验")

    def word(self) -> None:
        who = self.chance.choice(["operator", "reviewer"])
        if self.chance.random() < 0.3:
            given = self.any_id(Confirmation)
            with self.unit(who) as unit:
                withdraw_confirmation(unit, given, "试验")
            return
        of, decision = self.any_id(Deal), self.chance.choice(["confirmed", "confirmed", "rejected"])
        with self.unit(who) as unit:
            confirm(unit, "deals", of, decision, "核对", second_factor=True)

    def expire(self) -> None:
        self.base.later(self.chance.randint(100, 300))

    def any_id(self, table: Any) -> int:
        with self.unit("operator", write=False) as unit:
            known = list(unit.session.execute(select(table.id)).scalars())
        if not known:
            raise NotFound()
        return int(self.chance.choice(known))

    def unit(self, who: str, write: bool = True) -> Any:
        return self.base.runtime.unit(self.base.people[who], write=write)


def both(count: Any) -> tuple[int, int]:
    return count.literal, count.strict


def numbers(unit: Unit, asked: Question) -> Numbers:
    counted = count_progress(unit, asked)
    return {key: both(counted.threshold(key).count) for key in THRESHOLDS}


def recounted(unit: Unit, asked: Question) -> Numbers:
    """As if nothing had ever been kept; what is kept stays, so that the next look shows whether it grew old."""
    kept = dict(counts._kept)
    counts._kept.clear()
    found = numbers(unit, asked)
    counts._kept.clear()
    counts._kept.update(kept)
    return found


def exported(unit: Unit, asked: Question) -> Numbers:
    """Distinct units of the rows that an export writes."""
    found: Numbers = {}
    for key in THRESHOLDS:
        rows = ledger_rows(unit, key, asked)
        found[key] = len({row.unit for row in rows if row.literal}), len({row.unit for row in rows if row.strict})
    return found


@pytest.mark.parametrize("seed", range(cases(2, 2000)))
def test_screen_recount_and_export_agree_at_every_step_and_for_every_past_day(base: Base, seed: int) -> None:
    History(base, seed).run()
    with base.runtime.unit(write=False) as unit:
        assert audit_base(unit).valid
