"""Parses risky formats in a process of their own, with limits on memory, processor time and disk.

A hostile or broken file may hang a parser, exhaust memory or abort the process. Here it then costs only the parser
process (``ingest.parser_process``), and this one refuses the file. The parser process writes each table to a spool
file, so rows become available only when the whole file has been parsed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ingest.from_children import NotPlain, plain, refusal_of, texts
from ingest.scratch import ScratchFolder
from ingest.tables import NumberCell, RawRow, Table
from matchhub.errors import FileRefused
from matchhub.process_limits import REFUSED, child_environment, limits_for, was_stopped

_SPOOL = re.compile(r"[0-9]{1,6}\.jsonl")
_PDF_FACTOR = 6  # its cells must be put together from single lines
_WALL_FACTOR = 6  # a busy machine may give a process a sixth of its time


def open_isolated(path: Path, name: str, format: str) -> list[Table]:
    """Tables of a file, parsed by a parser process.

    ``name`` is the file's name as people know it. Raises ``FileRefused``: the parser's own refusal,
    ``file_too_costly`` when it reached a limit, ``file_damaged`` when it failed in any other way.
    """
    seconds, memory = limits_for(path.stat().st_size)
    seconds *= _PDF_FACTOR if format == "pdf" else 1
    scratch = ScratchFolder()
    limits = [str(memory), str(seconds)]
    command = [sys.executable, "-m", "ingest.parser_process", str(path), name, format, str(scratch.path), *limits]
    try:
        ended = subprocess.run(
            command, env=child_environment(), capture_output=True, timeout=seconds * _WALL_FACTOR, check=False
        )
    except subprocess.TimeoutExpired as fault:
        raise FileRefused("file_too_costly", file=name) from fault
    try:
        if ended.returncode == REFUSED:
            raise refusal_of(plain(ended.stdout), name)
        if ended.returncode:
            raise FileRefused("file_too_costly" if was_stopped(ended.returncode) else "file_damaged", file=name)
        return [_spooled_table(described, name, scratch) for described in plain(ended.stdout)]
    except (NotPlain, KeyError, TypeError, ValueError) as fault:  # a process that was taken over sends what it likes
        raise FileRefused("file_damaged", file=name) from fault


def _spooled_table(described: dict[str, object], name: str, scratch: ScratchFolder) -> Table:
    if not _SPOOL.fullmatch(str(described["spool"])):
        raise NotPlain("a spool file elsewhere")
    spool = scratch.path / str(described["spool"])
    header = described["header"]
    if spool.is_symlink():
        raise NotPlain("a spool file elsewhere")
    return Table(
        file=name,
        rows=scratch.keep_for(partial(_spooled_rows, spool, name)),
        format=str(described["format"]),
        sheet=str(described["sheet"]),
        encoding=str(described["encoding"]),
        row_count=int(str(described["row_count"])),
        header=None if header is None else tuple(texts(header)),
        date_1904=bool(described["date_1904"]),
        hidden=bool(described["hidden"]),
        hidden_rows=int(str(described["hidden_rows"])),
    )


def _spooled_rows(spool: Path, name: str) -> Iterator[RawRow]:
    with spool.open("rb") as stream:
        for written in stream:
            yield _spooled_row(written, name)


def _spooled_row(written: bytes, name: str) -> RawRow:
    try:
        line, cells, numbers = json.loads(written)
        row = [*texts(cells)]
        for index in numbers:
            row[index] = NumberCell(row[index])
    except (ValueError, TypeError, IndexError, RecursionError) as fault:
        raise FileRefused("file_damaged", file=name) from fault
    return RawRow(int(line), tuple(row))
