"""Intake pages: files become jobs, headers are corrected and remembered, pairs decided, batches taken back."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchhub.db.tables import Enterprise, ImportBatch, ImportJob, PatentStatus
from matchhub.services.imports import jobs, running
from matchhub.services.imports.running import run_waiting_imports
from matchhub.services.kernel.runtime import Runtime
from tests.services.desk_base import code
from tests.web.people import Person

HEADER = "企业名称,统一社会信用代码,注册地址"
ROWS = [f"晋江市甲乙{at}鞋业有限公司,{code(at)},福建省晋江市陈埭镇{at}号" for at in range(1, 4)]


def sheet(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


@pytest.fixture
def operator(app: Flask) -> Person:
    return Person(app, "operator")


def send(person: Person, content: bytes, source: str = "", kind: str = "enterprises", name: str = "名单.csv") -> str:
    data: dict[str, Any] = {"kind": kind, "source_name": source, "files": (BytesIO(content), name)}
    answer = person.post("/intake/uploads", data, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].rsplit("/", 1)[1]


def form_of(page: str) -> dict[str, str]:
    """What the form of a page would send as it stands, but for the wish to remember."""
    values = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] not in ("csrf_token", "remember") and ("checkbox" not in tag or " checked" in tag):
            values[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        values[name] = chosen[1] if chosen else ""
    return values


def begin(person: Person, token: str, mode: str = "write", **more: str) -> str:
    page = person.get(f"/intake/uploads/{token}/look", headers={"HX-Request": "1"}).text
    answer = person.post(f"/intake/uploads/{token}/jobs", {**form_of(page), "mode": mode, **more})
    assert answer.status_code == 302, answer.text
    found = re.search(r"/intake/jobs/(\d+)", answer.headers["Location"])
    assert found is not None
    return found[1]


def firms(runtime: Runtime) -> int:
    with runtime.unit(write=False) as unit:
        return unit.session.execute(select(func.count()).select_from(Enterprise)).scalar_one()


def state(runtime: Runtime, job: str) -> str:
    with runtime.unit(write=False) as unit:
        return unit.session.execute(select(ImportJob.state).where(ImportJob.id == int(job))).scalar_one()


def test_an_upload_becomes_a_job_and_the_job_a_batch(operator: Person, runtime: Runtime) -> None:
    before = firms(runtime)
    job = begin(operator, send(operator, sheet(*ROWS)))
    waiting = operator.get(f"/intake/jobs/{job}").text
    assert 'hx-trigger="every 1s"' in waiting and firms(runtime) == before
    assert run_waiting_imports(runtime) == 1
    done = operator.get(f"/intake/jobs/{job}/progress").text
    assert "hx-trigger" not in done and "/operator/batches/" in done
    assert firms(runtime) == before + 3
    assert run_waiting_imports(runtime) == 0


def test_a_trial_writes_nothing_and_leads_back(operator: Person, runtime: Runtime) -> None:
    before, token = firms(runtime), send(operator, sheet(*ROWS))
    job = begin(operator, token, "try")
    run_waiting_imports(runtime)
    page = operator.get(f"/intake/jobs/{job}?token={token}").text
    assert (firms(runtime), state(runtime, job)) == (before, "done")
    assert f"/intake/uploads/{token}" in page
    begin(operator, token)
    run_waiting_imports(runtime)
    assert firms(runtime) == before + 3


def test_a_written_upload_is_used_up(operator: Person) -> None:
    token = send(operator, sheet(*ROWS))
    begin(operator, token)
    assert operator.get(f"/intake/uploads/{token}").status_code == 404


def test_a_cancelled_job_leaves_nothing(operator: Person, runtime: Runtime) -> None:
    before, job = firms(runtime), begin(operator, send(operator, sheet(*ROWS)))
    assert operator.post(f"/intake/jobs/{job}/cancel").status_code == 302
    run_waiting_imports(runtime)
    assert (state(runtime, job), firms(runtime)) == ("cancelled", before)
    assert operator.post(f"/intake/jobs/{job}/cancel").status_code == 409


def test_a_job_is_cancelled_in_the_middle(operator: Person, runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    before, job = firms(runtime), begin(operator, send(operator, sheet(*ROWS)))
    told = jobs.report_progress

    def cancelling(home: Any, job_id: int, done: int, total: int | None) -> None:
        if done:
            (home / "jobs" / f"{job_id}.cancel").touch()
        told(home, job_id, done, total)

    monkeypatch.setattr(jobs, "report_progress", cancelling)
    run_waiting_imports(runtime)
    assert (state(runtime, job), firms(runtime)) == ("cancelled", before)
    with runtime.unit(write=False) as unit:
        assert unit.session.execute(select(func.count()).select_from(ImportBatch)).scalar_one() == 0


def test_a_job_left_by_a_dead_process_begins_again(operator: Person, runtime: Runtime) -> None:
    before, job = firms(runtime), begin(operator, send(operator, sheet(*ROWS)))
    with runtime.unit() as unit:
        assert jobs.begin_job(unit, int(job)) is not None  # and then the process died
    assert state(runtime, job) == "running"
    run_waiting_imports(runtime)
    assert (state(runtime, job), firms(runtime)) == ("done", before + 3)


def test_a_job_that_another_process_holds_is_left_alone(operator: Person, runtime: Runtime) -> None:
    job = begin(operator, send(operator, sheet(*ROWS)))
    with jobs.held_job(runtime.home, int(job)) as mine:
        assert mine
        assert run_waiting_imports(runtime) == 0
    assert run_waiting_imports(runtime) == 1


def test_a_job_that_fails_again_and_again_is_given_up(operator: Person, runtime: Runtime) -> None:
    job = begin(operator, send(operator, sheet(*ROWS)))
    for _ in range(jobs.MOST_ATTEMPTS):
        with runtime.unit() as unit:
            assert jobs.begin_job(unit, int(job)) is not None
    jobs.trial_folder(runtime.home, int(job)).mkdir()  # left by a trial that was killed
    run_waiting_imports(runtime)
    assert not list((runtime.home / "jobs").iterdir())
    assert state(runtime, job) == "refused"
    assert "拆小" in operator.get(f"/intake/jobs/{job}").text


def test_a_fault_inside_ends_the_job_and_writes_nothing(
    operator: Person, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, job = firms(runtime), begin(operator, send(operator, sheet(*ROWS)))
    with monkeypatch.context() as patch:
        patch.setattr(running, "import_rows", lambda *_, **__: 1 / 0)
        run_waiting_imports(runtime)
    assert (state(runtime, job), firms(runtime)) == ("refused", before)


def test_similar_firms_are_compared_and_decided_in_the_pages(operator: Person, runtime: Runtime) -> None:
    begin(operator, send(operator, sheet("晋江市恒安达鞋塑科技有限公司,,甲", "晋江恒安达鞋塑科技有限责任公司,,乙")))
    run_waiting_imports(runtime)
    listed = operator.get("/intake/pairs").text
    found = re.search(r"/intake/pairs/(\d+)", listed)
    assert found is not None
    page = operator.get(f"/intake/pairs/{found[1]}").text
    assert page.count('name="decision"') == 3 and "table-warning" in page
    assert operator.post(f"/intake/pairs/{found[1]}", {"decision": "same"}).status_code == 302
    assert "收回判定" in operator.get(f"/intake/pairs/{found[1]}").text
    assert operator.post(f"/intake/pairs/{found[1]}", {"decision": "same"}).status_code == 409
    assert operator.post(f"/intake/pairs/{found[1]}/reopen").status_code == 302
    assert operator.post(f"/intake/pairs/{found[1]}", {"decision": "later"}).status_code == 302


def test_a_batch_is_taken_back_in_the_pages(operator: Person, runtime: Runtime) -> None:
    begin(operator, send(operator, sheet(*ROWS)))
    run_waiting_imports(runtime)
    assert operator.get("/intake/batches/1/undo").status_code == 200
    assert operator.post("/intake/batches/1/undo", {"note": ""}).status_code == 422
    assert operator.post("/intake/batches/1/undo", {"note": "传错"}).status_code == 302
    assert 'id="undone"' in operator.get("/intake/batches/1/undo").text


def test_a_record_tells_where_each_value_came_from(app: Flask, operator: Person, runtime: Runtime) -> None:
    begin(operator, send(operator, sheet(*ROWS)))
    run_waiting_imports(runtime)
    with runtime.unit(write=False) as unit:
        key = unit.session.execute(select(Enterprise.id).where(Enterprise.uscc == code(2))).scalar_one()
    for role in ("operator", "reviewer"):
        page = Person(app, role).get(f"/intake/origins/enterprises/{key}").text
        assert "名单.csv" in page and "第 3 行" in page and code(2) in page
    assert operator.get("/intake/origins/enterprises/999").status_code == 404
    assert operator.get("/intake/origins/nothing/1").status_code == 404


def test_status_words_nobody_knows_are_explained_on_the_page_and_remembered(operator: Person, runtime: Runtime) -> None:
    content = "申请号,名称,法律状态\n201710601862.3,一种鞋底,码甲\n".encode()
    token = send(operator, content, "某公司", "patents", "专利.csv")
    page = operator.get(f"/intake/uploads/{token}/look", headers={"HX-Request": "1"}).text
    assert 'name="word-0-0" value="码甲"' in page
    begin(operator, token, **{"words-0": "1", "word-0-0": "码甲", "meaning-0-0": "in_force", "remember": "1"})
    run_waiting_imports(runtime)
    with runtime.unit(write=False) as unit:
        newest = select(PatentStatus.validity).order_by(PatentStatus.id.desc()).limit(1)
        assert unit.session.execute(newest).scalar() == "in_force"
    again = send(operator, content, "某公司", "patents", "专利.csv")
    assert "码甲" not in re.findall(
        r'name="word-0-0" value="([^"]*)"', operator.get(f"/intake/uploads/{again}/look").text
    )


def test_a_meaning_that_a_word_cannot_have_is_refused(operator: Person) -> None:
    token = send(operator, "申请号,名称,法律状态\n201710601862.3,鞋,码甲\n".encode(), "", "patents", "专利.csv")
    data = {"tables-0": "0", "words-0": "1", "word-0-0": "码甲", "meaning-0-0": "alive", "mode": "write"}
    answer = operator.post(f"/intake/uploads/{token}/jobs", data)
    assert answer.status_code in (400, 422) and "码甲" in answer.text


def test_a_doubtful_import_is_shown_and_written_after_one_yes(operator: Person, runtime: Runtime) -> None:
    rows = [f"晋江市丙丁{at}鞋业有限公司,{code(at)},王某" for at in range(100, 130)]
    job = begin(operator, send(operator, sheet(*rows, header="企业名称,统一社会信用代码,法定代表人")))
    run_waiting_imports(runtime)
    page = operator.get(f"/intake/jobs/{job}").text
    assert 'id="doubts"' in page and "王某" in page and "法定代表人" in page
    with runtime.unit(write=False) as unit:
        assert unit.session.execute(select(Enterprise.id).where(Enterprise.uscc == code(100))).first() is None
    answer = operator.post(f"/intake/jobs/{job}/again", {"accept": "1"})
    run_waiting_imports(runtime)
    assert answer.status_code == 302 and "/intake/jobs/" in answer.headers["Location"]
    with runtime.unit(write=False) as unit:
        assert unit.session.execute(select(Enterprise.id).where(Enterprise.uscc == code(100))).first() is not None
