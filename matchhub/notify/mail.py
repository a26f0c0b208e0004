"""E-mail: by SMTP where a server is set, else as ``.eml`` files in an outbox folder."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from matchhub.durable import write_durably
from matchhub.errors import SettingInvalid
from matchhub.notify.channel import Delivered, Letter, Sender
from matchhub.notify.smtp_blame import Step, blame

TIMEOUT = 30.0
_PORTS = {"implicit": 465, "starttls": 587}
_LOCAL = ("localhost", "127.0.0.1", "::1")
_RAW = frozenset({"list-unsubscribe", "list-unsubscribe-post", "message-id"})


class _LetterPolicy(EmailPolicy):
    """As SMTP wants it, save that addresses in headers stay whole: folded or encoded no provider reads the switch."""

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}{self.linesep}" if name.lower() in _RAW else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii") if name.lower() in _RAW else super().fold_binary(name, value)


_POLICY = _LetterPolicy(linesep="\r\n", cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Identity:
    """In whose name an installation writes. ``envelope`` is the address of MAIL FROM, "" for ``address``."""

    address: str
    name: str = ""
    reply_to: str = ""
    envelope: str = ""

    @property
    def domain(self) -> str:
        """Of the sender's address; Message-IDs are made in it."""
        return self.address.rpartition("@")[2]

    @property
    def header(self) -> str:
        """The From line."""
        return str(Address(self.name, addr_spec=self.address))


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over. ``tls``: auto (STARTTLS where offered), none, starttls or implicit."""

    host: str
    port: int
    tls: str = "auto"
    user: str = ""
    password: str = ""


def read_server(url: str, tls: str = "auto", port: int = 0) -> MailServer:
    """``smtp://user:password@host:port`` or ``smtps://``; raises ``SettingInvalid`` for another address."""
    try:
        parts = urlsplit(url)
        host, given = parts.hostname, parts.port
    except ValueError as error:
        raise SettingInvalid("smtp_url_invalid") from error
    if parts.scheme not in ("smtp", "smtps") or not host:
        raise SettingInvalid("smtp_url_invalid")
    if tls == "auto" and (parts.scheme == "smtps" or (port or given) == _PORTS["implicit"]):
        tls = "implicit"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(host, port or given or _PORTS.get(tls, 25), tls, user, password)


