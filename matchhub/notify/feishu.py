"""飞书 group robots: the key stands in the path, moment and signature where the robot asks for them in the body.

Source: 飞书开放平台, 自定义机器人使用指南 (签名校验: HMAC-SHA256 with the key ``timestamp\\nsecret`` over nothing,
base64, the moment in seconds and within an hour; 100 messages a minute and 5 a second). As with the others 20 a minute
are kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from matchhub.notify.channel import Delivered, Letter, Outcome, Sender
from matchhub.notify.offered import AddressRefused, Channel, Means, Target
from matchhub.notify.web import JSON_BODY, as_json, code_of, deliver, fitting, masked_query, web_address

NAME, HOSTS, MOST_BYTES = "feishu", ("open.feishu.cn",), 18_000
_LATER = {9499, 11232, 11233, 99991400}  # too often, busy
_ADDRESS = {19001, 19021, 19022, 19024}  # key unknown, signature, address of the sender, keyword


def signature(secret: str, at: datetime) -> dict[str, str]:
    """The two fields that sign a body; none where the robot has no secret."""
    if not secret:
        return {}
    moment = str(int(at.timestamp()))
    mac = hmac.new(f"{moment}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": moment, "sign": base64.b64encode(mac).decode()}


def _checked(target: Target, means: Means) -> Target:
    address = web_address(target.to, HOSTS, means)
    if "/hook/" not in address:
        raise AddressRefused("channel_key_missing", part="/hook/")
    return Target(address, target.secret.strip())


def _judge(said: Mapping[str, Any]) -> tuple[Outcome, str]:
    code = code_of(said, "code", "StatusCode")
    words = f"{code} {said.get('msg') or said.get('StatusMessage') or ''}"
    if code == 0:
        return "delivered", words
    if code is None or code in _LATER:
        return "deferred", words
    return ("refused" if code in _ADDRESS else "sender_fault"), words


def _sender(target: Target, means: Means) -> Sender:
    def send(letter: Letter) -> Delivered:
        said = {"msg_type": "text", "content": {"text": fitting(letter, MOST_BYTES)}}
        body = as_json({**signature(target.secret, means.clock()), **said})
        return deliver(NAME, target.to, body, JSON_BODY, means, _judge)

    return send


CHANNEL = Channel(
    NAME, "web_address", _checked, _sender, lambda target: masked_query(target.to), "optional", per_minute=20, order=22
)
