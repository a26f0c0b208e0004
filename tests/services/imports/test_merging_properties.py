"""Random sequences of merging, taking back, importing, undoing and editing end where they began (PROMISES.md P14)."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.base import Base as Tables
from matchhub.db.tables import Enterprise, ImportBatch, Merge
from matchhub.domain.records import CategoryClaim
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.counting.counts import count_atoms, question
from matchhub.services.evidence.auditing import audit_base
from matchhub.services.imports.merging import merge_records, unmerge_records
from matchhub.services.imports.undoing import undo_batch
from matchhub.services.kernel.runtime import open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import SYSTEM
from matchhub.services.parties.locality import decide_local_by_hand
from tests.machine import cases
from tests.services.desk_base import STAFF, START, Base, _people, code, demand, firm
from tests.services.staff import open_account
from tests.web.installation import PASSWORD, Clock

FIRMS = 5
STEPS = 9
DAY = date(2023, 1, 1)


class Sequence:
    """One installation taken through random acts; every act that was not refused can be taken back again."""

    def __init__(self, base: Base, seed: int) -> None:
        self.base, self.chance, self.serial = base, random.Random(seed), 0
        self.local: dict[int, bool] = {}

    def run(self) -> None:
        acts: list[Callable[[], object]] = [self.merge, self.merge, self.unmerge, self.take_in, self.undo, self.edit]
        for _ in range(STEPS):
            self.base.later()
            self._attempt(self.chance.choice(acts))

    def take_everything_back(self) -> None:
        """In whatever order is allowed, until nothing is left; some order always is."""
        while left := self._standing():
            done = [act for act in left if self._later(act)]
            assert done, "what stands holds itself up in a circle"

    def _later(self, act: Callable[[], object]) -> bool:
        self.base.later()
        return self._attempt(act)

    def _standing(self) -> list[Callable[[], object]]:
        with self.base.runtime.unit(write=False) as unit:
            merges = list(unit.session.execute(select(Merge.id).where(Merge.undone_at.is_(None))).scalars())
            done = select(Tables.metadata.tables["batch_undos"].c.batch_id)
            batches = select(ImportBatch.id).where(ImportBatch.id > 1, ImportBatch.id.not_in(done))
            imports = list(unit.session.execute(batches).scalars())
        acts: list[Callable[[], object]] = [partial(self._unmerge, key) for key in merges]
        acts += [partial(self._undo, key) for key in imports]
        self.chance.shuffle(acts)
        return acts

    def _attempt(self, act: Callable[[], object]) -> bool:
        """Whether the act was done; one that is refused must have changed nothing."""
        before = state(self.base)
        try:
            act()
        except (Conflict, NotFound, Refusal):
            assert state(self.base) == before
            return False
        return True

    def merge(self) -> None:
        kept, merged = self.chance.sample(self._ids(), 2)
        before = state(self.base)
        with self._unit() as unit:
            number = merge_records(unit, "enterprises", kept, merged)
        if self.chance.random() < 0.3:  # taken back at once, all is exactly as it was
            self.base.later()
            self._unmerge(number)
            assert state(self.base) == before

    def unmerge(self) -> None:
        with self.base.runtime.unit(write=False) as unit:
            known = list(unit.session.execute(select(Merge.id)).scalars())
        if known:
            self._unmerge(self.chance.choice(known))

    def take_in(self) -> None:
        """A row that fills a gap, brings a category, or a demand; or a firm the base does not know."""
        self.serial += 1
        at = self.chance.randint(1, FIRMS + 1)
        record: Any
        if self.chance.random() < 0.4:
            record = demand(1000 + self.serial, text=f"第{self.serial}条需求的原文,各不相同。", **named(at))
            self.base.take("demands", record)
            return
        claim = CategoryClaim("tech_sme", f"KJ{self.serial}", None, DAY, date(2026, 1, 1))
        more: dict[str, Any] = self.chance.choice(
            [{"address": f"陈埭镇{self.serial}号"}, {"categories": (claim,)}, {"uscc": code(at)}]
        )
        self.base.take("enterprises", firm(at, **{"uscc": None, "categories": (), **more}))

    def undo(self) -> None:
        with self.base.runtime.unit(write=False) as unit:
            known = list(unit.session.execute(select(ImportBatch.id).where(ImportBatch.id > 1)).scalars())
        if known:
            self._undo(self.chance.choice(known))

    def edit(self) -> None:
        chosen, local = self.chance.randint(1, FIRMS), self.chance.random() < 0.5
        with self._unit() as unit:
            decide_local_by_hand(unit, chosen, local, "现场核对")
        self.local[chosen] = local

    def _ids(self) -> list[int]:
        with self.base.runtime.unit(write=False) as unit:
            return list(unit.session.execute(select(Enterprise.id).order_by(Enterprise.id)).scalars())

    def _unmerge(self, merge_id: int) -> None:
        with self._unit() as unit:
            unmerge_records(unit, merge_id)

    def _undo(self, batch_id: int) -> None:
        with self._unit() as unit:
            undo_batch(unit, batch_id, "试验")

    def _unit(self) -> Any:
        return self.base.runtime.unit(self.base.people["operator"])


def named(at: int) -> dict[str, Any]:
    return {"enterprise_name": firm(at).name, "enterprise_uscc": None}


def state(base: Base) -> dict[str, Any]:
    """What stands, without what only says when: firms, their categories, whose each demand is, and every verdict."""
    names = ("id", "name", "uscc", "address", "contact_name", "local", "local_decided_by")
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        tables = Tables.metadata.tables

        def rows(name: str, *columns: str, alive: str = "withdrawn_at") -> list[tuple[Any, ...]]:
            table = tables[name]
            stands = table.c[alive].is_(None) if alive == "withdrawn_at" else table.c.state != "withdrawn"
            chosen = select(*(table.c[each] for each in columns)).where(stands)
            return sorted((tuple(row) for row in unit.session.execute(chosen)), key=repr)

        atoms = count_atoms(unit, replace(question(unit), as_of=date(2024, 12, 31)))
        return {
            "firms": rows("enterprises", *names),
            "categories": rows("enterprise_categories", "enterprise_id", "category", "certificate_number"),
            "demands": rows("demands", "title", "enterprise_id", alive="state"),
            "verdicts": {
                name: sorted((str(atom.record_id), atom.literal, atom.strict) for atom in found if atom.literal)
                for name, found in atoms.items()
            },
        }


def with_edits(began: dict[str, Any], local: dict[int, bool]) -> list[tuple[Any, ...]]:
    """The firms as they began, with what was decided by hand since: that is no part of any merge or file."""
    decided = [(*row[:5], local[row[0]], "hand") if row[0] in local else row for row in began["firms"]]
    return sorted(decided, key=repr)


@pytest.fixture
def firms(base: Base) -> Base:
    """Some firms with a category each, of which two have no code."""
    base.take("enterprises", *(firm(at, **({"uscc": None} if at > 3 else {})) for at in range(1, FIRMS + 1)))
    return base


@pytest.fixture
def postgres_firms(tmp_path: Path, postgres_url: str) -> Iterator[Base]:
    runtime, _ = open_runtime(Settings(tmp_path, postgres_url, "a key for tests only"))
    clock = Clock(START)
    runtime.clock = clock
    with runtime.unit(SYSTEM) as unit:
        for login, (role, organisation, kind) in STAFF.items():
            open_account(unit, login, role, organisation, kind, PASSWORD)
    made = Base(runtime, clock, _people(runtime))
    made.take("enterprises", *(firm(at, **({"uscc": None} if at > 3 else {})) for at in range(1, FIRMS + 1)))
    yield made
    runtime.close()


def check(base: Base, seeds: range) -> None:
    local: dict[int, bool] = {}
    began = state(base)
    for seed in seeds:
        sequence = Sequence(base, seed)
        sequence.run()
        sequence.take_everything_back()
        local |= sequence.local
        ended = state(base)
        assert ended["firms"] == with_edits(began, local), seed
        assert {name: ended[name] for name in ("categories", "demands")} == {
            name: began[name] for name in ("categories", "demands")
        }, seed
        assert ended["verdicts"]["enterprises"] == began["verdicts"]["enterprises"], seed
    with base.runtime.unit(write=False) as unit:  # nothing of all this may look like tampering (P26)
        found = audit_base(unit)
    assert (found.valid, found.faults) == (True, ())


@pytest.mark.parametrize("part", range(cases(2, 25)))
def test_random_sequences_taken_back_leave_the_base_as_it_was(firms: Base, part: int) -> None:
    check(firms, range(40 * part, 40 * part + cases(10, 40)))


@pytest.mark.parametrize("part", range(cases(1, 25)))
def test_so_they_do_on_postgres(postgres_firms: Base, part: int) -> None:
    check(postgres_firms, range(5000 + 40 * part, 5000 + 40 * part + cases(6, 40)))


def test_batches_taken_back_in_either_order_leave_nothing_and_hold_nobody(firms: Base) -> None:
    sequence, began = Sequence(firms, 0), state(firms)["firms"]
    for first in (True, False):
        firms.take("enterprises", firm(2, address="陈埭镇1号", categories=()))
        firms.later()
        firms.take("enterprises", firm(2, address="陈埭镇2号", categories=()))
        left = sequence._standing()
        keys = sorted(act.args[0] for act in left)  # type: ignore[attr-defined]
        for key in keys if first else reversed(keys):
            firms.later()
            sequence._undo(key)
        assert state(firms)["firms"] == began
    firms.take("enterprises", firm(6, uscc=None, categories=()))
    for later in (firm(6, categories=()), demand(1, **named(6))):
        firms.later()
        firms.take("demands" if later.__class__.__name__ == "DemandRecord" else "enterprises", later)
        firms.later()
        sequence._undo(max(act.args[0] for act in sequence._standing()))  # type: ignore[attr-defined]
    firms.later()
    sequence._undo(min(act.args[0] for act in sequence._standing()))  # type: ignore[attr-defined]
    assert state(firms)["firms"] == began


def test_of_two_crosswise_merges_at_once_one_is_done(postgres_firms: Base) -> None:
    base = postgres_firms
    outcomes: list[str] = []

    def decide(kept: int, merged: int) -> None:
        try:
            with base.runtime.unit(base.people["operator"]) as unit:
                merge_records(unit, "enterprises", kept, merged)
            outcomes.append("done")
        except NotFound as refused:
            outcomes.append(refused.code)

    threads = [threading.Thread(target=decide, args=pair) for pair in ((1, 2), (2, 1)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", *["record_not_found"] * 7]
    with base.runtime.unit(write=False) as unit:
        alive = select(Enterprise.id).where(Enterprise.id.in_((1, 2)), Enterprise.withdrawn_at.is_(None))
        assert len(unit.session.execute(alive).all()) == 1
