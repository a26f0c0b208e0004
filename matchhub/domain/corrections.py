"""What a person corrects about one table of a file before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TableCorrection:
    """A person's correction of one table: whether it is read, its 1-based header row, header as written -> field.

    ``file`` is the file's name, ``archive/member`` inside a zip file; ``sheet`` is "" where a file is one table. A
    header mapped to "" is ignored.
    """

    file: str
    sheet: str = ""
    read: bool = True
    header_line: int | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
