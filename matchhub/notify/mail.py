"""E-mail: by SMTP where a server is set, else as ``.eml`` files in an outbox folder."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from matchhub.errors import SettingInvalid
from matchhub.notify.channel import Delivered, Letter, Outcome, Sender

TIMEOUT = 20.0


def compose(letter: Letter, at: datetime) -> EmailMessage:
    """The letter as a MIME message with its own Message-ID."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"], message["To"], message["Subject"] = letter.sender, letter.to, letter.subject
    message["Date"], message["Message-ID"] = format_datetime(at), letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    if letter.off_link:
        message["List-Unsubscribe"] = f"<{letter.off_link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    return message


def file_sender(folder: Path, clock: Callable[[], datetime]) -> Sender:
    """Writes each letter whole into ``folder`` as ``<Message-ID>.eml``; the same letter again replaces itself."""

    def send(letter: Letter) -> Delivered:
        folder.mkdir(parents=True, exist_ok=True)
        name = letter.message_id.strip("<>").replace("/", "_") + ".eml"
        part = folder / (name + ".part")
        part.write_bytes(compose(letter, clock()).as_bytes())
        part.replace(folder / name)
        return Delivered("file", "delivered", name)

    return send


def smtp_sender(url: str, clock: Callable[[], datetime]) -> Sender:
    """Sends by ``smtp://user:password@host:port`` (STARTTLS when offered) or ``smtps://``.

    Raises ``SettingInvalid`` for another address. Every answer of the server is kept.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SettingInvalid("smtp_url_invalid")

    def send(letter: Letter) -> Delivered:
        try:
            with _connect(parts.scheme, parts.hostname or "", parts.port) as server:
                if parts.username:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                return _hand_over(server, letter, compose(letter, clock()))
        except smtplib.SMTPResponseException as error:
            return Delivered("smtp", _outcome(error.smtp_code), _reply(error.smtp_code, error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            return Delivered("smtp", "deferred", f"{type(error).__name__}: {error}"[:200])

    return send


def _connect(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
    return server


def _hand_over(server: smtplib.SMTP, letter: Letter, message: EmailMessage) -> Delivered:
    """Step by step, so that the server's own reply to the message is what is kept."""
    server.ehlo_or_helo_if_needed()
    for code, reply in (server.mail(letter.sender), server.rcpt(letter.to)):
        if code >= 300:
            return Delivered("smtp", _outcome(code), _reply(code, reply))
    code, reply = server.data(message.as_bytes())
    return Delivered("smtp", _outcome(code), _reply(code, reply))


def _outcome(code: int) -> Outcome:
    if 200 <= code < 300:
        return "delivered"
    return "refused" if code >= 500 else "deferred"


def _reply(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {text}"[:400]
