"""The letter with a link for a new password, sent beside the request so that the answer takes as long for nobody."""

from __future__ import annotations

import secrets
import threading

from matchhub.notify.channel import Letter
from matchhub.operation.postman import send_one
from matchhub.services.accounts.password_links import HOLDS, LinkLetter, make_link
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from matchhub.wording import sentence


def send_link(runtime: Runtime, login: str, address: str) -> threading.Thread:
    """Make a link for the account of that login and send it to its mailbox; ``address`` is the client's.

    What is done for a name that nobody has is the same, but for the letter itself, which is sent by the thread that is
    returned. Raises ``LimitReached``.
    """
    with runtime.unit(SYSTEM) as unit:
        due = make_link(unit, login, address)
    thread = threading.Thread(target=_send, args=(runtime, due), name="password-letter", daemon=True)
    thread.start()
    return thread


def _send(runtime: Runtime, due: LinkLetter | None) -> None:
    if due is None:
        return
    link = f"{runtime.base_url}/account/new-password/{due.token}"
    minutes = int(HOLDS.total_seconds() // 60)
    texts = [sentence("letter_password_link", lang, name=due.name, link=link, minutes=minutes) for lang in ("zh", "en")]
    subject = sentence("letter_password_subject", "zh")
    send_one(runtime, Letter(f"<password-{secrets.token_hex(12)}@matchhub>", "", due.to, subject, "\n\n".join(texts)))
