"""Letters: written out right, kept as files, sent by SMTP with the server's own reply kept and judged."""

from __future__ import annotations

import email
import email.policy
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from matchhub.errors import SettingInvalid
from matchhub.notify.channel import Delivered, Letter
from matchhub.notify.mail import Identity, MailServer, SmtpSender, compose, file_sender, read_server
from matchhub.notify.smtp_blame import Step, blame
from tests.notify.sinks import MailSink, serving

AT = datetime(2025, 6, 2, 4, 0, tzinfo=UTC)
LETTER = Letter(
    message_id="<push.abc@matchhub>",
    sender="",
    to="boss@example.com",
    subject="专利推荐:一种防滑鞋底",
    text="您好\n链接 http://127.0.0.1:8000/p/x\n",
    html="<p>您好</p>",
    off_link="http://127.0.0.1:8000/p/" + "x" * 120 + "/off",
)
US = Identity("match@jinjiang.example", "晋江市专利交易匹配平台", "help@jinjiang.example", "bounce@jinjiang.example")


def clock() -> datetime:
    return AT


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with serving(MailSink()) as opened:
        yield opened


def sender(sink: MailSink, **changes: Any) -> SmtpSender:
    server = MailServer("127.0.0.1", sink.port, "none")
    return SmtpSender(replace(server, **changes), US, clock)


def read(content: bytes) -> Any:
    return email.message_from_bytes(content, policy=email.policy.default)


def test_a_letter_bears_sender_name_reply_address_and_a_message_id_of_the_sender_s_domain(sink: MailSink) -> None:
    assert sender(sink)(LETTER) == Delivered("smtp", "delivered", "250 kept")
    (got,) = sink.letters
    assert (got.mail_from, got.rcpt_tos) == ("bounce@jinjiang.example", ["boss@example.com"])
    message = read(got.content)
    (author,) = message["From"].addresses
    assert (author.display_name, author.addr_spec) == ("晋江市专利交易匹配平台", "match@jinjiang.example")
    assert message["Reply-To"] == "help@jinjiang.example"
    assert message["Message-ID"] == "<push.abc@jinjiang.example>"
    assert message["Subject"] == LETTER.subject
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_the_one_click_switch_stands_raw_in_one_line(sink: MailSink) -> None:
    sender(sink)(LETTER)
    lines = sink.letters[0].content.split(b"\r\n")
    assert f"List-Unsubscribe: <{LETTER.off_link}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert all(len(line) < 990 and line.isascii() for line in lines)


def test_without_a_server_letters_become_files_that_any_mail_reader_opens(tmp_path: Path) -> None:
    send = file_sender(tmp_path / "outbox", clock, US)
    assert send(LETTER) == Delivered("file", "written", "push.abc@matchhub.eml")
    send(LETTER)
    (file,) = (tmp_path / "outbox").iterdir()
    message = read(file.read_bytes())
    assert message["Subject"] == "专利推荐:一种防滑鞋底"
    assert "您好" in message.get_body(("plain",)).get_content()


def test_many_letters_go_over_one_connection(sink: MailSink) -> None:
    send = sender(sink)
    for _ in range(5):
        assert send(LETTER).outcome == "delivered"
    send.close()
    assert (sink.connections, len(sink.letters)) == (1, 5)


def test_a_connection_that_the_server_ended_meanwhile_is_made_again(sink: MailSink) -> None:
    send = sender(sink)
    send(LETTER)
    sink.close_all()
    assert send(LETTER).outcome == "delivered"
    assert (sink.connections, len(sink.letters)) == (2, 2)


@pytest.mark.parametrize(
    ("step", "reply", "outcome", "trouble"),
    [
        ("sender", "550 5.7.1 not allowed", "sender_fault", "mail_trouble_sender"),
        ("sender", "553 Mail from must equal authorized user", "sender_fault", "mail_trouble_sender"),
        ("sender", "530 Authentication required", "sender_fault", "mail_trouble_sign_in"),
        ("sender", "450 too fast", "sender_fault", "mail_trouble_rate"),
        ("sender", "421 too many messages", "sender_fault", "mail_trouble_rate"),
        ("recipient", "550 5.1.1 user unknown", "refused", ""),
        ("recipient", "550 User not found: boss@example.com", "refused", ""),
        ("recipient", "551 user not local", "refused", ""),
        ("recipient", "553 5.1.3 bad address syntax", "refused", ""),
        ("recipient", "550 5.2.1 mailbox disabled", "refused", ""),
        ("recipient", "550 用户不存在", "refused", ""),
        ("recipient", "550 5.7.1 relaying denied", "sender_fault", "mail_trouble_policy"),
        ("recipient", "554 5.7.1 Relay access denied", "sender_fault", "mail_trouble_policy"),
        ("recipient", "550 Mailbox unavailable or access denied", "sender_fault", "mail_trouble_policy"),
        ("recipient", "553 authentication is required", "sender_fault", "mail_trouble_policy"),
        ("recipient", "550 Connection frequency limited", "sender_fault", "mail_trouble_rate"),
        ("recipient", "530 5.7.0 Authentication required", "sender_fault", "mail_trouble_sign_in"),
        ("recipient", "421 4.7.0 too many connections", "sender_fault", "mail_trouble_rate"),
        ("recipient", "450 4.2.0 greylisted", "deferred", ""),
        ("recipient", "452 4.2.2 mailbox full", "deferred", ""),
        ("recipient", "552 5.2.2 mailbox quota exceeded", "deferred", ""),
        ("recipient", "550 no", "deferred", ""),
        ("recipient", "550 5.1.8 sender address rejected", "sender_fault", "mail_trouble_policy"),
        ("content", "550 Mail content denied", "sender_fault", "mail_trouble_content"),
        ("content", "554 DT:SPM", "sender_fault", "mail_trouble_content"),
        ("content", "451 later", "sender_fault", "mail_trouble_rate"),
        ("content", "421 closing", "sender_fault", "mail_trouble_rate"),
        ("content", "552 5.3.4 too big", "sender_fault", "mail_trouble_content"),
    ],
)
def test_the_reply_decides_whose_fault_it_is(sink: MailSink, step: str, reply: str, outcome: str, trouble: str) -> None:
    sink.replies[step] = reply
    answer = sender(sink)(LETTER)
    assert (answer.outcome, answer.trouble) == (outcome, trouble)
    assert answer.reply == reply
    assert sink.letters == []


