"""The two languages of the screens: Chinese (first) and English, chosen by a cookie.

Templates write every text as ``t("中文", "English")``; codes become sentences by ``say(code, ...)`` and stored keys
become labels by ``word(group, key)``; both come from the catalogue ``matchhub/wording``. What a page says has its days
in words (``tell``, which templates know as ``say``); cells of files keep them short (``say``).
"""

from __future__ import annotations

from datetime import date

from flask import flash, g, has_app_context, has_request_context, request

from matchhub import wording
from matchhub.errors import Refusal
from web.dates import closed_up, data_in_words, in_words
from web.units import local_zone

COOKIE = "matchhub_language"
TAGS = {"zh": "zh-Hans", "en": "en"}


def language() -> str:
    """``zh`` or ``en``, as the browser of this request chose, or as ``Accept-Language`` of a call says."""
    # A page asks a hundred times: what was chosen once is found by one look at ``g``.
    known: str | None = g.get("language") if has_app_context() else None
    if known is not None:
        return known
    if not has_request_context():
        return "zh"
    if request.path.startswith("/api/") and request.blueprint in (None, "api"):  # a program carries no cookie
        chosen = request.accept_languages.best_match(("zh", "en"), "zh")
    else:
        chosen = request.cookies.get(COOKIE, "zh")
    g.language = chosen if chosen in TAGS else "zh"
    return str(g.language)


def language_tag() -> str:
    """The ``lang`` attribute of the page."""
    return TAGS[language()]


def t(zh: str, en: str) -> str:
    """One of two texts, in the language of the request."""
    return en if language() == "en" else zh


def say(code: str, /, **data: object) -> str:
    """The sentence of a code in the language of the request, days as in columns: for cells of files and lists.

    An unknown code shows itself (and fails a test).
    """
    try:
        return wording.sentence(code, language(), **data)
    except KeyError:
        return code


def tell(code: str, /, **data: object) -> str:
    """The sentence of a code as a page says it: as ``say``, with days and moments in words."""
    return closed_up(say(code, **data_in_words(data, language(), local_zone)))


def said(value: date | None) -> str:
    """A day or moment within a sentence or heading: 2026年11月30日 14:05 (30 November 2026 14:05), or a dash."""
    return in_words(value, language(), local_zone) if value else "—"


def headline(code: str) -> str:
    """What a code is about, for tallies of many records, in the language of the request."""
    return wording.headline(code, language())


def say_refusal(refusal: Refusal) -> str:
    """The sentence of a refusal in the language of the request."""
    return tell(refusal.code, **{name: value for name, value in refusal.data.items() if name != "code"})


def flash_notice(code: str, kind: str = "success", /, **data: object) -> None:
    """Show the sentence of a code on the next page; ``kind`` is success, info, warning or danger."""
    flash(tell(code, **data), kind)


def words() -> wording.Labels:
    """All labels of the catalogue: group -> key -> language -> label."""
    return wording.labels()


def word(group: str, key: str | None) -> str:
    """The label of a stored key, e.g. ``word("validity", "in_force")``; an unknown key shows itself."""
    if not key:
        return t("未注明", "not stated")
    try:
        return wording.label(group, key, language())
    except KeyError:
        return key
