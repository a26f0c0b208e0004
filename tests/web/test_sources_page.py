"""The bureau's pages of named sources: what rests on them, the original for download, and its word with a code."""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import sha256

import pyotp
import pytest
from flask import Flask

from matchhub.domain.records import Row
from matchhub.domain.sources import ImportSource
from matchhub.services.evidence.files import keep_content
from matchhub.services.imports.batch import import_rows
from tests.services.desk_base import Base, patent
from tests.web.installation import PASSWORD
from tests.web.people import Person

CONTENT = "申请号\n<script>alert(1)</script>".encode()


@pytest.fixture
def named(base: Base) -> Base:
    """A base with two patents of a register's export whose original was kept."""
    digest = sha256(CONTENT).hexdigest()
    keep_content(base.runtime.home, digest, CONTENT)
    rows = [Row(each.source, each) for each in (patent(1), patent(2))]
    with base.runtime.unit(base.people["clerk"]) as unit:
        source = ImportSource("register", "国家知识产权局", date(2024, 3, 1))
        import_rows(unit, "patents", rows, files=[{"name": "登记簿.csv", "sha256": digest}], source=source)
    return base


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_the_bureau_looks_downloads_and_decides_with_its_code(named: Base, desk_app: Flask) -> None:
    reviewer = Person(desk_app, "reviewer")
    assert "2 条记录所依据的来源文件，主管部门尚未查看" in plain(reviewer.get("/bureau/signs").text)
    assert 'href="/bureau/sources"' in reviewer.get("/bureau/thresholds/patents").text
    listed = plain(reviewer.get("/bureau/sources").text)
    for said in ("国家知识产权局", "登记系统导出", "2024-03-01", "涉及记录 2 条，其中按严格口径计入 2 条", "尚未查看"):
        assert said in listed
    file = reviewer.get("/bureau/sources/1/files/0")
    assert (file.data, file.mimetype) == (CONTENT, "application/octet-stream")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert "/account/second-factor" in (
        reviewer.post("/bureau/sources/1", {"decision": "right", "code": "123456"}).location or "")  # fmt: skip
    reviewer.post("/account/second-factor/start", {"password": PASSWORD})
    found = re.search(r'class="code-key">([^<]+)<', reviewer.get("/account/second-factor").text)
    assert found is not None
    phone = pyotp.TOTP(found[1].replace(" ", ""))
    reviewer.post("/account/second-factor/on", {"code": phone.at(named.clock())})
    named.clock.forward(timedelta(minutes=2))
    code = phone.at(named.clock())
    for sent, field in (({"decision": "right"}, "code"), ({"decision": "right", "code": "000000"}, "code"),
                        ({"decision": "rejected", "code": code}, "note")):  # fmt: skip
        refused = reviewer.post("/bureau/sources/1", sent)
        assert refused.status_code != 302 and f'id="source-{field}-error"' in refused.text
    assert reviewer.post("/bureau/sources/1", {"decision": "rejected", "note": "不实", "code": code}).status_code == 302
    page = plain(reviewer.get("/bureau/sources/1").text)
    assert "不实" in page and "其中按严格口径计入 0 条" in page
    assert "没有待查看的来源文件" in plain(reviewer.get("/bureau/sources").text)
    assert "已否决" in plain(reviewer.get("/bureau/sources?show=all").text)
    assert "已被主管部门否决" in plain(reviewer.get("/bureau/records/patents/1").text)


def test_the_operator_sees_the_sources_and_decides_nothing(named: Base, desk_app: Flask) -> None:
    operator = Person(desk_app, "operator")
    assert 'name="decision"' not in operator.get("/bureau/sources/1").text
    assert operator.post("/bureau/sources/1", {"decision": "right", "code": "1"}).status_code == 403