@pytest.mark.parametrize(("reply", "outcome"), [("554 no service", "sender_fault"), ("421 busy", "sender_fault")])
def test_a_refusal_at_the_greeting_is_the_sender_s(reply: str, outcome: str) -> None:
    with serving(MailSink(greeting=reply)) as sink:
        answer = sender(sink)(LETTER)
    assert (answer.outcome, answer.trouble, answer.reply) == (outcome, "mail_trouble_connection", reply)


@pytest.mark.parametrize("drop_at", ["connect", "sender", "recipient", "content"])
def test_a_server_that_hangs_up_is_the_sender_s_trouble(sink: MailSink, drop_at: str) -> None:
    sink.drop_at = drop_at
    answer = sender(sink)(LETTER)
    assert (answer.outcome, answer.trouble) == ("sender_fault", "mail_trouble_connection")


def test_a_server_that_is_not_there_is_the_sender_s_trouble() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    answer = SmtpSender(MailServer("127.0.0.1", port), US, clock)(LETTER)
    assert (answer.outcome, answer.trouble) == ("sender_fault", "mail_trouble_connection")


def test_a_refused_sign_in_is_the_sender_s_trouble_and_a_right_one_goes_on() -> None:
    with serving(MailSink(password="right")) as sink:
        wrong = sender(sink, user="match@jinjiang.example", password="wrong")(LETTER)
        right = sender(sink, user="match@jinjiang.example", password="right")(LETTER)
    assert (wrong.outcome, wrong.trouble, wrong.reply[:3]) == ("sender_fault", "mail_trouble_sign_in", "535")
    assert right.outcome == "delivered"


def test_starttls_that_is_not_offered_is_told_and_nothing_is_sent_in_the_clear(sink: MailSink) -> None:
    answer = sender(sink, tls="starttls")(LETTER)
    assert (answer.outcome, answer.trouble) == ("sender_fault", "mail_trouble_tls")
    assert sink.letters == []


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
               "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"]  # fmt: skip
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no openssl")
    return folder


@pytest.mark.parametrize("tls", ["starttls", "auto", "implicit"])
def test_letters_go_encrypted_where_the_certificate_is_known_and_nowhere_else(
    certificate: Path, tls: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(MailSink(certificate=certificate, implicit=tls == "implicit")) as sink:
        unknown = sender(sink, host="localhost", tls=tls)(LETTER)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
        known = sender(sink, host="localhost", tls=tls)(LETTER)
    assert (unknown.outcome, unknown.trouble) == ("sender_fault", "mail_trouble_tls")
    assert known.outcome == "delivered" and sink.encrypted == [True]


@pytest.mark.parametrize(
    ("url", "tls", "port", "server"),
    [
        ("smtp://mail.example", "auto", 0, MailServer("mail.example", 25, "auto")),
        ("smtps://mail.example", "auto", 0, MailServer("mail.example", 465, "implicit")),
        ("smtp://mail.example:465", "auto", 0, MailServer("mail.example", 465, "implicit")),
        ("smtp://mail.example", "starttls", 0, MailServer("mail.example", 587, "starttls")),
        ("smtp://mail.example:25", "none", 2525, MailServer("mail.example", 2525, "none")),
        (
            "smtp://a%40qq.com:p%3Aw@smtp.qq.com:587",
            "auto",
            0,
            MailServer("smtp.qq.com", 587, "auto", "a@qq.com", "p:w"),
        ),
    ],
)
def test_server_port_encryption_and_sign_in_are_read_from_the_settings(
    url: str, tls: str, port: int, server: MailServer
) -> None:
    assert read_server(url, tls, port) == server


@pytest.mark.parametrize("url", ["http://mail", "smtp://", "nonsense", "smtp://mail:port", "smtp://[mail"])
def test_a_wrong_server_address_is_refused(url: str) -> None:
    with pytest.raises(SettingInvalid):
        read_server(url)


def test_a_letter_that_cannot_be_handed_over_leaves_the_connection_clean_for_the_next(sink: MailSink) -> None:
    send = sender(sink)
    with pytest.raises(UnicodeEncodeError):
        send(replace(LETTER, to="李工@qq.com"))
    assert send(LETTER).outcome == "delivered"


@pytest.mark.parametrize("step", ["connect", "sender", "recipient", "content"])
def test_every_step_takes_a_2xx_as_done(step: Step) -> None:
    assert blame(step, 250, "ok").outcome == "delivered"


def test_a_letter_of_its_own_sender_keeps_its_name() -> None:
    message = compose(replace(LETTER, sender="a@b.example"), AT)
    assert (message["From"], message["Message-ID"]) == ("a@b.example", "<push.abc@matchhub>")
