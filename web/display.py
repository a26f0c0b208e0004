"""How values look on the screens: days and moments by the city's clock, money, counts, paths of static files."""

from __future__ import annotations

import hashlib
import os
import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, request, url_for

from matchhub.domain.rules import RulePack
from matchhub.services.matching.bands import score_band, score_bands
from web.addresses import page_address, page_url, route_url
from web.cards import labelled
from web.language import headline, language, language_tag, said, say_refusal, t, tell, word
from web.listing import clear_address, kept_arguments, list_address
from web.units import local_zone
from web.units import pack as pack

NOTHING = "—"
_MODEL = re.compile(r"-(\d+):(\w+)$")


def day(value: date | None) -> str:
    """2025-06-30 as columns show it, or a dash; sentences and headings take ``said``."""
    return value.isoformat() if value else NOTHING


def written_day(value: date | None) -> str:
    """2025年6月30日 as papers write it, or a dash."""
    return f"{value.year}年{value.month}月{value.day}日" if value else NOTHING


def moment(value: datetime | None) -> str:
    """2025-06-30 14:05 by the clock of the pack's city, or a dash."""
    return value.astimezone(local_zone()).strftime("%Y-%m-%d %H:%M") if value else NOTHING


def threshold_title(key: str, rules: RulePack | None = None) -> str:
    """What a threshold is called, by the pack asked or the one in force; of a key that neither has, the key."""
    found = [each for one in (rules, pack()) if one is not None for each in one.thresholds if each.key == key]
    return found[0].title(language()) if found else key


def first_threshold(kind: str) -> str:
    """Key of the first threshold of the pack in force that counts records of a kind; "" when it counts none."""
    return next((each.key for each in pack().thresholds_of(kind)), "")


def city() -> str:
    """Name of the pack's city, as short as it is said, in the language of the request."""
    place = pack().local
    return t(place.names[0], place.name_en)


def trade_name(key: str) -> str:
    """An industry of the rule pack by its key, in the language of the request; an unknown key shows itself."""
    found = pack().industries.get(key)
    return t(found.zh, found.en) if found else key


def count(value: int | None) -> str:
    """12,345, or a dash."""
    return NOTHING if value is None else f"{value:,}"


_MYRIAD = 10_000  # 万


def yuan(value: Decimal | int | None) -> str:
    """As people write it: 8万元, 12.5万元, 9,999元, 12,345.60元 (in English ¥80,000), or a dash."""
    if value is None:
        return NOTHING
    amount = Decimal(value)
    exact = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    myriads = amount / _MYRIAD
    if abs(amount) >= _MYRIAD and myriads == round(myriads, 2):
        whole = f"{myriads:,.2f}".rstrip("0").rstrip(".")
        return t(f"{whole}万元", f"¥{exact}")
    return t(f"{exact}元", f"¥{exact}")


def score(value: float | None) -> str:
    """A score of 0..1 as a whole number of 100."""
    return NOTHING if value is None else f"{round(value * 100)}"


def method(model: str | None) -> str:
    """How a match was made, without the program's own word for it: its version and the mark of its settings."""
    found = _MODEL.search(model or "")
    if found is None:
        return t("匹配方法未注明", "matching method not stated")
    return t(f"匹配方法第 {found[1]} 版（{found[2]}）", f"matching method {found[1]} ({found[2]})")


def share(value: float, of: float) -> float:
    """``value`` of ``of`` in percent, 0..100, for bars."""
    return 0.0 if of <= 0 else round(max(0.0, min(100.0, 100.0 * value / of)), 2)


def spans(text: str, words: str) -> list[tuple[str, bool]]:
    """``text`` cut at the blank-separated ``words``: (part, whether it is one of them), for ``highlighted``."""
    wanted = [re.escape(word) for word in words.split() if word]
    if not wanted:
        return [(text, False)]
    parts = re.split(f"({'|'.join(wanted)})", text, flags=re.IGNORECASE)
    return [(part, place % 2 == 1) for place, part in enumerate(parts) if part]


# Asked for with the day of the change, so that a file put in place while we run gets an address of its own.
@lru_cache(maxsize=256)
def _asset(_root: str, name: str, file: str, _changed: int) -> str:
    return url_for("static", filename=name, v=hashlib.sha256(Path(file).read_bytes()).hexdigest()[:10])


def asset(name: str) -> str:
    """Address of a static file that changes with its content, so that browsers may keep it for a year."""
    file = f"{current_app.static_folder}/{name}"
    return _asset(request.script_root, name, file, os.stat(file).st_mtime_ns)


def set_up_templates(app: Flask) -> None:
    """Give templates the filters and functions above."""
    shown = {"day": day, "moment": moment, "said": said, "written_day": written_day}
    app.jinja_env.filters.update(shown, count=count, yuan=yuan, score=score)
    app.jinja_env.globals.update(
        t=t,
        city=city,
        pack=pack,
        threshold_title=threshold_title,
        first_threshold=first_threshold,
        trade_name=trade_name,
        say=tell,
        headline=headline,
        say_refusal=say_refusal,
        word=word,
        language=language,
        language_tag=language_tag,
        share=share,
        spans=spans,
        page_url=page_url,
        kept_arguments=kept_arguments,
        list_address=list_address,
        clear_address=clear_address,
        page_address=page_address,
        asset=asset,
        url_for=route_url,
        labelled=labelled,
        method=method,
        score_band=score_band,
        score_bands=score_bands,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
