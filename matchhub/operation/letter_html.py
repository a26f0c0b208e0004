"""The HTML of a letter: tables and inline style, which programs for mail understand; dark where they ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

_FONT = "font-family:-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',Arial,sans-serif"
_STYLE = """
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #101a20 !important; }
  .sheet { background: #18252d !important; border-color: #2c3d48 !important; }
  .ink, .ink a { color: #e6edf1 !important; }
  .soft, .soft a { color: #a9bcc7 !important; }
  .warn { background: #3a2c10 !important; color: #f3d9a6 !important; }
  .go { background: #2b86a6 !important; border-color: #2b86a6 !important; color: #ffffff !important; }
  .may { background: #18252d !important; border-color: #4a6474 !important; color: #e6edf1 !important; }
}
@media (max-width: 480px) {
  .pad { padding: 16px !important; }
  .tap { display: block !important; margin-right: 0 !important; text-align: center !important; }
}
"""


@dataclass(frozen=True, slots=True)
class WrittenPatent:
    """One patent in words; ``answers`` and ``more`` are pairs of words and link."""

    title: str
    number: str
    facts: tuple[tuple[str, str], ...]
    score: str
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    abstract: str
    answers: tuple[tuple[str, str], ...]
    more: tuple[str, str]


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """One push: why it comes, and its patents."""

    because: str
    patents: tuple[WrittenPatent, ...]


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """A letter in words; ``links`` stand at its foot."""

    parts: tuple[WrittenPart, ...]
    ask: str
    sender: str
    links: tuple[tuple[str, str], ...]


def html_of(letter: WrittenLetter, lang: str) -> str:
    """The whole document; no image, no script, nothing loaded from anywhere."""
    cards = "".join(_part(part, letter.ask) for part in letter.parts)
    links = " · ".join(_link(name, link, "color:#566773") for name, link in letter.links)
    foot = f'<p class="soft" style="margin:0 0 8px;{_FONT};font-size:13px;line-height:1.6;color:#566773">'
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(letter.parts[0].because)}</title>'
        f"<style>{_STYLE}</style></head>"
        '<body class="page" style="margin:0;padding:0;background:#f4f6f7">'
        '<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0"'
        ' style="background:#f4f6f7"><tr><td align="center" style="padding:16px 8px">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px">'
        f'{cards}<tr><td style="padding:8px 12px">{foot}{escape(letter.sender)}</p>{foot}{links}</p></td></tr>'
        "</table></td></tr></table></body></html>"
    )


def _part(part: WrittenPart, ask: str) -> str:
    head = f'<p class="soft" style="margin:0;{_FONT};font-size:14px;line-height:1.6;color:#566773">'
    cards = "".join(_card(each, ask) for each in part.patents)
    return f'<tr><td style="padding:8px 12px">{head}{escape(part.because)}</p></td></tr>{cards}'


def _card(patent: WrittenPatent, ask: str) -> str:
    ink = f'class="ink" style="{_FONT};font-size:15px;line-height:1.6;color:#24323c'
    facts = "".join(
        f'<tr><td class="soft" valign="top" width="84" style="{_FONT};font-size:14px;line-height:1.6;color:#566773;'
        f'padding:2px 8px 2px 0;white-space:nowrap">{escape(name)}</td>'
        f'<td {ink};font-size:14px;padding:2px 0">{escape(value)}</td></tr>'
        for name, value in patent.facts
    )
    reasons = "".join(f'<li style="margin:0 0 4px">{escape(each)}</li>' for each in patent.reasons)
    warnings = "".join(
        f'<p class="warn" style="margin:8px 0 0;padding:8px 12px;{_FONT};font-size:14px;line-height:1.6;'
        f'background:#fdf3df;color:#6b4a0c;border-radius:4px">{escape(each)}</p>'
        for each in patent.warnings
    )
    taps = "".join(_tap(name, link, first=place == 0) for place, (name, link) in enumerate(patent.answers))
    return (
        '<tr><td style="padding:8px 0"><table role="presentation" class="sheet" width="100%" cellpadding="0"'
        ' cellspacing="0" border="0" style="background:#ffffff;border:1px solid #dde4e8;border-radius:6px">'
        '<tr><td class="pad" style="padding:20px 24px">'
        f'<p {ink};font-size:18px;line-height:1.4;font-weight:600;margin:0">{escape(patent.title)}</p>'
        f'<p class="soft" style="margin:2px 0 12px;{_FONT};font-size:13px;color:#566773">{escape(patent.number)}</p>'
        f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">{facts}</table>{warnings}'
        f'<p {ink};margin:14px 0 4px">{escape(patent.score)}</p><ul {ink};margin:0;padding-left:20px">{reasons}</ul>'
        f'<p class="soft" style="margin:12px 0 0;{_FONT};font-size:14px;line-height:1.6;color:#566773">'
        f"{escape(patent.abstract)}</p>"
        f'<p {ink};margin:16px 0 8px">{escape(ask)}</p>{taps}'
        f'<p {ink};margin:8px 0 0;font-size:14px">{_link(*patent.more, "color:#17607a")}</p>'
        "</td></tr></table></td></tr>"
    )


def _tap(name: str, link: str, *, first: bool) -> str:
    look = "background:#1f6f8b;border:1px solid #1f6f8b;color:#ffffff"
    if not first:
        look = "background:#ffffff;border:1px solid #b9c8d0;color:#24323c"
    return (
        f'<a class="tap {"go" if first else "may"}" href="{escape(link, quote=True)}" style="display:inline-block;'
        f"{look};border-radius:5px;padding:10px 16px;margin:0 8px 8px 0;{_FONT};font-size:15px;line-height:1.2;"
        f'text-decoration:none">{escape(name)}</a>'
    )


def _link(name: str, link: str, style: str) -> str:
    return f'<a href="{escape(link, quote=True)}" style="{style};text-decoration:underline">{escape(name)}</a>'
