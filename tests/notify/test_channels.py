"""Robots, short messages and web addresses against a local server that checks and misbehaves."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import matchhub.notify
from matchhub.notify.channel import Delivered, Letter
from matchhub.notify.offered import AddressRefused, Channel, Means, Target, all_channels, offered_channels
from tests.notify.web_sinks import Post, WebSink, web_sink

AT = datetime(2025, 6, 3, 4, 0, 0, 250_000, tzinfo=UTC)
SECRET = "SEC0123456789abcdef"
LETTER = Letter(
    "<letter.abc@matchhub>", "matchhub@example.com", "", "【晋江市专利供需对接平台】为贵单位推荐了 2 件专利",
    "· 一种防滑鞋底（匹配度 0.43）\n查看：http://x.example/i\n为什么：http://x.example/w\n", link="http://x.example/i",
    off_link="http://x.example/off",
)  # fmt: skip
ROBOTS = {
    "wecom": "/cgi-bin/webhook/send?key=K-1",
    "dingtalk": "/robot/send?access_token=T-1",
    "feishu": "/open-apis/bot/v2/hook/H-1",
}
FINE = {
    "wecom": {"errcode": 0, "errmsg": "ok"},
    "dingtalk": {"errcode": 0, "errmsg": "ok"},
    "feishu": {"code": 0, "msg": "success"},
}
POSTED = (*ROBOTS, "webhook", "sms")


@pytest.fixture
def sink() -> Iterator[WebSink]:
    with web_sink() as opened:
        yield opened


def means(sink: WebSink, **more: Any) -> Means:
    base = {"hosts": sink.hosts, "sms_url": f"{sink.base}/sms", "sms_key": SECRET, "seconds": 0.8}
    return Means(lambda: AT, **{**base, **more})


def target(name: str, sink: WebSink) -> Target:
    if name == "sms":
        return Target("138 1234-5678")
    return Target(sink.base + ROBOTS.get(name, "/hook"), SECRET)


def send(name: str, sink: WebSink, **more: Any) -> Delivered:
    channel, ours = all_channels()[name], means(sink, **more)
    return channel.sender(channel.checked(target(name, sink), ours), ours)(LETTER)


def accept(name: str, sink: WebSink) -> None:
    sink.reply = json.dumps(FINE.get(name, {"status": "accepted"})).encode()


@pytest.mark.parametrize("name", POSTED)
def test_a_letter_is_handed_over_with_subject_text_and_links(name: str, sink: WebSink) -> None:
    accept(name, sink)
    assert send(name, sink).outcome == "delivered"
    (post,) = sink.posts
    assert "推荐了 2 件专利" in post.body.decode() and "http://x.example/w" in post.body.decode()


def test_wecom_bears_its_key_in_the_address(sink: WebSink) -> None:
    accept("wecom", sink)
    send("wecom", sink)
    assert parse_qs(urlsplit(sink.posts[0].path).query) == {"key": ["K-1"]}
    assert sink.posts[0].said["msgtype"] == "text"


def test_dingtalk_is_signed_over_moment_and_secret(sink: WebSink) -> None:
    def judge(post: Post) -> bytes:
        said = {name: values[0] for name, values in parse_qs(urlsplit(post.path).query).items()}
        mac = hmac.new(SECRET.encode(), f"{said['timestamp']}\n{SECRET}".encode(), hashlib.sha256)
        right = base64.b64encode(mac.digest()).decode() == said["sign"] and said["access_token"] == "T-1"
        return json.dumps({"errcode": 0 if right else 310000, "errmsg": "sign not match"}).encode()

    sink.judge = judge
    assert send("dingtalk", sink).outcome == "delivered"
    assert "timestamp=1748923200250" in sink.posts[0].path


def test_feishu_is_signed_in_the_body(sink: WebSink) -> None:
    def judge(post: Post) -> bytes:
        moment = post.said["timestamp"]
        mac = base64.b64encode(hmac.new(f"{moment}\n{SECRET}".encode(), b"", hashlib.sha256).digest()).decode()
        return json.dumps({"code": 0 if mac == post.said["sign"] and moment == "1748923200" else 19021}).encode()

    sink.judge = judge
    assert send("feishu", sink).outcome == "delivered"


@pytest.mark.parametrize("name", ["dingtalk", "feishu"])
def test_a_robot_without_secret_gets_no_signature(name: str, sink: WebSink) -> None:
    accept(name, sink)
    ours, channel = means(sink), all_channels()[name]
    channel.sender(channel.checked(Target(target(name, sink).to), ours), ours)(LETTER)
    assert "sign" not in sink.posts[0].path and b'"sign"' not in sink.posts[0].body


@pytest.mark.parametrize("name", ["webhook", "sms"])
def test_own_systems_and_the_adapter_can_check_signature_moment_and_repetition(name: str, sink: WebSink) -> None:
    accept(name, sink)
    for _ in range(2):
        send(name, sink)
    one, again = sink.posts
    moment = one.headers["X-Matchhub-Timestamp"]
    mac = hmac.new(SECRET.encode(), moment.encode() + b"." + one.body, hashlib.sha256).hexdigest()
    assert one.headers["X-Matchhub-Signature"] == f"sha256={mac}" and moment == "1748923200"
    assert one.headers["Idempotency-Key"] == again.headers["Idempotency-Key"] == "letter.abc@matchhub" == one.said["id"]
    assert one.said.get("to") == ("13812345678" if name == "sms" else None)


CODES = [
    ("wecom", {"errcode": 93000}, "refused"), ("wecom", {"errcode": 45009}, "deferred"), ("wecom", {"errcode": -1}, "deferred"),
    ("wecom", {"errcode": 40008}, "sender_fault"), ("wecom", {}, "deferred"), ("wecom", {"errcode": "0"}, "deferred"),
    ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, "refused"),
    ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, "refused"),
    ("dingtalk", {"errcode": 310000, "errmsg": "invalid timestamp"}, "sender_fault"),
    ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, "deferred"),
    ("dingtalk", {"errcode": 300001}, "refused"), ("dingtalk", {"errcode": 43004}, "sender_fault"),
    ("feishu", {"code": 19024}, "refused"), ("feishu", {"code": 19021}, "refused"), ("feishu", {"code": 11232}, "deferred"),
    ("feishu", {"code": 19002}, "sender_fault"), ("feishu", {"StatusCode": 0}, "delivered"),
    ("sms", {"status": "later"}, "deferred"), ("sms", {"status": "refused"}, "refused"), ("sms", {"status": "fault"}, "sender_fault"),
    ("sms", {"status": "what"}, "deferred"), ("sms", {}, "deferred"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "said", "outcome"), CODES)
def test_the_code_of_a_reply_says_whose_fault_it_is(
    name: str, said: dict[str, Any], outcome: str, sink: WebSink
) -> None:
    sink.reply = json.dumps(said).encode()
    assert send(name, sink).outcome == outcome


@pytest.mark.parametrize("name", POSTED)
@pytest.mark.parametrize(
    ("status", "outcome"),
    [(429, "deferred"), (500, "deferred"), (503, "deferred"), (404, "refused"), (403, "refused"), (400, "sender_fault"), (302, "refused")],
)  # fmt: skip
def test_a_status_that_is_no_success_is_judged_whatever_the_body_says(
    name: str, status: int, outcome: str, sink: WebSink
) -> None:
    accept(name, sink)
    sink.status, sink.headers = status, {"Location": f"{sink.base}/elsewhere"}
    answer = send(name, sink)
    assert (answer.outcome, len(sink.posts)) == (outcome, 1), "no redirect is followed"
    assert str(status) in answer.reply


def test_how_long_to_wait_is_what_the_server_says(sink: WebSink) -> None:
    sink.status, sink.headers = 429, {"Retry-After": "90"}
    assert send("webhook", sink).wait_seconds == 90
    sink.headers = {"Retry-After": "Tue, 03 Jun 2025 00:00:00 GMT"}
    assert send("webhook", sink).wait_seconds == 60


@pytest.mark.parametrize("name", POSTED)
@pytest.mark.parametrize("manner", ["drops", "silent", "dribbles"])
def test_a_server_that_drops_or_dawdles_is_cut_off_and_tried_again_later(name: str, manner: str, sink: WebSink) -> None:
    sink.manner = manner
    assert send(name, sink).outcome == "deferred"


@pytest.mark.parametrize("name", [*ROBOTS, "sms"])
@pytest.mark.parametrize("reply", [b"<html>portal</html>", b"", b"[]", b"\xff\xfe", b"null"])
def test_a_reply_that_is_no_json_object_is_no_success(name: str, reply: bytes, sink: WebSink) -> None:
    sink.reply = reply
    assert send(name, sink).outcome == "deferred"


@pytest.mark.parametrize(
    ("name", "outcome"), [("wecom", "sender_fault"), ("sms", "sender_fault"), ("webhook", "deferred")]
)
def test_a_missing_connection_is_the_senders_but_for_a_recipients_own_server(name: str, outcome: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = WebSink(port=probe.getsockname()[1])
    answer = send(name, nobody)
    assert answer.outcome == outcome
    assert "K-1" not in answer.reply, "no key in what is kept"


@pytest.mark.parametrize("name", [*ROBOTS, "webhook"])
@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest?key=access_token=/hook/", "http://127.0.0.1:1/?key=access_token=/hook/",
        "https://localhost/?key=access_token=/hook/", "http://[::1]/?key=access_token=/hook/",
        "https://qyapi.weixin.qq.com.evil.example/?key=access_token=/hook/",
        "https://evil.example/qyapi.weixin.qq.com?key=access_token=/hook/",
        "https://qyapi.weixin.qq.com@evil.example/?key=access_token=/hook/",
        "https://evil.example\\@oapi.dingtalk.com/?key=access_token=/hook/", "ftp://open.feishu.cn/hook/x",
        "file:///etc/passwd?key=access_token=/hook/", "https://open.feishu.cn:99999/hook/x", "https:///hook/key=access_token=",
        "https://oapi.dingtalk.com/robot/send?access_token=x#/hook/key=", "https://oapi。dingtalk.com/?access_token=/hook/key=",
        "https://o api.dingtalk.com/?access_token=/hook/key=", "http://0x7f.1/?key=access_token=/hook/", "",
    ],
)  # fmt: skip
def test_nothing_is_posted_to_a_host_that_nobody_allowed(name: str, address: str) -> None:
    ours = Means(lambda: AT, frozenset({"allowed.example"}))
    with pytest.raises(AddressRefused):
        all_channels()[name].checked(Target(address, SECRET), ours)


@pytest.mark.parametrize(
    ("name", "host"),
    [("wecom", "qyapi.weixin.qq.com"), ("dingtalk", "oapi.dingtalk.com"), ("feishu", "open.feishu.cn")],
)
def test_a_robot_is_reached_at_its_provider_by_https_alone(name: str, host: str) -> None:
    ours, channel = Means(lambda: AT), all_channels()[name]
    assert channel.checked(Target(f"https://{host}{ROBOTS[name]}"), ours).to == f"https://{host}{ROBOTS[name]}"
    for wrong in (f"http://{host}{ROBOTS[name]}", f"https://{host}:8443{ROBOTS[name]}", f"https://{host}/"):
        with pytest.raises(AddressRefused):
            channel.checked(Target(wrong), ours)
    other = next(each for each in ROBOTS if each != name)
    with pytest.raises(AddressRefused):
        all_channels()[other].checked(Target(f"https://{host}{ROBOTS[other]}"), ours)


@pytest.mark.parametrize("host", ["oa.example", "oa.example:8443"])
def test_an_allowed_host_is_allowed_as_the_setting_narrows_it(host: str) -> None:
    ours = Means(lambda: AT, frozenset({host}))
    webhook = all_channels()["webhook"]
    assert webhook.checked(Target("https://OA.example:8443/x", SECRET), ours)
    if ":" in host:
        with pytest.raises(AddressRefused):
            webhook.checked(Target("https://oa.example/x", SECRET), ours)


@pytest.mark.parametrize("number", ["13812345678", "+86 138 1234 5678", "８６13812345678", "138-1234-5678"])
def test_a_mobile_number_is_kept_as_eleven_digits_and_shown_in_part(number: str) -> None:
    sms, ours = all_channels()["sms"], Means(lambda: AT)
    plain = sms.checked(Target(number), ours)
    assert plain.to == "13812345678" and sms.shown(plain) == "138****5678"


@pytest.mark.parametrize("number", ["0595-85551234", "1381234567", "138123456789", "12812345678", "+1 2025550123", ""])
def test_what_is_no_mobile_number_is_refused(number: str) -> None:
    with pytest.raises(AddressRefused):
        all_channels()["sms"].checked(Target(number), Means(lambda: AT))


@pytest.mark.parametrize("name", POSTED)
def test_what_is_shown_of_an_address_does_not_send(name: str, sink: WebSink) -> None:
    channel, ours = all_channels()[name], means(sink)
    plain = channel.checked(Target(sink.base + ROBOTS.get(name, "/hook/").replace("-1", "-0123456789"), SECRET), ours) \
        if name != "sms" else channel.checked(target(name, sink), ours)  # fmt: skip
    assert "0123456789" not in channel.shown(plain) and SECRET not in channel.shown(plain)


def test_a_long_letter_is_cut_before_its_links(sink: WebSink) -> None:
    accept("wecom", sink)
    channel, ours = all_channels()["wecom"], means(sink)
    lines = [f"· 一种非常长的专利名称第 {number} 号" * 3 for number in range(60)]
    letter = Letter(
        "<a@b>", "", "", "主题", "\n".join([*lines, "查看：http://x.example/i", "为什么：http://x.example/w"])
    )
    channel.sender(channel.checked(target("wecom", sink), ours), ours)(letter)
    text = sink.posts[0].said["text"]["content"]
    assert (
        len(text.encode()) <= 2048 and text.startswith("主题") and text.endswith("http://x.example/w") and "…" in text
    )


def test_letters_arrive_in_the_order_in_which_they_were_handed_over(sink: WebSink) -> None:
    accept("wecom", sink)
    channel, ours = all_channels()["wecom"], means(sink)
    way = channel.sender(channel.checked(target("wecom", sink), ours), ours)
    for number in range(5):
        way(Letter(f"<{number}@x>", "", "", str(number), "x"))
    assert [post.said["text"]["content"][0] for post in sink.posts] == list("01234")


def test_a_file_is_all_that_another_channel_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pigeon.py").write_text(
        "from matchhub.notify.channel import Delivered\n"
        "from matchhub.notify.offered import Channel\n"
        "CHANNEL = Channel('pigeon', 'loft', lambda target, means: target,\n"
        "                  lambda target, means: lambda letter: Delivered('pigeon', 'delivered', 'coo'),\n"
        "                  lambda target: target.to)\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(matchhub.notify, "__path__", [*matchhub.notify.__path__, str(tmp_path)])
    pigeon = offered_channels(Means(lambda: AT))["pigeon"]
    assert isinstance(pigeon, Channel)
    assert pigeon.sender(Target("tower"), Means(lambda: AT))(LETTER).reply == "coo"
    sys.modules.pop("matchhub.notify.pigeon", None)
    monkeypatch.undo()
    assert "pigeon" not in all_channels()


def test_channels_without_what_they_need_are_not_offered() -> None:
    assert {"sms", "webhook"} & set(offered_channels(Means(lambda: AT))) == set()
    assert next(iter(offered_channels(Means(lambda: AT)))) == "email"
