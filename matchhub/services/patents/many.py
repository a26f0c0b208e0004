"""One act on many chosen patents: what can be done is done by the verb of the single one, what cannot is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from matchhub.errors import Refusal


@dataclass(frozen=True, slots=True)
class Line:
    """One chosen patent; ``refusal`` says why the act cannot be done with it, ``None`` that it can."""

    patent_id: int
    number: str
    title: str
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an act on many did: patents with the number of what was recorded, and those refused."""

    done: tuple[tuple[int, int], ...]
    refused: tuple[Line, ...]


def record_each(lines: Sequence[Line], act: Callable[[Line], int]) -> Recorded:
    """Do the act with each line that is not refused. The verb of the single one refuses before it writes, so a patent
    that it refuses after all is named and leaves nothing half; any other error ends the unit and with it all."""
    done: list[tuple[int, int]] = []
    refused: list[Line] = []
    for line in lines:
        if line.refusal is not None:
            refused.append(line)
            continue
        try:
            done.append((line.patent_id, act(line)))
        except Refusal as refusal:
            refused.append(replace(line, refusal=refusal))
    return Recorded(tuple(done), tuple(refused))
