"""企业微信 group robots: the key stands in the web address.

Source: 企业微信开发者中心, 群机器人配置说明 (20 messages a minute per robot; text at most 2048 bytes) and 全局错误码.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchhub.notify.channel import Delivered, Letter, Outcome, Sender
from matchhub.notify.offered import AddressRefused, Channel, Means, Target
from matchhub.notify.web import JSON_BODY, as_json, code_of, deliver, fitting, masked_query, web_address

NAME, HOSTS, MOST_BYTES = "wecom", ("qyapi.weixin.qq.com",), 2048
_LATER = {-1, 45009, 45011, 45033}  # busy, too often
_ADDRESS = {93000, 93004, 93008, 93017, 40014}  # key wrong, robot removed or not in the group


def _checked(target: Target, means: Means) -> Target:
    address = web_address(target.to, HOSTS, means)
    if "key=" not in address:
        raise AddressRefused("channel_key_missing", part="key=")
    return Target(address)


def _judge(said: Mapping[str, Any]) -> tuple[Outcome, str]:
    code = code_of(said, "errcode")
    words = f"{code} {said.get('errmsg', '')}"
    if code == 0:
        return "delivered", words
    if code is None or code in _LATER:
        return "deferred", words
    return ("refused" if code in _ADDRESS else "sender_fault"), words


def _sender(target: Target, means: Means) -> Sender:
    def send(letter: Letter) -> Delivered:
        body = as_json({"msgtype": "text", "text": {"content": fitting(letter, MOST_BYTES)}})
        return deliver(NAME, target.to, body, JSON_BODY, means, _judge)

    return send


CHANNEL = Channel(
    NAME, "web_address", _checked, _sender, lambda target: masked_query(target.to), per_minute=20, order=20
)
