"""Forms that cannot be acted upon now come back as they were typed (PROMISES.md P29): nothing is done, nothing is lost.

A request is *held* when its form token expired, or when it carries what an ended session left (``web.account``). Its
view runs all the same, but no form of it fits (``web.forms.Form``) and no unit of it writes (``web.units.writing``):
so it answers with its own page, filled, and the sentence why.

A hidden mark in each form says whose it is: another account neither sees nor sends what was typed by the first.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from html import unescape
from typing import Any

from flask import current_app, g, make_response, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from matchhub.errors import Conflict, Refusal
from matchhub.services.kernel.unit import VISITOR

OWNER, KEPT = "form_owner", "kept_form"
NOT_TYPED = frozenset({"csrf_token", "act_key", OWNER, KEPT})
_SECRET = frozenset({"password", "old", "new", "again", "code", "secret"})  # names of fields that are never kept
_MOST_KEPT = 200_000  # characters of a form that an ended session carries through the sign-in page
_MOST_READ = 2**18  # bytes that are read of a form whose sender is nobody we know


class HeldBack(Conflict):
    """The view of a held form tried to write: it has no form that could be shown again."""

    code = "form_stale"


def held() -> str | None:
    """The sentence's code where this request is shown and not acted upon."""
    code: str | None = g.get("held")
    return code


def form_owner() -> str:
    """The mark of the account that looks at the page, the same on all its pages; for every form."""
    return sealed(OWNER, g.get("actor", VISITOR).account_id or 0)


def owner_of_form() -> int | None:
    """The account for which this request's form was rendered, 0 for a visitor; ``None`` where it does not say."""
    owner = opened(OWNER, request.form.get(OWNER, ""))
    return owner if isinstance(owner, int) else None


def is_of_this_account(mark: str) -> bool:
    """Whether a mark is that of the account which is signed in now."""
    return opened(OWNER, mark) == (g.actor.account_id or 0)


def sealed(purpose: str, value: Any) -> str:
    """``value`` (plain JSON) as a text that only this installation can have made."""
    text = base64.urlsafe_b64encode(json.dumps(value, ensure_ascii=False).encode())
    return f"{text.decode()}.{_seal(purpose, text)}"


def opened(purpose: str, text: str) -> Any:
    """What was sealed for this purpose; ``None`` for anything else."""
    body, _, seal = text.rpartition(".")
    try:
        if not hmac.compare_digest(seal, _seal(purpose, body.encode("ascii"))):
            return None
        return json.loads(base64.urlsafe_b64decode(body))
    except (ValueError, TypeError, binascii.Error):
        return None


def _seal(purpose: str, text: bytes) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, purpose.encode() + b":" + text, hashlib.sha256).hexdigest()


def shown_filled(code: str) -> Response | None:
    """The page of this request's form as it was typed, with the sentence of ``code``; nothing of it is acted upon.

    ``None`` where the form does not say whose it is, or is another account's: such a page stays as bare as before.
    """
    if request.endpoint is None or owner_of_form() != (g.actor.account_id or 0):
        return None
    try:
        take_up()
        g.held, g.csrf_valid = code, True
        if not typed_fields():
            return _listed(code)  # a button alone: nothing to fill in, and its view may act without any form
        page = make_response(current_app.dispatch_request())
        return page if _holds_what_was_typed(page) else _listed(code)
    except HeldBack:
        return _listed(code)
    except (Refusal, HTTPException):
        return None


def _holds_what_was_typed(page: Response) -> bool:
    """Whether a page shows all that was typed: a form whose record moved on may have no place there any more."""
    text = "".join(unescape(page.get_data(as_text=True)).split())
    return all("".join(value.split()) in text for _, value in typed_fields())


def _listed(code: str) -> Response:
    """What a form said that its view cannot show again, to be sent once more by a press of the button."""
    fields = typed_fields()
    page = render_template("errors/held.html", code=code, fields=fields, path=request.full_path.rstrip("?"))
    return make_response(page, 409)


def typed_fields() -> list[tuple[str, str]]:
    """The fields of this request's form but its marks and secrets, in their order."""
    return [each for each in request.form.items(multi=True) if each[0] not in NOT_TYPED | _SECRET]


def carried(owner: int | None) -> str | None:
    """What an ended session was about to send, sealed for its account; ``None`` where there is nothing to carry.

    ``owner`` is the account of the ended session, where the browser still holds it; else the form must say whose it is.
    """
    if owner is None and (request.content_length or 0) > _MOST_READ:
        return None
    said = owner_of_form()
    fields = [each for each in typed_fields() if each[1]]
    if not said or (owner is not None and owner != said) or not fields:
        return None
    content = {
        "owner": said,
        "path": request.full_path.rstrip("?"),
        "fields": fields,
        "key": request.form.get("act_key"),
    }
    kept = sealed(KEPT, content)
    return kept if len(kept) <= _MOST_KEPT else None


def is_kept_for(text: str, account_id: int | None) -> bool:
    """Whether a carried form belongs to the account."""
    kept = opened(KEPT, text)
    return isinstance(kept, dict) and account_id is not None and kept["owner"] == account_id


def kept_page(text: str, code: str = "kept_after_session") -> str:
    """What was carried, shown for a look before the way back to its form, with the sentence of ``code``."""
    kept = opened(KEPT, text)
    values = [value for _, value in kept["fields"]]
    return render_template("errors/kept.html", kept=text, path=kept["path"], values=values, code=code)


def take_up() -> None:
    """Before the view of a form that was carried through the sign-in page: let it see what was typed then, held."""
    if request.method != "POST" or KEPT not in request.form or request.endpoint == "account.sign_in":
        return
    text = request.form[KEPT]
    if not is_kept_for(text, g.actor.account_id) or opened(KEPT, text)["path"] != request.full_path.rstrip("?"):
        raise HeldBack("form_not_yours")
    kept = opened(KEPT, text)
    request.form = MultiDict(kept["fields"])  # type: ignore[assignment]
    g.held, g.kept_key = "form_came_back", kept.get("key")


def carried_key() -> str | None:
    """The key under which a carried form was sent the first time: whether that act was done, only its key can tell."""
    key: str | None = g.get("kept_key")
    return key
