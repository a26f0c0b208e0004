"""``matchhub compare``: two states of the base, and which records differ and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from matchhub.cli.console import installation, json_option, language, show
from matchhub.cli.counting import Day, moment_of
from matchhub.services.claim.compared import WAYS, Compared, Difference, compare_states
from matchhub.services.counting.counts import question
from matchhub.wording import headline, label, sentence


@click.command()
@click.option("--as-of", "days", type=Day(), multiple=True, help="events up to this day; twice: of A, then of B")
@click.option("--known-at", "moments", metavar="MOMENT", multiple=True, help="what had been recorded by then; as above")
@click.option("--policy", "policies", multiple=True, help="key of a rule pack; as above")
@click.option("--threshold", default="", help="name the records of this number only")
@json_option
def compare(
    days: tuple[date, ...], moments: tuple[str, ...], policies: tuple[str, ...], threshold: str, as_json: bool
) -> None:
    """Two states of the base: by day, moment of knowledge or pack; records that came, left or changed, with why.

    What is given once holds for both; what is not given is today, everything recorded, the pack in force.
    """
    sides = [_two("--as-of", days), _two("--known-at", moments), _two("--policy", policies)]
    with installation() as runtime, runtime.unit(write=False) as unit:
        first, second = (
            question(unit, day, moment_of(unit, moment), policy) for day, moment, policy in zip(*sides, strict=True)
        )
        found = compare_states(unit, first, second)
    named = [each for each in found.differences if threshold in ("", each.threshold)]
    show(_told(found, named), as_json, "\n".join([*_table(found), *map(_line, named)]))


def _two(option: str, given: Sequence[Any]) -> tuple[Any, Any]:
    """The values of A and B."""
    if len(given) > 2:
        raise click.BadParameter(sentence("compare_two_at_most", language()), param_hint=option)
    return (given[0], given[-1]) if given else (None, None)


def _told(found: Compared, named: Sequence[Difference]) -> dict[str, object]:
    def state(asked: Any) -> dict[str, object]:
        known = asked.known_at.isoformat() if asked.known_at else None
        return {"as_of": asked.as_of.isoformat(), "known_at": known, "policy": asked.pack.key}

    thresholds = [
        {"key": each.key, "a": each.first.count.strict if each.first else None,
         "b": each.second.count.strict if each.second else None,
         **{way: found.number(each.key, way) for way in WAYS}}
        for each in found.sides
    ]  # fmt: skip
    return {"a": state(found.first), "b": state(found.second), "thresholds": thresholds,
            "records": [each.to_json() for each in named]}  # fmt: skip


def _table(found: Compared) -> list[str]:
    lines = [f"{'':<24}{'A':>9}{'B':>9}{'left':>9}{'came':>9}{'changed':>9}"]
    for each in found.sides:
        counts = [str(part.count.strict) if part else "—" for part in (each.first, each.second)]
        numbers = [*counts, *(str(found.number(each.key, way)) for way in WAYS)]
        lines.append(f"{each.key:<24}" + "".join(f"{number:>9}" for number in numbers))
    return lines


def _line(each: Difference) -> str:
    way = label("change_way", each.way, language())
    reasons = "; ".join([f"+ {headline(code, language())}" for code in each.risen]
                        + [f"- {headline(code, language())}" for code in each.fallen])  # fmt: skip
    behind = f"  #{each.entry.id} {label('deed', each.entry.verb, language())}" if each.entry else ""
    return f"{each.threshold} {each.kind} {each.record} {each.label.title}  {way}  {reasons}{behind}"


COMMANDS = (compare,)
