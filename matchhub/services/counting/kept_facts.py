"""Facts of deals as text and back, so that they are kept beside the verdicts on them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from matchhub.domain.counting import facts
from matchhub.domain.counting.facts import DealFacts

_PLAIN: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "Decimal": Decimal,
}
_CLASSES: dict[str, Any] = {name: found for name, found in vars(facts).items() if is_dataclass(found)}


def kept_texts(deals: Iterable[DealFacts]) -> dict[int, str]:
    """Each deal's facts as text, by deal."""
    return {int(each.record_id): _said(each) for each in deals}


def deal_of_text(text: str) -> DealFacts:
    """The facts that ``kept_texts`` wrote, equal to what was given."""
    found: DealFacts = _heard(text)
    return found


def _tagged(value: Any) -> dict[str, Any]:
    """What JSON has no word for, with the name of its class."""
    name = type(value).__name__
    if name in _CLASSES:
        return {"~": name, "v": {each.name: getattr(value, each.name) for each in fields(value)}}
    return {"~": name, "v": str(value) if isinstance(value, Decimal) else value.isoformat()}


def _meant(found: dict[str, Any]) -> Any:
    if "~" not in found:
        return found
    name, value = found["~"], found["v"]
    if name in _PLAIN:
        return _PLAIN[name](value)
    return _CLASSES[name](**{key: tuple(each) if isinstance(each, list) else each for key, each in value.items()})


_said = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_tagged).encode
_heard = json.JSONDecoder(object_hook=_meant).decode
