"""A changed rule pack is told by the chain, and counts say so until the bureau confirmed its content."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchhub.errors import Conflict, NotAllowed, Refusal
from matchhub.policy import load_pack
from matchhub.services.counting.counts import count_progress, question
from matchhub.services.counting.rule_packs import confirm_pack, give_pack_confirmation, pack_view
from matchhub.services.evidence.auditing import Audit, audit_base
from matchhub.services.kernel.rule_packs import pack_changes
from matchhub.services.kernel.unit import SYSTEM
from tests.policy.editing import PACK, edited_pack
from tests.services.desk_base import Base

SMALLER = ("least_text = ", "least_text = 1")


def is_confirmed(base: Base) -> bool:
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        counted = count_progress(unit, question(unit))
    assert counted.to_json()["policy_confirmed"] is counted.policy_confirmed
    return counted.policy_confirmed


def confirmed(base: Base, who: str = "reviewer", digest: str = "") -> None:
    with base.runtime.unit(base.people[who]) as unit:
        confirm_pack(unit, PACK, digest or unit.pack.digest)


def audited(base: Base) -> Audit:
    with base.runtime.unit(write=False) as unit:
        return audit_base(unit)


def write(base: Base) -> None:
    with base.runtime.unit(base.people["operator"]):
        pass


def test_counts_say_that_the_pack_is_not_confirmed_until_the_bureau_confirmed_it(base: Base) -> None:
    assert not is_confirmed(base)
    confirmed(base)
    assert is_confirmed(base)
    with base.runtime.unit(base.people["auditor"], write=False) as unit:
        view = pack_view(unit, unit.pack)
    assert (view.is_confirmed, view.confirmed_by, view.text.startswith("#")) == (
        True,
        "reviewer（市场监督管理局）",
        True,
    )


def test_a_changed_pack_is_an_entry_of_its_own_and_needs_a_new_confirmation(
    base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = load_pack(PACK).digest
    confirmed(base)
    with edited_pack(monkeypatch, tmp_path, *SMALLER) as after:
        assert not is_confirmed(base)
        found = audited(base)
        assert (found.valid, found.code, found.faults[0].what) == (False, "pack_differs", "pack")
        write(base)
        write(base)
        with base.runtime.unit(write=False) as unit:
            changes = [(each.old, each.new) for each in pack_changes(unit, PACK)]
        assert changes == [(None, before), (before, after)]
        found = audited(base)
        assert (found.valid, [sign["code"] for sign in found.signs]) == (True, ["pack_changed"])
        assert not is_confirmed(base)
        confirmed(base)
        assert is_confirmed(base)
        assert audited(base).signs == ()
    assert is_confirmed(base)  # the old content, which the bureau confirmed at first


def test_what_was_seen_is_what_is_confirmed(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = load_pack(PACK).digest
    with (
        edited_pack(monkeypatch, tmp_path, *SMALLER),
        pytest.raises(Conflict, match="pack_changed_meanwhile"),
    ):
        confirmed(base, digest=seen)


@pytest.mark.parametrize("who", ["operator", "clerk", "auditor", "colleague"])
def test_nobody_but_the_bureau_confirms_it(base: Base, who: str) -> None:
    """The colleague has a reviewer's role, but of the operator's organisation."""
    with pytest.raises(NotAllowed):
        confirmed(base, who)
    with pytest.raises(NotAllowed), base.runtime.unit(SYSTEM) as unit:
        confirm_pack(unit, PACK, unit.pack.digest)


def test_a_person_confirms_with_a_code_only(base: Base) -> None:
    with pytest.raises(Refusal, match="second_factor_off"), base.runtime.unit(base.people["reviewer"]) as unit:
        give_pack_confirmation(unit, PACK, unit.pack.digest, "123456")
    assert not is_confirmed(base)
