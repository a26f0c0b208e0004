"""What the bureau keeps on its pages: its accounts, its word on the rule pack, checkpoints of the log."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import openpyxl
import pyotp
import pytest
from flask import Flask

from matchhub.services.accounts.keeping import recover_keeper
from matchhub.services.kernel.checkpoints import checkpoint_files
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.runtime import Runtime
from tests.web.installation import PASSWORD, Clock
from tests.web.people import Person

UNCONFIRMED = "规则包未经主管部门确认"
NEW = {"login": "zhang", "display_name": "张某", "role": "auditor", "password": "a fine long sentence"}


def number_of(person: Person, login: str) -> str:
    page = person.get("/bureau/accounts").text
    found = re.search(rf'/bureau/accounts/(\d+)/password"[^>]*>.{{0,400}}value="{login}"', page, re.S)
    assert found is not None
    return found[1]


def test_who_keeps_them_adds_and_shuts_out_an_account_on_the_page(app: Flask) -> None:
    keeper = Person(app, "reviewer")
    assert keeper.post("/bureau/accounts", NEW).location == "/bureau/accounts"
    page = keeper.get("/bureau/accounts").text
    assert "zhang" in page and "由 reviewer 某某" in page and "安装时添加" in page
    number = number_of(keeper, "zhang")
    colleague = Person(app)
    colleague.sign_in("zhang", NEW["password"])
    assert colleague.is_signed_in()
    assert (
        colleague.get("/bureau/").location == "/account/password?next=/bureau/"
    )  # its first password is another's word
    assert keeper.post(f"/bureau/accounts/{number}/disable").status_code == 302
    assert not colleague.is_signed_in()
    assert keeper.post(f"/bureau/accounts/{number}/enable").status_code == 302
    assert keeper.post(f"/bureau/accounts/{number}/password", {"password": "another fine sentence"}).status_code == 302
    assert Person(app).sign_in("zhang", "another fine sentence").status_code == 302
    assert keeper.post(f"/bureau/accounts/{number}/codes").status_code == 302


def test_a_refused_account_stays_on_the_form(app: Flask) -> None:
    keeper = Person(app, "reviewer")
    answer = keeper.post("/bureau/accounts", NEW | {"role": "reviewer", "office": "某某运营中心"})
    assert answer.status_code == 422 or answer.status_code == 409
    assert "其他单位的账号只能查看" in answer.text and 'value="张某"' in answer.text
    assert "这个角色不能管理账号" in keeper.post("/bureau/accounts", NEW | {"keeps": "y"}).text


def test_the_administrator_is_offered_nothing_of_the_bureau_and_refused(app: Flask) -> None:
    administrator, keeper = Person(app, "administrator"), Person(app, "reviewer")
    keeper.post("/bureau/accounts", NEW)
    number = number_of(keeper, "zhang")
    page = administrator.get("/account/all").text
    (adding,) = re.findall(r'<form[^>]*method="post"[^>]*action="/account/all".*?</form>', page, re.DOTALL)
    assert "由主管部门管理" in page and 'value="reviewer"' not in adding and 'value="operator"' in adding
    assert administrator.post("/account/all", NEW | {"organisation": "某局"}).status_code == 422
    for act in ("disable", "enable", "second-factor/reset", "password"):
        answer = administrator.post(f"/account/{number}/{act}", {"password": "another fine sentence"})
        assert answer.status_code == 403, act
    assert Person(app).sign_in("zhang", NEW["password"]).status_code == 302


def test_a_takeover_on_the_machine_stands_on_the_bureaus_first_page(app: Flask, runtime: Runtime) -> None:
    with runtime.unit() as unit:
        recover_keeper(unit, "reviewer", "another fine sentence")
    reviewer = Person(app, "reviewer")
    assert "有人在服务器上重设了主管部门账号管理人的密码" in reviewer.get("/bureau/").text
    assert "在服务器上重设了密码" in reviewer.get("/bureau/accounts").text


def with_codes(app: Flask, clock: Clock) -> tuple[Person, pyotp.TOTP]:
    person = Person(app, "reviewer")
    person.post("/account/second-factor/start", {"password": PASSWORD})
    found = re.search(r'class="code-key">([^<]+)<', person.get("/account/second-factor").text)
    assert found is not None
    phone = pyotp.TOTP(found[1].replace(" ", ""))
    person.post("/account/second-factor/on", {"code": phone.at(clock.now)})
    clock.forward(timedelta(minutes=2))
    return person, phone


def about(answer: bytes) -> dict[str, str]:
    sheet = openpyxl.load_workbook(BytesIO(answer)).worksheets[0]
    return {str(row[0]): str(row[1]) for row in sheet.iter_rows(values_only=True)}


EXPORT = "/bureau/thresholds/patents/rows.xlsx"
COUNTING = ("/bureau/", "/bureau/summary", "/bureau/thresholds/patents", "/bureau/records/patents/1")


def test_every_count_says_that_the_pack_is_not_confirmed_until_the_bureau_confirms_it(app: Flask, clock: Clock) -> None:
    operator = Person(app, "operator")
    assert [UNCONFIRMED in operator.get(path).text for path in COUNTING] == [True] * len(COUNTING)
    assert about(operator.get(EXPORT).data)["主管部门确认"] == UNCONFIRMED
    reviewer, phone = with_codes(app, clock)
    form = dict(re.findall(r'type="hidden" name="(policy|digest)" value="([^"]+)"', reviewer.get("/bureau/pack").text))
    wrong = reviewer.post("/bureau/pack", form | {"code": "000000"})
    assert wrong.status_code != 302 and "动态口令不正确" in wrong.text
    assert reviewer.post("/bureau/pack", form | {"code": phone.at(clock.now)}).location == "/bureau/pack"
    assert "已经主管部门确认" in operator.get("/bureau/pack").text
    assert [UNCONFIRMED in operator.get(path).text for path in COUNTING] == [False] * len(COUNTING)
    assert about(operator.get(EXPORT).data)["主管部门确认"] == "已确认"


def test_without_codes_the_reviewer_is_led_to_switch_them_on(app: Flask) -> None:
    reviewer = Person(app, "reviewer")
    form = dict(re.findall(r'type="hidden" name="(policy|digest)" value="([^"]+)"', reviewer.get("/bureau/pack").text))
    assert "/account/second-factor" in (reviewer.post("/bureau/pack", form | {"code": "123456"}).location or "")


def test_a_checkpoint_is_made_printed_and_missed_when_the_log_is_cut(app: Flask, runtime: Runtime) -> None:
    with runtime.unit() as unit:
        append_event(unit, "demand.posted", "demands", 1)
    reviewer = Person(app, "reviewer")
    made = reviewer.post("/bureau/checkpoints").location
    assert made is not None
    page = reviewer.get(made).text
    assert "校验值" in page and "专利" in page
    picture = reviewer.get(f"{made}/picture.svg")
    assert picture.mimetype == "image/svg+xml" and b"<path" in picture.data
    assert 'id="older"' not in reviewer.get("/bureau/").text
    with runtime.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_log_no_delete")
        connection.exec_driver_sql("DELETE FROM event_log WHERE id >= (SELECT max(id) FROM event_log)")
    for path in ("/bureau/", "/bureau/checkpoints", "/bureau/log/check"):
        assert "放回了旧备份" in reviewer.get(path).text, path


def test_an_export_of_counts_keeps_a_checkpoint_and_names_it(app: Flask, runtime: Runtime) -> None:
    operator = Person(app, "operator")
    said = about(operator.get(EXPORT).data)["日志校验点"]
    (file,) = checkpoint_files(runtime.settings.checkpoints)
    assert said.split()[1] in file.read_text("utf-8")
    operator.get(EXPORT)
    assert len(checkpoint_files(runtime.settings.checkpoints)) == 1
    with runtime.unit() as unit:
        append_event(unit, "demand.posted", "demands", 1)
    operator.get(EXPORT)
    assert len(checkpoint_files(runtime.settings.checkpoints)) == 2


@pytest.mark.parametrize("role", ["operator", "auditor"])
def test_others_see_checkpoints_and_make_none(app: Flask, role: str) -> None:
    person = Person(app, role)
    assert "立即生成" not in person.get("/bureau/checkpoints").text
    assert person.post("/bureau/checkpoints").status_code == 403
