"""Access log and JSON lines: enough to trace a request, nothing of persons or of what they looked for."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from matchhub.operation.logs import AccessLog, JsonLines, forget_logs, request_number

AT = datetime(2026, 3, 1, 1, 2, 3, tzinfo=UTC)


def test_every_day_has_a_file_that_its_owner_alone_reads(tmp_path: Path) -> None:
    log = AccessLog(tmp_path)
    log.write(AT, {"status": 200})
    log.write(AT.replace(day=2), {"status": 404})
    files = sorted((tmp_path / "logs").iterdir())
    assert [file.name for file in files] == ["access-2026-03-01.jsonl", "access-2026-03-02.jsonl"]
    assert json.loads(files[0].read_text("utf-8")) == {"at": "2026-03-01T01:02:03.000+00:00", "status": 200}
    if os.name != "nt":
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_disk_that_refuses_stops_no_request(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("in the way")
    AccessLog(tmp_path).write(AT, {"status": 200})


def test_logs_are_kept_for_the_days_of_the_setting_and_other_files_for_ever(tmp_path: Path) -> None:
    log = AccessLog(tmp_path)
    for day in (1, 2, 3):
        log.write(AT.replace(day=day), {})
    (tmp_path / "logs" / "access-notes.jsonl").write_text("mine")
    assert forget_logs(tmp_path, 184, date(2026, 9, 2)) == 1  # the first of March is 185 days before
    kept = sorted(file.name for file in (tmp_path / "logs").iterdir())
    assert kept == ["access-2026-03-02.jsonl", "access-2026-03-03.jsonl", "access-notes.jsonl"]


def test_a_line_of_json_holds_the_number_of_its_request_and_its_traceback() -> None:
    token = request_number.set("ab12")
    try:
        raise ValueError("broken\nin two")
    except ValueError:
        record = logging.getLogger("matchhub.web").makeRecord("matchhub.web", 40, "f", 1, "failed %s", ("x",), None)
        record.exc_info = sys.exc_info()
    told = json.loads(JsonLines().format(record))
    request_number.reset(token)
    assert told["request"] == "ab12" and told["message"] == "failed x" and "broken" in told["traceback"]
    assert "\n" not in JsonLines().format(record)
