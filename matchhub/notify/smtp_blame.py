"""Whose fault a reply of a mail server is: the recipient's mailbox, this letter's moment, or the sender's.

Only what names this mailbox, in answer to RCPT, is the address's fault. Everything that may hold for any letter
(connection, sign-in, sender, content, rate, policy) is the sender's, and what is unclear is tried again: a wrong guess
that way costs time, the other way it costs a recipient.

Sources: RFC 5321 4.2.3, RFC 3463 (status codes x.y.z), RFC 4954 (530, 535), and the replies that QQ, NetEase and
Aliyun publish for their servers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from matchhub.notify.channel import Outcome

Step = Literal["connect", "sign_in", "sender", "recipient", "content"]

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_RATE_CODES = frozenset({421, 450, 451, 452})
_SIGN_IN_CODES = frozenset({503, 530, 534, 535, 538})
# x.1.y and x.2.y that speak of the recipient's mailbox; 1.7 and 1.8 speak of the sender's address.
_NO_MAILBOX = frozenset({(1, 1), (1, 2), (1, 3), (1, 4), (1, 6), (1, 10), (2, 1)})
_RATE_WORDS = re.compile(
    r"frequen|too many|too fast|rate.?limit|throttl|limit|quota|exceed|频率|频繁|超限|限制|上限", re.I
)
_SENDER_WORDS = re.compile(
    r"authenti|authoriz|auth |login|log in|relay|polic|spam|block|black.?list|denied|\bdeny|\brbl\b|dnsbl|dmarc|"
    r"\bspf\b|\bdkim\b|suspend|reputation|sender|mail from|client|\bip\b|认证|登录|授权|垃圾|拒绝|黑名单|禁止|发件人",
    re.I,
)
_MAILBOX_WORDS = re.compile(
    r"unknown user|user unknown|unknown recipient|recipient unknown|no such|not found|not exist|doesn'?t exist|"
    r"non.?existent|no mailbox|unrout|invalid (recipient|mailbox|address|user)|bad (recipient|destination)|"
    r"(mailbox|account|user) (is |has been )?(unavailable|disabled|inactive|closed|invalid|not local)|"
    r"不存在|无此|没有此|找不到|无效的?(收件人|邮箱|地址|用户)|(邮箱|帐号|账号|用户)(已)?(停用|注销|禁用)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Blame:
    """Outcome of one reply; ``trouble`` (a code of the words) says what the sender has to do."""

    outcome: Outcome
    trouble: str = ""
    of_letter: bool = False


def blame(step: Step, code: int, text: str) -> Blame:
    """Whose fault the reply ``code text`` at ``step`` of the conversation is; 2xx is delivered."""
    if 200 <= code < 300:
        return Blame("delivered")
    if step == "recipient":
        return _of_recipient(code, text)
    if step == "content":
        return _of_content(code, text)
    if step == "sign_in" or code in _SIGN_IN_CODES:
        return Blame("sender_fault", "mail_trouble_sign_in")
    if step == "sender" and (code in _RATE_CODES or _RATE_WORDS.search(text)):
        return Blame("sender_fault", "mail_trouble_rate")
    return Blame("sender_fault", "mail_trouble_sender" if step == "sender" else "mail_trouble_connection")


def _of_recipient(code: int, text: str) -> Blame:
    if code in _SIGN_IN_CODES:
        return Blame("sender_fault", "mail_trouble_sign_in")
    status = _status(text)
    if (status is not None and status[1:] == (2, 2)) or (
        code in (452, 552) and not _RATE_WORDS.search(_without_box(text))
    ):
        return Blame("deferred")  # the mailbox is full
    if code == 421 or (code < 500 and (_RATE_WORDS.search(text) or (status is not None and status[1] == 7))):
        return Blame("sender_fault", "mail_trouble_rate", of_letter=True)
    if code < 500:
        return Blame("deferred")
    if status is not None and status[0] == 5:
        if status[1:] in _NO_MAILBOX:
            return Blame("refused")
        if status[1] == 7 or status[1:] in ((1, 7), (1, 8)):
            return Blame("sender_fault", "mail_trouble_policy", of_letter=True)
    if _RATE_WORDS.search(text):
        return Blame("sender_fault", "mail_trouble_rate", of_letter=True)
    if _SENDER_WORDS.search(text):
        return Blame("sender_fault", "mail_trouble_policy", of_letter=True)
    if code in (551, 553) or (code in (550, 501) and _MAILBOX_WORDS.search(text)):
        return Blame("refused")
    return Blame("deferred")


def _of_content(code: int, text: str) -> Blame:
    status = _status(text)
    if status is not None and status[1:] == (2, 2):
        return Blame("deferred")
    if code in _SIGN_IN_CODES:
        return Blame("sender_fault", "mail_trouble_sign_in")
    if code in _RATE_CODES or _RATE_WORDS.search(text):
        return Blame("sender_fault", "mail_trouble_rate", of_letter=True)
    return Blame("sender_fault", "mail_trouble_content", of_letter=True)


def _status(text: str) -> tuple[int, int, int] | None:
    found = _STATUS.search(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _without_box(text: str) -> str:
    """A mailbox that is over its quota is full; a sender that is over its own is told so without a mailbox."""
    return re.sub(r"(?i)(mailbox|user|recipient|account|邮箱|收件人)[^.;]*", "", text)
