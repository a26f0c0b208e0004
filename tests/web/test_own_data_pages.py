"""Own contact data, the file of one's own data, closing, and an erasure from the request to the operator's button."""

from __future__ import annotations

import io
import json
import re
import zipfile

from flask import Flask

from tests.web.installation import PASSWORD
from tests.web.people import Person

SAID = {"contact_name": "王小明", "contact_phone": "0595-87654321", "contact_address": "寻踪路8号"}


def test_contact_data_are_kept_and_a_refusal_leaves_them_typed(app: Flask) -> None:
    person = Person(app, "institution")
    page = person.post("/account/contacts", {**SAID, "contact_phone": ""})
    assert page.status_code == 422 and 'value="寻踪路8号"' in page.text and "至少填写电话" in page.text
    assert person.post("/account/contacts", SAID).location == "/account/contacts"
    page = person.get("/account/contacts")
    assert "寻踪路8号" in page.text and "变更记录" in page.text and "对方在双方同意后可见" in page.text


def test_the_file_is_read_by_people_and_machines_and_holds_no_secret(app: Flask) -> None:
    answer = Person(app, "enterprise").post("/account/data/export")
    packed = zipfile.ZipFile(io.BytesIO(answer.data))
    assert sorted(packed.namelist()) == ["data.json", "数据.html"]
    plain, page = json.loads(packed.read("data.json")), packed.read("数据.html").decode()
    assert plain["login"] == "enterprise" and "accounts" in plain["data"]
    assert "<h2>账号</h2>" in page and "<script" not in page
    assert "argon2" not in page and "argon2" not in json.dumps(plain)


def test_closing_wants_the_password_and_signs_out(app: Flask) -> None:
    person = Person(app, "institution")
    assert "密码" in person.post("/account/data/close", {"password": "not this one"}).text and person.is_signed_in()
    assert person.post("/account/data/close", {"password": PASSWORD}).location == "/"
    assert not person.is_signed_in()
    assert Person(app).sign_in("institution", PASSWORD).status_code != 302


def test_an_erasure_goes_from_the_person_to_the_operators_second_step(app: Flask) -> None:
    person, operator = Person(app, "institution"), Person(app, "operator")
    assert person.post("/account/data/erasure", {}).status_code == 422
    assert person.post("/account/data/erasure", {"sure": "y"}).location == "/account/data"
    assert "撤回申请" in person.get("/account/data").text
    assert "删除个人信息的申请待处理" in operator.get("/operator/").text
    found = re.search(r"/account/erasures/\d+", operator.get("/account/erasures").text)
    assert found is not None
    page = operator.get(found[0]).text
    assert "第一步" in page and "第二步" in page and "《电子商务法》" in page
    refused = operator.post(f"{found[0]}/erase", {"login": "nobody"})
    assert refused.status_code == 422 and "用户名不一致" in refused.text and person.is_signed_in()
    assert operator.post(f"{found[0]}/erase", {"login": "institution"}).location == "/account/erasures"
    assert not person.is_signed_in() and "已删除" in operator.get("/account/erasures").text
