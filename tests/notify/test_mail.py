"""Letters: written out right, kept as files, sent by SMTP with the server's own reply kept."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from matchhub.errors import SettingInvalid
from matchhub.notify.channel import Delivered, Letter
from matchhub.notify.mail import compose, file_sender, smtp_sender

AT = datetime(2025, 6, 2, 4, 0, tzinfo=UTC)
LETTER = Letter(
    message_id="<push.abc@matchhub>",
    sender="matchhub@example.com",
    to="boss@example.com",
    subject="专利推荐:一种防滑鞋底",
    text="您好\n链接 http://127.0.0.1:8000/p/x\n",
    off_link="http://127.0.0.1:8000/p/x/off",
)


def clock() -> datetime:
    return AT


class Sink:
    """A mail server that answers what it was told to."""

    def __init__(self) -> None:
        self.answer = "250 kept"
        self.letters: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.letters.append(envelope)
        return self.answer


@pytest.fixture
def sink() -> Iterator[tuple[Sink, str]]:
    handler = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    controller.stop()


def test_a_letter_carries_its_message_id_and_the_one_click_switch() -> None:
    message = compose(LETTER, AT)
    assert message["Message-ID"] == "<push.abc@matchhub>"
    assert message["List-Unsubscribe"] == "<http://127.0.0.1:8000/p/x/off>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_without_a_server_letters_become_files_that_any_mail_reader_opens(tmp_path: Path) -> None:
    send = file_sender(tmp_path / "outbox", clock)
    assert send(LETTER) == Delivered("file", "delivered", "push.abc@matchhub.eml")
    send(LETTER)
    (file,) = (tmp_path / "outbox").iterdir()
    read = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert read["Subject"] == "专利推荐:一种防滑鞋底"
    assert "您好" in read.get_content()


def test_the_server_s_reply_is_kept(sink: tuple[Sink, str]) -> None:
    handler, url = sink
    assert smtp_sender(url, clock)(LETTER) == Delivered("smtp", "delivered", "250 kept")
    assert handler.letters[0].rcpt_tos == ["boss@example.com"]


@pytest.mark.parametrize(
    ("answer", "outcome"), [("451 later", "deferred"), ("552 full", "refused"), ("250 kept", "delivered")]
)
def test_a_4xx_answer_is_tried_again_and_a_5xx_answer_is_final(
    sink: tuple[Sink, str], answer: str, outcome: str
) -> None:
    handler, url = sink
    handler.answer = answer
    assert smtp_sender(url, clock)(LETTER).outcome == outcome


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert smtp_sender(f"smtp://127.0.0.1:{port}", clock)(LETTER).outcome == "deferred"


@pytest.mark.parametrize("url", ["http://mail", "smtp://", "nonsense"])
def test_a_wrong_server_address_is_refused(url: str) -> None:
    with pytest.raises(SettingInvalid):
        smtp_sender(url, clock)
