"""The letter to a registrant whom the operator did not confirm: the account never opens, so no notice can tell it."""

from __future__ import annotations

import secrets
import threading

from matchhub.notify.channel import Letter
from matchhub.operation.postman import send_one
from matchhub.services.accounts.verification import Registrant
from matchhub.services.kernel.runtime import Runtime
from matchhub.wording import sentence


def tell_rejected(runtime: Runtime, registrant: Registrant | None) -> threading.Thread | None:
    """Write to a rejected registrant, by the thread that is returned; ``None`` where it left no mailbox."""
    if registrant is None:
        return None
    fields = {"name": registrant.contact_name, "firm": registrant.name, "login": registrant.login}
    texts = [sentence("letter_registration_rejected", lang, **fields) for lang in ("zh", "en")]
    letter = Letter(
        f"<registration-{secrets.token_hex(12)}@matchhub>",
        "",
        registrant.to,
        sentence("letter_registration_subject", "zh"),
        "\n\n".join(texts),
    )
    thread = threading.Thread(target=send_one, args=(runtime, letter), name="registration-letter", daemon=True)
    thread.start()
    return thread