def compose(letter: Letter, at: datetime, identity: Identity | None = None) -> EmailMessage:
    """The letter as a MIME message in the name of ``identity``, else of the letter's own sender.

    The text stands beside the HTML; the Message-ID keeps its first part and gets the sender's domain.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"], message["To"], message["Subject"] = letter.sender, letter.to, letter.subject
    message["Date"], message["Message-ID"] = format_datetime(at), letter.message_id
    if identity is not None:
        message.replace_header("From", identity.header)
        message.replace_header("Message-ID", message_id_in(letter.message_id, identity.domain))
        if identity.reply_to:
            message["Reply-To"] = identity.reply_to
    message["Auto-Submitted"] = "auto-generated"
    if letter.off_link:
        message["List-Unsubscribe"] = f"<{letter.off_link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text, cte="base64")
    if letter.html:
        message.add_alternative(letter.html, subtype="html", cte="base64")
    return message


def message_id_in(message_id: str, domain: str) -> str:
    """The same Message-ID in another domain: ``<push.abc@matchhub>`` -> ``<push.abc@mail.example.cn>``."""
    local = message_id.strip("<>").rpartition("@")[0] or message_id.strip("<>")
    return f"<{local}@{domain}>"


def file_sender(folder: Path, clock: Callable[[], datetime], identity: Identity | None = None) -> Sender:
    """Writes each letter whole into ``folder`` as ``<Message-ID>.eml``; the same letter again replaces itself."""

    def send(letter: Letter) -> Delivered:
        name = letter.message_id.strip("<>").replace("/", "_") + ".eml"
        write_durably(folder / name, compose(letter, clock(), identity).as_bytes())
        return Delivered("file", "written", name)

    return send


class SmtpSender:
    """Sends by one server over one connection, made at the first letter and again when the server ended it.

    Every answer of the server is kept, and judged by ``smtp_blame``. ``close`` ends the connection.
    """

    def __init__(
        self, server: MailServer, identity: Identity, clock: Callable[[], datetime], per_minute: int = 0
    ) -> None:
        self.per_minute = per_minute  # letters that whoever sends may hand over; 0: as many as there are
        self._server, self._identity, self._clock = server, identity, clock
        self._open: smtplib.SMTP | None = None

    def __call__(self, letter: Letter) -> Delivered:
        """Hand one letter over; what the letter itself makes impossible (an address, a sign) is raised."""
        content = compose(letter, self._clock(), self._identity).as_bytes()
        reused = self._open is not None
        try:
            answer, step = self._try(letter, content)
            if reused and answer.outcome == "sender_fault" and step == "sender":
                answer, step = self._try(letter, content)  # the server had ended the old connection; nothing was sent
        except Exception:
            self._drop()  # in the middle of a conversation
            raise
        return answer

    def close(self) -> None:
        """End the connection, politely where the server still listens."""
        server, self._open = self._open, None
        if server is not None:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()

    def _try(self, letter: Letter, content: bytes) -> tuple[Delivered, Step]:
        step: Step = "connect"
        try:
            if self._open is None:
                self._open = _connect(self._server, self._identity.domain)
                step = "sign_in"
                _sign_in(self._open, self._server)
            step = "sender"
            code, reply = self._open.mail(self._identity.envelope or self._identity.address)
            if code < 300:
                step = "recipient"
                code, reply = self._open.rcpt(letter.to)
            if code < 300:
                step = "content"
                code, reply = self._open.data(content)
            if code < 300:
                return Delivered("smtp", "delivered", _reply(code, reply)), step
            return self._refused(step, code, reply)
        except smtplib.SMTPResponseException as error:
            return self._refused(step, error.smtp_code, error.smtp_error)
        except ssl.SSLError as error:
            return self._broken("mail_trouble_tls", error), step
        except smtplib.SMTPNotSupportedError as error:
            return self._broken("mail_trouble_sign_in" if step == "sign_in" else "mail_trouble_tls", error), step
        except (OSError, smtplib.SMTPException) as error:
            return self._broken("mail_trouble_connection", error), step

    def _refused(self, step: Step, code: int, reply: bytes | str) -> tuple[Delivered, Step]:
        text = _reply(code, reply)
        found = blame(step, code, text[4:])
        if found.outcome == "sender_fault":
            self._drop()
        elif self._open is not None:
            try:
                self._open.rset()
            except (OSError, smtplib.SMTPException):
                self._drop()
        return Delivered("smtp", found.outcome, text, None, found.trouble, found.of_letter), step

    def _broken(self, trouble: str, error: Exception) -> Delivered:
        self._drop()
        return Delivered("smtp", "sender_fault", f"{type(error).__name__}: {error}"[:400], None, trouble)

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


def _connect(server: MailServer, name: str) -> smtplib.SMTP:
    """The domain of the sender is the name given at EHLO: asking the network for this machine's may take long."""
    context = ssl.create_default_context()
    if server.tls == "implicit":
        return smtplib.SMTP_SSL(server.host, server.port, local_hostname=name, timeout=TIMEOUT, context=context)
    link = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=TIMEOUT)
    link.ehlo_or_helo_if_needed()
    if server.tls == "starttls" or (server.tls == "auto" and link.has_extn("starttls")):
        link.starttls(context=context)
        link.ehlo()
    elif server.tls == "auto" and server.user and server.host not in _LOCAL:
        raise smtplib.SMTPNotSupportedError("the server offers no STARTTLS; no password is sent in the clear")
    return link


def _sign_in(link: smtplib.SMTP, server: MailServer) -> None:
    """By each way that the server offers, as ``smtplib.login`` does; but what it said of a wrong password is kept when
    it hangs up after it."""
    link.ehlo_or_helo_if_needed()
    if not server.user:
        return
    link.user, link.password = server.user, server.password
    offered = str(link.esmtp_features.get("auth", "")).upper().split()
    refused: smtplib.SMTPResponseException | None = None
    for name in ("CRAM-MD5", "PLAIN", "LOGIN"):
        if name not in offered:
            continue
        try:
            link.auth(name, getattr(link, f"auth_{name.lower().replace('-', '_')}"))
        except smtplib.SMTPAuthenticationError as error:
            refused = error
        except smtplib.SMTPServerDisconnected:
            raise refused or smtplib.SMTPAuthenticationError(535, b"the server hung up") from None
        else:
            return
    raise refused or smtplib.SMTPNotSupportedError("the server offers no way to sign in")


def _reply(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(text.split())}"[:400]
