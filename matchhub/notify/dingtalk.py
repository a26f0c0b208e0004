"""钉钉 group robots: a token in the web address, and where the robot asks for it (加签) a signature beside it.

Source: 钉钉开放平台, 自定义机器人安全设置 (HMAC-SHA256 over ``timestamp\\nsecret``, base64, the moment in milliseconds
and within an hour) and 自定义机器人发送消息的频率限制 (20 messages a minute).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from matchhub.notify.channel import Delivered, Letter, Outcome, Sender
from matchhub.notify.offered import AddressRefused, Channel, Means, Target
from matchhub.notify.web import JSON_BODY, as_json, code_of, deliver, fitting, masked_query, web_address

NAME, HOSTS, MOST_BYTES = "dingtalk", ("oapi.dingtalk.com", "api.dingtalk.com"), 18_000
_LATER = {-1, 130101, 410100, 90018, 90002}
_ADDRESS = {300001, 300005, 400013, 400101, 400102, 400014}  # token unknown, robot off, group gone


def signed(url: str, secret: str, at: datetime) -> str:
    """The address with moment and signature; as it is where the robot has no secret."""
    if not secret:
        return url
    moment = str(round(at.timestamp() * 1000))
    mac = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
    return f"{url}&{urlencode({'timestamp': moment, 'sign': base64.b64encode(mac).decode()})}"


def _checked(target: Target, means: Means) -> Target:
    address = web_address(target.to, HOSTS, means)
    if "access_token=" not in address:
        raise AddressRefused("channel_key_missing", part="access_token=")
    return Target(address, target.secret.strip())


def _judge(said: Mapping[str, Any]) -> tuple[Outcome, str]:
    code, told = code_of(said, "errcode"), str(said.get("errmsg", ""))
    words = f"{code} {told}"
    if code == 0:
        return "delivered", words
    if code is None or code in _LATER:
        return "deferred", words
    if code == 310000:  # keyword, signature, address of the sender: settings of the robot; the clock is ours
        return ("sender_fault" if "timestamp" in told else "refused"), words
    return ("refused" if code in _ADDRESS else "sender_fault"), words


def _sender(target: Target, means: Means) -> Sender:
    def send(letter: Letter) -> Delivered:
        body = as_json({"msgtype": "text", "text": {"content": fitting(letter, MOST_BYTES)}})
        return deliver(NAME, signed(target.to, target.secret, means.clock()), body, JSON_BODY, means, _judge)

    return send


CHANNEL = Channel(
    NAME, "web_address", _checked, _sender, lambda target: masked_query(target.to), "optional", per_minute=20, order=21
)
