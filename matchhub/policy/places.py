"""On which line of a TOML file a field stands: ``tomllib`` gives values without their places."""

from __future__ import annotations

import re
from collections import defaultdict

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|[A-Za-z0-9_-]+))*)\s*=(.*)""", re.S)
_TEXT = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')
_AT_LINE = re.compile(r"\(at line (\d+),")


def lines_of(text: str) -> dict[str, int]:
    """Line of each table and field, by path (``goals[0].thresholds[2].unit``); lists may run over several lines."""
    found: dict[str, int] = {}
    counted: defaultdict[str, int] = defaultdict(int)
    table, depth, long_text = "", 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if long_text:
            if long_text in line:
                long_text = ""
            continue
        if depth <= 0 and (header := _HEADER.fullmatch(line)):
            table = _table(header[2], header[1] == "[[", counted)
            found.setdefault(table, number)
            continue
        said = line
        if depth <= 0 and (field := _KEY.match(line)):
            path = ".".join(part.strip().strip("\"'") for part in field[1].split("."))
            found.setdefault(f"{table}.{path}".strip("."), number)
            said, depth = field[2], 0
            for mark in ('"""', "'''"):
                if said.count(mark) == 1:
                    long_text = mark
        bare = _TEXT.sub("", said)
        depth += bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")
    return found


def _table(written: str, is_array: bool, counted: defaultdict[str, int]) -> str:
    """The path of a header: every array of tables in it with the number of the table that is open."""
    path = ""
    names = [part.strip().strip("\"'") for part in written.split(".")]
    for at, name in enumerate(names):
        path = f"{path}.{name}".strip(".")
        if is_array and at == len(names) - 1:
            counted[path] += 1
        if counted[path]:
            path = f"{path}[{counted[path] - 1}]"
    return path


def line_of(where: str, lines: dict[str, int]) -> int:
    """Line of a place, else of the nearest table or field around it; 1 when none is written."""
    while where:
        if where in lines:
            return lines[where]
        where = where.rpartition(".")[0] if not where.endswith("]") else where.rpartition("[")[0]
    return 1


def line_said(fault: str) -> int:
    """The line that ``tomllib`` names in what it says; 1 when it names none."""
    found = _AT_LINE.search(fault)
    return int(found[1]) if found else 1
