"""P5: a PostgreSQL that stops and starts anew under writers costs no act and shows nobody a failure."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from pathlib import Path

from lxml import html

from matchhub.services.kernel.event_log import verify_log
from matchhub.wording import sentence
from tests.faults.service import COMMAND, Browser, Writers, installed, status_of, wait_for
from tests.machine import cases
from tests.postgres import Cluster

WRITERS = 6


def test_restarts_under_writers_cost_no_act_and_no_word_of_failure(
    postgres_cluster: Cluster, postgres_url: str, tmp_path: Path
) -> None:
    with installed(tmp_path, postgres_url) as service:
        service.serve("--threads", "8")
        with Writers(service, WRITERS) as writers:
            for number in range(cases(2, 20)):
                before = len(writers.acknowledged)
                wait_for(lambda before=before: len(writers.acknowledged) > before + 12, "the writers go on")  # type: ignore[misc]
                postgres_cluster.restart("immediate" if number % 2 else "fast")
            before = len(writers.acknowledged)
            wait_for(lambda: len(writers.acknowledged) > before + 12, "the writers go on")
        written = Counter(writers.written())
        assert set(writers.acknowledged) == set(writers.sent)
        assert written == Counter(writers.sent), "each key ends exactly once"
        assert writers.events() == len(writers.sent)
        assert set(writers.statuses) <= {302, 503}, Counter(writers.statuses)
        assert "Traceback" not in service.said()
        runtime = service.runtime()
        with runtime.unit(write=False) as unit:
            assert verify_log(unit).valid
        runtime.close()


def test_while_it_is_away_pages_say_so_keep_what_was_typed_and_recover_by_themselves(
    postgres_cluster: Cluster, postgres_url: str, tmp_path: Path
) -> None:
    with installed(tmp_path, postgres_url) as service:
        service.serve()
        person = Browser(service)
        person.open_form()
        mark = html.fromstring(person.ask("GET", "/matching/thesaurus")[1]).xpath(
            '//meta[@name="form-owner"]/@content'
        )[0]
        fields = {
            "plain": "开胶",
            "patent_words": "剥离 脱胶",
            "trust": "1",
            "form_owner": mark,
            "act_key": "a-key-of-its-own",
        }
        postgres_cluster.stop("fast")
        try:
            for path in ("/", "/patents", "/readyz"):
                assert status_of(service.port, path) == 503, path
            assert person.ask("GET", "/operator/")[0] == 503 and status_of(service.port, "/healthz") == 200
            status, text = person.ask("POST", "/matching/thesaurus", fields)
            assert status == 503 and sentence("database_away") in text and "剥离 脱胶" in text
            command = subprocess.run(
                [*COMMAND, "doctor"],
                env=service.environment,
                cwd=tmp_path,
                capture_output=True,
                check=False,
                timeout=60,
            )
            told = (command.stdout + command.stderr).decode()
            assert command.returncode == 1 and sentence("database_away") in told and "Traceback" not in told
        finally:
            postgres_cluster.start()
        kept = html.fromstring(text).xpath('//input[@name="kept_form"]/@value')[0]
        status, form = person.ask("POST", "/matching/thesaurus", {"kept_form": kept, "form_owner": mark})
        assert status == 422 and 'value="剥离 脱胶"' in form
        assert 'name="act_key" value="a-key-of-its-own"' in form, "it comes back under its own key"
        assert person.ask("POST", "/matching/thesaurus", fields)[0] == 302
        assert "Traceback" not in service.said()


def test_several_at_once_make_one_base(postgres_url: str, tmp_path: Path) -> None:
    """``init`` by three processes at the same moment: each succeeds, one says that it made the base."""
    environment = {
        **os.environ,
        "MATCHHUB_DATABASE_URL": postgres_url,
        "MATCHHUB_SECRET_KEY": "k",
        "MATCHHUB_HOME": str(tmp_path),
    }
    started = [
        subprocess.Popen(
            [*COMMAND, "init", "--json"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for _ in range(3)
    ]
    said = [process.communicate(timeout=120)[0].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    assert sorted('"created": true' in each for each in said) == [False, False, True]
