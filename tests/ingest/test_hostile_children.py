"""A process that reads files and was taken over by one can send neither code, nor records of its own making, nor
without end: what it sends is a refusal of the file."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from ingest import isolation, reader_process
from ingest.from_children import packed
from ingest.reader_process import rows_from_reader_process
from ingest.reading import open_file, read_rows
from ingest.row_batches import pack_rows
from matchhub.errors import FileRefused
from tests.ingest.tables_on_disk import PATENT_HEADER, PATENT_ROW, write_csv, write_xlsx

NAMES = (
    "code", "code in a message", "a length beyond all", "depth", "another shape", "a number for a title",
    "a list for a day", "a day that is none", "a word that is none of the type", "a claim with a field more",
    "a refusal that is none", "a refusal with a record in it", "rows without end",
)  # fmt: skip
SAYS = "import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write(open({!r}, 'rb').read())"


class Code:
    """An object whose pickle runs a command where it is opened."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.mark),)


def framed(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content


def batch_with(tmp_path: Path, at: int, value: object) -> bytes:
    """An honest batch of one row with another value at one place of its record."""
    row = next(read_rows(write_csv(tmp_path / "甲.csv", [PATENT_HEADER, PATENT_ROW]), "patents").rows)
    batch = json.loads(pack_rows([row], "patents", [])[4:])
    batch[3][0][3][at] = value
    return packed(batch)


def hostile(tmp_path: Path) -> dict[str, bytes]:
    return {
        "code": pickle.dumps(Code(tmp_path / "ran")),
        "code in a message": framed(pickle.dumps(Code(tmp_path / "ran"))),
        "a length beyond all": b"\xff" * 5,
        "depth": framed(b"[" * 1_000_000),
        "another shape": packed(["甲.csv", "", [], 3, []]),
        "a number for a title": batch_with(tmp_path, 2, 7),
        "a list for a day": batch_with(tmp_path, 11, ["2020-01-01"]),
        "a day that is none": batch_with(tmp_path, 11, "2020-02-31"),
        "a word that is none of the type": batch_with(tmp_path, 5, "gold"),
        "a claim with a field more": batch_with(tmp_path, 15, ["in_force", "", "", None, "more"]),
        "a refusal that is none": packed({"code": "../x", "data": {}}),
        "a refusal with a record in it": packed({"code": "file_damaged", "data": {"file": {"a": 1}}}),
        "rows without end": batch_with(tmp_path, 2, "题") * 200_000,
    }


@pytest.mark.parametrize("name", NAMES)
def test_what_a_taken_over_reader_sends_is_a_refusal(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sent").write_bytes(hostile(tmp_path)[name])

    def start(*_: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", SAYS.format(str(tmp_path / "sent"))]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdin is not None
        process.stdin.close()
        return process

    monkeypatch.setattr(reader_process, "MIN_ROWS", 1)
    monkeypatch.setattr(reader_process, "_usable_cores", lambda: 2)
    monkeypatch.setattr(reader_process, "_start", start)
    read = read_rows(write_csv(tmp_path / "乙.csv", [PATENT_HEADER, PATENT_ROW]), "patents")
    with pytest.raises(FileRefused) as refused:
        for _ in rows_from_reader_process(read):
            pass
    assert refused.value.code == "file_damaged"
    assert not (tmp_path / "ran").exists()


PARSERS = {
    "a spool file elsewhere": "print(json.dumps([TABLE | {'spool': '/etc/passwd'}]))",
    "a spool file that leads elsewhere": "os.symlink('/etc/passwd', FOLDER + '/0.jsonl'); print(json.dumps([TABLE]))",
    "cells that are no text": "open(FOLDER + '/0.jsonl', 'w').write('[1, [{\"a\": 1}], []]'); print(json.dumps([TABLE]))",
    "no tables": "print('{\"spool\": 1}')",
    "a refusal that is none": "print('{\"code\": 1}'); sys.exit(3)",
}
PARSER = """
import json, os, sys
FOLDER = sys.argv[4]
TABLE = dict(spool="0.jsonl", format="xlsx", sheet="", encoding="", header=None, date_1904=False, hidden=False,
             hidden_rows=0, row_count=1)
"""


@pytest.mark.parametrize("name", PARSERS)
def test_what_a_taken_over_parser_sends_is_a_refusal(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "ingest"
    place.mkdir()
    (place / "__init__.py").touch()
    (place / "parser_process.py").write_text(PARSER + PARSERS[name], "utf-8")
    monkeypatch.setattr(isolation, "child_environment", lambda: os.environ | {"PYTHONPATH": str(tmp_path)})
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileRefused) as refused:
        for table in open_file(write_xlsx(tmp_path / "a.xlsx", 表=[PATENT_HEADER, PATENT_ROW])).tables:
            list(table.rows())
    assert refused.value.code == "file_damaged"
