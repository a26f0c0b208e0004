"""P4: a backup taken by the command while people write through the pages is put back whole."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from matchhub.services.evidence.auditing import audit_base
from matchhub.services.kernel.backup import fault_of
from tests.faults.service import COMMAND, Installation, Writers, installed, wait_for
from tests.machine import cases


def test_what_was_acknowledged_before_a_backup_is_in_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with installed(home) as service:
        service.serve()
        with closing(sqlite3.connect(home / "matchhub.db")) as reader, Writers(service, 3) as writers:
            # While it reads, what is written stays in the journal: a mere copy of the file would lack it.
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM event_log").fetchone()
            for number in range(cases(1, 40)):
                goal = len(writers.acknowledged) + 5
                wait_for(lambda goal=goal: len(writers.acknowledged) >= goal, "the writers go on")  # type: ignore[misc]
                before, file = set(writers.acknowledged), tmp_path / f"{number}.tar"
                back = Installation(
                    tmp_path / f"back{number}", f"sqlite:///{tmp_path / f'back{number}' / 'matchhub.db'}"
                )
                for environment, act in ((service.environment, "backup"), (back.environment, "restore")):
                    subprocess.run([*COMMAND, act, str(file)], env=environment, check=True, capture_output=True)
                writers.installation = back
                assert before <= set(writers.written()), "what was acknowledged before is there"
                writers.installation = service
                runtime = back.runtime()
                with runtime.unit(write=False) as unit:
                    assert audit_base(unit).valid
                runtime.close()
                assert fault_of(back.home / "matchhub.db") == ""
