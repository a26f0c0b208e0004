"""How the API is called: keys, scopes, limits, keys of acts, ETags, pieces of lists, problems (PROMISES.md P6)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from matchhub.db.tables import Account, ApiKey, Demand, FormKey, LogEntry
from matchhub.services.accounts import api_keys
from matchhub.services.kernel.unit import SYSTEM
from tests.machine import cases
from tests.web.acts import DEMAND
from tests.web.api.programs import Program
from tests.web.installation import Clock
from tests.web.people import Person

BODY = {**DEMAND, "authorised": True, "negotiable": True}


@pytest.fixture
def firm(app: Flask) -> Program:
    return Program(app, "enterprise")


def number_of(app: Flask, table: type) -> int:
    with app.extensions["matchhub"].unit(SYSTEM, write=False) as unit:
        return unit.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_key_is_made_on_its_page_shown_once_and_withdrawn(app: Flask, clock: Clock) -> None:
    person = Person(app, "enterprise")
    assert "至少勾选一项" in person.post("/account/api-keys", {"name": "ERP", "days": "30"}).text
    page = person.post("/account/api-keys", {"name": "ERP", "days": "30", "scopes": ["patents:read"]}).text
    key = page.split('readonly value="')[1].split('"')[0]
    assert key.startswith("mh_") and key not in person.get("/account/api-keys").text

    def call() -> int:
        return app.test_client().get("/api/v1/patents", headers={"Authorization": f"Bearer {key}"}).status_code

    assert call() == 200 and "从未" not in person.get("/account/api-keys").text
    assert Person(app, "institution").post("/account/api-keys/1/withdraw").status_code == 404
    assert call() == 200
    person.post("/account/api-keys/1/withdraw")
    assert call() == 401
    with app.extensions["matchhub"].unit(SYSTEM, write=False) as unit:
        kept = unit.session.execute(sa.select(ApiKey.key_hash, ApiKey.start)).one()
        logged = set(unit.session.execute(sa.select(LogEntry.verb)).scalars())
    assert key not in kept and {"api_key.made", "api_key.withdrawn"} <= logged


def test_a_webhook_is_entered_on_the_page_of_keys_and_its_secret_shown_once(app: Flask) -> None:
    person = Person(app, "enterprise")
    refused = person.post("/account/webhooks", {"to": "https://192.168.1.8/erp"}).text
    assert "内部网络的地址" in refused and 'value="https://192.168.1.8/erp"' in refused
    page = person.post("/account/webhooks", {"to": "https://erp.example.com/events"}).text
    secret = page.split('readonly value="')[1].split('"')[0]
    again = person.get("/account/api-keys").text
    assert secret.startswith("whs_") and secret not in again and "https://erp.example.com/…" in again
    assert Person(app, "institution").post("/account/webhooks/1/withdraw").status_code == 404
    assert "已恢复" in person.post("/account/webhooks/1/resume", follow_redirects=True).text
    assert "已停用" in person.post("/account/webhooks/1/withdraw", follow_redirects=True).text
    assert "https://erp.example.com/…" not in person.get("/account/api-keys").text


def test_a_key_dies_with_its_account_and_its_day(app: Flask, clock: Clock, firm: Program) -> None:
    late = Program(app, "enterprise")
    assert firm.get("/me").json["role"] == "enterprise"
    clock.forward(timedelta(days=91))
    assert late.get("/me").status_code == 401
    fresh = Program(app, "enterprise")
    with app.extensions["matchhub"].unit(SYSTEM) as unit:
        unit.session.execute(sa.update(Account).where(Account.login == "enterprise").values(disabled_at=unit.now))
    assert fresh.get("/me").status_code == 401


def test_a_cookie_is_no_key_and_a_key_sets_no_cookie(app: Flask, firm: Program) -> None:
    answer = Person(app, "enterprise").get("/api/v1/own/demands")
    assert answer.json is not None and (answer.status_code, answer.json["code"]) == (401, "api_key_missing")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    done = firm.post("/demands", BODY, {"Idempotency-Key": "one"})
    assert done.status_code == 200 and "Set-Cookie" not in done.headers


def test_a_key_does_what_it_was_made_for_only(app: Flask) -> None:
    reader = Program(app, "enterprise", ["demands:read"])
    assert reader.get("/own/demands").status_code == 200
    refused = reader.post("/demands", BODY)
    assert (refused.status_code, refused.json["code"]) == (403, "api_scope_missing")
    assert "demands:write" in refused.json["detail"]
    assert reader.get("/patents").status_code == 403


def test_calls_are_counted_and_too_many_are_told_to_wait(
    app: Flask, firm: Program, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "MOST_CALLS", 2)
    left = [firm.get("/me").headers["RateLimit-Remaining"] for _ in range(2)]
    refused = firm.get("/me")
    assert (left, refused.status_code, refused.json["code"]) == (["1", "0"], 429, "api_calls_many")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    clock.forward(timedelta(minutes=1))
    assert firm.get("/me").status_code == 200


def test_the_same_call_twice_acts_once(app: Flask, firm: Program) -> None:
    before = number_of(app, Demand)
    with ThreadPoolExecutor(8) as pool:
        same = list(pool.map(lambda _: firm.post("/demands", BODY, {"Idempotency-Key": "k"}), range(cases(8, 32))))
    assert {(answer.status_code, answer.text) for answer in same} == {(200, same[0].text)}
    assert number_of(app, Demand) == before + 1
    other = firm.post("/demands", {**BODY, "title": "另一个"}, {"Idempotency-Key": "k"})
    assert (other.status_code, other.json["code"]) == (409, "form_used_otherwise")
    stranger = Program(app, "operator").post("/pushes/plan", None, {"Idempotency-Key": "k"})
    assert "运动鞋" not in stranger.text and stranger.json.get("code") != "form_used_otherwise"
    assert number_of(app, Demand) == before + 1 and number_of(app, FormKey) >= 1


def test_a_change_that_writes_over_something_needs_what_was_seen(firm: Program) -> None:
    posted = firm.post("/demands", BODY).json
    assert posted["location"] == f"/api/v1/own/demands/{posted['record']['demand_id']}"
    place = posted["location"].removeprefix("/api/v1")
    mark = firm.get(place).headers["ETag"]
    assert firm.get(place, {"If-None-Match": mark}).status_code == 304
    edit = f"/demands/{posted['record']['demand_id']}/edit"
    body = {**BODY, "title": "运动鞋鞋底开胶问题"}
    assert firm.post(edit, body).json["code"] == "api_match_missing"
    assert firm.post(edit, body, {"If-Match": '"another"'}).status_code == 412
    changed = firm.post(edit, body, {"If-Match": mark})
    assert changed.status_code == 200, changed.text
    assert firm.get(place).json["record"]["title"] == "运动鞋鞋底开胶问题"
    assert firm.post(edit, {**body, "title": "又一个题目"}, {"If-Match": mark}).json["code"] == "api_changed_meanwhile"


def test_lists_come_in_pieces_with_the_fields_asked_for(app: Flask) -> None:
    desk = Program(app, "operator")
    whole = desk.get("/demands").json
    first = desk.get("/demands", limit=1, fields="id,title")
    assert first.json["total"] == whole["total"] == 2 and first.json["items"] == [
        {name: whole["items"][0][name] for name in ("id", "title")}
    ]
    second = desk.get("/demands", limit=1, fields="id,title", cursor=first.json["next"]).json
    assert [second["items"][0]["id"], second["next"]] == [whole["items"][1]["id"], None]
    assert first.headers["Link"].endswith('rel="next"')
    for wrong in ({"fields": "nothing"}, {"limit": 0}, {"limit": 101}, {"cursor": "x"}, {"colour": "red"}):
        assert (desk.get("/demands", **wrong).status_code, wrong) == (422, wrong)
    assert desk.get("/demands", q="鞋", cursor=first.json["next"]).json["errors"][0]["code"] == "cursor_unknown"


def test_what_does_not_fit_is_told_at_its_place_in_the_readers_language(app: Flask, firm: Program) -> None:
    missing = firm.post("/demands", {"title": "短"}, {"Accept-Language": "en-GB"})
    assert (missing.status_code, missing.json["code"]) == (422, "api_fields")
    told = {each["pointer"]: each["detail"] for each in missing.json["errors"]}
    assert "/text" in told and told["/text"].isascii()
    assert not firm.post("/demands", {"title": "短"}).json["detail"].isascii()
    assert firm.post("/demands", {"colour": "red"}).json["errors"] == [
        {"pointer": "/colour", "code": "extra_forbidden"}
    ]
    assert firm.post("/demands", {"title": {"a": 1}}).json["code"] == "api_shape"
    for body, kind in ((b"{", "application/json"), (b"[]", "application/json"), (b"a=1", "text/plain")):
        answer = firm.post("/demands", data=body, content_type=kind)
        assert answer.status_code in (415, 422) and answer.content_type == "application/problem+json"
    nowhere = firm.get("/nowhere")
    assert (nowhere.status_code, nowhere.content_type) == (404, "application/problem+json")


def test_a_file_is_imported_as_a_job(app: Flask) -> None:
    desk = Program(app, "operator")
    file = (BytesIO("企业名称,地址\n晋江市新店鞋业有限公司,晋江市陈埭镇\n".encode()), "firms.csv")
    kept = desk.post("/uploads", data={"kind": "enterprises", "files": file}, content_type="multipart/form-data")
    assert kept.status_code == 200, kept.text
    begun = desk.post(f"/uploads/{kept.json['record']['token']}/jobs", {"mode": "write"})
    assert begun.status_code == 200 and begun.json["location"].startswith("/api/v1/jobs/"), begun.text
    job = desk.get(begun.json["location"].removeprefix("/api/v1")).json["job"]
    assert (job["kind"], job["state"]) == ("enterprises", "waiting")


def test_the_documentation_is_a_page_in_the_readers_language_and_needs_no_key(app: Flask) -> None:
    person = Person(app, "enterprise")
    page = person.get("/api/v1/docs")
    assert page.status_code == 200 and "接口说明" in page.text and "/demands/{demand_id}/edit" in page.text
    assert "https://" not in page.text.split('id="content"')[-1]
    person.get("/account/language/en")
    assert "API documentation" in person.get("/api/v1/docs").text
    document: Any = app.test_client().get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    posting = document["paths"]["/demands"]["post"]
    body = posting["requestBody"]["content"]["application/json"]
    assert body["example"]["title"] and "text" in body["schema"]["required"]
