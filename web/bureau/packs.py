"""Rule packs side by side: which there are, and what one base counts under two of them."""

from __future__ import annotations

from flask import render_template

from matchhub.errors import SettingInvalid
from matchhub.services.counting.comparing import MOST, SideBySide, compare_packs
from matchhub.services.counting.counts import question
from matchhub.services.counting.rule_packs import pack_lines
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import Label, label_records
from web.bureau import blueprint
from web.bureau.asking import Asking, asked
from web.gate import act
from web.language import say_refusal
from web.paging import asked_text
from web.units import reading


@blueprint.get("/packs")
@act("progress.read")
def packs() -> str:
    """The packs that can be asked, and two of them compared on the base as of a day."""
    first, second = asked_text("a"), asked_text("b")
    found: tuple[SideBySide, ...] = ()
    labels: dict[tuple[str, int], Label] = {}
    fault = ""
    with reading() as unit:
        asking = asked(unit)
        lines = pack_lines(unit)
        try:
            if first and second:
                found = _compared(unit, asking, first, second)
                labels = _labels(unit, found)
        except SettingInvalid as refused:
            fault = say_refusal(refused)
    usual = next((each.key for each in lines if each.key != asking.question.pack.key), asking.question.pack.key)
    return render_template(
        "bureau/packs.html",
        lines=lines,
        asking=asking,
        first=first or asking.question.pack.key,
        second=second or usual,
        found=found,
        labels=labels,
        fault=fault,
        most=MOST,
    )


def _compared(unit: Unit, asking: Asking, first: str, second: str) -> tuple[SideBySide, ...]:
    day, known_at = asking.question.as_of, asking.question.known_at
    return compare_packs(unit, question(unit, day, known_at, first), question(unit, day, known_at, second))


def _labels(unit: Unit, found: tuple[SideBySide, ...]) -> dict[tuple[str, int], Label]:
    return {
        (side.kind, key): label
        for side in found
        for key, label in label_records(unit, side.kind, [int(each.record_id) for each in side.differing]).items()
        if side.differing
    }
