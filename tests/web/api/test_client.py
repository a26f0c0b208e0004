"""The client against a server that listens."""

from __future__ import annotations

import pytest
from flask import Flask

from matchhub.client import Client, Problem
from matchhub.services.accounts import api_keys
from tests.web.api.programs import key_of
from tests.web.api.test_calls import BODY
from tests.web.api.test_schemathesis import address
from tests.web.installation import Clock

__all__ = ["address"]


def test_a_program_posts_a_demand_reads_and_changes_it(
    app: Flask, address: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = Client(address, key_of(app.extensions["matchhub"], "enterprise"), "en", tries=1)
    done = api.act("/demands", BODY, once="one")
    assert api.act("/demands", BODY, once="one") == done and done.notices[0].isascii()
    seen = api.look(done.location)
    assert seen.body["record"]["title"] == BODY["title"]
    assert {row["id"] for row in api.rows("/demands", limit=1)} == {1, 2, done.record["demand_id"]}
    edit = f"/demands/{done.record['demand_id']}/edit"
    api.act(edit, {**BODY, "title": "运动鞋鞋底脱胶"}, match=seen.mark)
    with pytest.raises(Problem) as refused:
        api.act(edit, {**BODY, "title": "又一个题目"}, match=seen.mark)
    assert (refused.value.status, refused.value.code) == (412, "api_changed_meanwhile")
    with pytest.raises(Problem) as refused:
        api.act("/demands", {"title": "短"})
    assert "/text" in {place.pointer for place in refused.value.places}
    monkeypatch.setattr(api_keys, "MOST_CALLS", 0)
    with pytest.raises(Problem) as refused:
        api.look("/me")
    assert refused.value.status == 429


def test_a_busy_call_is_sent_again(app: Flask, address: str, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        monkeypatch.setattr(api_keys, "MOST_CALLS", 100)

    monkeypatch.setattr("matchhub.client.time.sleep", wait)
    monkeypatch.setattr(api_keys, "MOST_CALLS", 0)
    api = Client(address, key_of(app.extensions["matchhub"], "enterprise"))
    assert api.look("/me").body["role"] == "enterprise" and 0 < waited[0] <= 60


def test_an_address_of_another_scheme_is_refused_before_anything_is_opened() -> None:
    with pytest.raises(ValueError, match="file:///etc"):
        Client("file:///etc/hostname", "mh_x")
