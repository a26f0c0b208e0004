"""Work is assigned from the ledger, shown to whom it was given, and read by the bureau."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

from flask import Flask

from tests.services.desk_base import Base, patent
from tests.web.people import Person

NEW = re.compile(r'href="(/operator/new-assignments[^"]+)"')


def test_an_operator_assigns_what_is_missing_most_and_the_colleague_sees_it(desk_app: Flask, base: Base) -> None:
    base.take("patents", patent(1, title=None), patent(2, title=None), patent(3))
    operator, clerk, auditor = (Person(desk_app, login) for login in ("operator", "clerk", "auditor"))
    ledger = operator.get("/bureau/thresholds/patents?show=near").text
    assert ledger.count('name="rows"') == 2 and 'name="all" value="1"' in ledger
    assert 'name="rows"' not in auditor.get("/bureau/thresholds/patents?show=near").text
    assert 'name="rows"' not in operator.get("/bureau/thresholds/patents?show=near&as_of=2024-03-03").text

    address = unescape(NEW.findall(ledger)[0])
    assert "补全记录" in operator.get(address).text
    refused = operator.post(address, {"assignee": "2", "due_on": "2024-03-01", "note": "问代理机构"})
    assert refused.status_code == 422
    assert "已过，请填写今天或之后的日期" in refused.text and 'value="问代理机构"' in refused.text
    only_one = "/operator/new-assignments?goal=patents&rows=1&rows=abc"
    assert operator.post(only_one, {"assignee": "2", "due_on": "2024-03-06", "note": ""}).status_code == 302
    assert operator.post(address, {"assignee": "2", "due_on": "2024-03-05", "note": "问代理机构"}).status_code == 302
    assert operator.get(address).text.count(">已指派<") == 2

    base.later(3)
    operator, clerk, auditor = (Person(desk_app, login) for login in ("operator", "clerk", "auditor"))
    desk = clerk.get("/operator/").text
    mine = desk.partition('id="own-work"')[2].partition("</section>")[0]
    assert ">2</span>" in mine
    assert mine.index("逾期 2 天") < mine.index("逾期 1 天") and "2 项逾期" in mine
    assert 'id="own-work"' not in operator.get("/operator/").text
    table = list(
        csv.DictReader(
            io.StringIO(clerk.get("/operator/assignments?who=mine&state=overdue&as=csv").data.decode("utf-8-sig"))
        )
    )
    assert [(row["要做的事"], row["逾期天数"], row["说明"]) for row in table] == [
        ("补全记录", "2", "问代理机构"), ("补全记录", "1", ""),
    ]  # fmt: skip
    page = auditor.get("/operator/assignments/2").text
    assert "clerk" in page and "<form" not in page.partition("<main")[2].partition("</main")[0]
    assert clerk.post("/operator/assignments/2/take-back", {"reason": ""}).status_code == 422
    assert clerk.post("/operator/assignments/2/take-back", {"reason": "代理机构已注销"}).status_code == 302
    assert "代理机构已注销" in auditor.get("/operator/assignments/2").text
