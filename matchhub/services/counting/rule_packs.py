"""The bureau's word on the rule pack that counts: on its content, by digest, so that a changed pack needs a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from matchhub.db.tables import Organisation
from matchhub.domain.organisations import BUREAU
from matchhub.domain.rules import RulePack
from matchhub.errors import Conflict, NotAllowed
from matchhub.policy import PackInvalid, check_pack, load_pack, pack_keys, pack_text
from matchhub.services.accounts.names import account_names
from matchhub.services.accounts.second_factor import spend_code
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.rule_packs import CONFIRMED, SUBJECT, PackChange, pack_changes, pack_confirmation
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class PackView:
    """A pack with its file's text, how it changed here, and since when and by whom it is confirmed, if it is."""

    pack: RulePack
    text: str
    changes: tuple[PackChange, ...]
    confirmed_at: datetime | None
    confirmed_by: str

    @property
    def is_confirmed(self) -> bool:
        """Whether the bureau confirmed this very content."""
        return self.confirmed_at is not None


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack that can be asked: key, titles, whether it is the headline here and confirmed; ``fault`` keeps it out."""

    key: str
    title_zh: str
    title_en: str
    document: str
    is_headline: bool
    is_confirmed: bool
    fault: PackInvalid | None


def pack_lines(unit: Unit) -> tuple[PackLine, ...]:
    """The packs of this installation and those that ship, by key."""
    unit.require("pack.read")
    return tuple(_line(unit, key) for key in pack_keys(unit.home))


def _line(unit: Unit, key: str) -> PackLine:
    headline = key == unit.pack.key
    try:
        pack = load_pack(key, unit.home)
    except PackInvalid as fault:
        return PackLine(key, "", "", "", headline, False, fault)
    confirmed = pack_is_confirmed(unit, pack)
    return PackLine(key, pack.title_zh, pack.title_en, pack.document, headline, confirmed, None)


def pack_view(unit: Unit, pack: RulePack) -> PackView:
    """What the page of a pack shows."""
    unit.require("pack.read")
    found = pack_confirmation(unit, pack.digest)
    names = account_names(unit, [found[1]] if found else [])
    by = names.get(found[1], "") if found else ""
    changes = tuple(pack_changes(unit, pack.key))
    return PackView(pack, pack_text(pack.key, unit.home), changes, found[0] if found else None, by)


def faults_in(path: Path) -> tuple[PackInvalid, ...]:
    """Every fault of the pack in a file or folder, one per table at a time; none when it is valid."""
    return check_pack(path)


def pack_is_confirmed(unit: Unit, pack: RulePack) -> bool:
    """Whether the bureau confirmed the pack's content."""
    return pack_confirmation(unit, pack.digest) is not None


def give_pack_confirmation(unit: Unit, policy: str, digest: str, code: str) -> None:
    """``confirm_pack`` for a person at a page, proven by the current one-time code of that person.

    Call within ``second_factor.proving``. Raises ``SecondFactorRefused`` besides what ``confirm_pack`` raises.
    """
    unit.require("pack.confirm")
    spend_code(unit, code)
    confirm_pack(unit, policy, digest)


def confirm_pack(unit: Unit, policy: str, digest: str) -> None:
    """Record the bureau's word on the content of the pack ``policy`` that has this SHA-256.

    Whoever calls this has checked a code. Raises ``NotAllowed`` for who does not act for the bureau, and
    ``Conflict("pack_changed_meanwhile")`` when the pack is no longer the one that was seen.
    """
    unit.require("pack.confirm")
    actor = unit.actor
    if actor.account_id is None or actor.organisation_id is None:
        raise NotAllowed(role=actor.role)  # the system has no word of its own
    if unit.session.get_one(Organisation, actor.organisation_id).kind != BUREAU:
        raise NotAllowed(role=actor.role)
    if load_pack(policy, unit.home).digest != digest:
        raise Conflict("pack_changed_meanwhile")
    if pack_confirmation(unit, digest) is None:
        append_event(unit, CONFIRMED, SUBJECT, policy=policy, digest=digest, account=actor.account_id)
