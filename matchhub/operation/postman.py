"""The channel every letter of this installation goes by, and how single letters (digests, checkpoints) are sent."""

from __future__ import annotations

from dataclasses import dataclass

from matchhub.notify.channel import Delivered, Letter, Sender
from matchhub.notify.mail import Identity, SmtpSender, file_sender, read_server
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.settings import MailSettings
from matchhub.services.pushes.bounces import MAIL, note_bounce
from matchhub.services.pushes.troubles import clear_trouble, in_trouble, note_trouble

_NOBODY = "matchhub@localhost"  # written to a folder, a letter needs no sender that exists
ARRIVED = ("delivered", "written")


def identity_of(mail: MailSettings) -> Identity:
    """In whose name this installation writes."""
    return Identity(mail.sender or _NOBODY, mail.name, mail.reply_to, mail.envelope)


def sender_of(runtime: Runtime) -> Sender:
    """The channel this installation sends by; ``SettingInvalid`` for a wrong SMTP address.

    The invented people of a demo base get no real mail: their letters always become files.
    """
    settings = runtime.settings
    identity = identity_of(settings.mail)
    with runtime.unit(write=False) as unit:
        invented = holds_rows(unit, demo=True)
    if settings.smtp_url and not invented:
        server = read_server(settings.smtp_url, settings.mail.tls, settings.mail.port)
        return SmtpSender(server, identity, runtime.clock, settings.mail.per_minute)
    return file_sender(runtime.home / "outbox", runtime.clock, identity)


def close_sender(send: Sender) -> None:
    """End the connection of a channel that keeps one."""
    if isinstance(send, SmtpSender):
        send.close()


@dataclass
class Postman:
    """Sends single letters one after another, with the same care as pushes.

    What the server holds against the installation is noted and stops all further letters of this postman; a mailbox
    that does not exist is noted as bounced.
    """

    runtime: Runtime
    send: Sender
    _stopped: Delivered | None = None

    def __call__(self, letter: Letter) -> Delivered:
        """What became of the letter; after a refusal of the installation the same answer without another try."""
        if self._stopped is not None:
            return self._stopped
        try:
            answer = self.send(letter)
        except Exception as error:  # a fault of this letter: the next one may go
            return Delivered("none", "deferred", f"{type(error).__name__}: {error}"[:400])
        with self.runtime.unit(write=False) as unit:
            troubled = in_trouble(unit, MAIL)
        if answer.outcome in ("sender_fault", "refused") or (troubled and answer.outcome == "delivered"):
            self._note(letter, answer)
        return answer

    def _note(self, letter: Letter, answer: Delivered) -> None:
        with self.runtime.unit() as unit:
            if answer.outcome == "sender_fault":
                self._stopped = answer
                note_trouble(unit, MAIL, answer.trouble or "channel_trouble", answer.reply)
            elif answer.outcome == "refused":
                note_bounce(unit, MAIL, letter.to, answer.reply)
            else:
                clear_trouble(unit, MAIL)


def send_one(runtime: Runtime, letter: Letter) -> None:
    """Send a single letter by the channel of this installation and end the connection."""
    send = sender_of(runtime)
    try:
        Postman(runtime, send)(letter)
    finally:
        close_sender(send)
