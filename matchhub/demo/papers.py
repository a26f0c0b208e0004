"""Invented papers (演示材料) of the demo city: scans drawn by code, each marked as a demo on its face.

They carry no Chinese because a machine may have no Chinese font; what a paper is stands beside it on the page.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import date

from PIL import Image, ImageDraw

from matchhub.domain.papers import Paper

_SIZE = (620, 860)
_TITLES = {
    "contract": "CONTRACT",
    "notice": "NOTICE",
    "announcement": "ANNOUNCEMENT",
    "bank_slip": "BANK SLIP",
    "service_agreement": "SERVICE AGREEMENT OF AN AGENCY",
    "service_slip": "BANK SLIP OF THE AGENCY FEE",
    "code_certificate": "BUSINESS LICENCE",
    "conformity_notice": "NOTICE OF CONFORMITY",
    "filing_certificate": "FILING CERTIFICATE",
    "authorisation_sheet": "LETTER OF AUTHORISATION",
    "official_list": "OFFICIAL LIST",
    "invoice": "INVOICE",
}
_ISSUERS = {
    "contract": "",
    "invoice": "",
    "official_list": "演示主管部门",
    "authorisation_sheet": "",
    "notice": "",
    "announcement": "国家知识产权局（演示）",
    "bank_slip": "演示银行晋江支行",
    "service_agreement": "",
    "service_slip": "演示银行晋江支行",
    "code_certificate": "演示登记机关",
    "conformity_notice": "国家知识产权局（演示）",
    "filing_certificate": "国家知识产权局（演示）",
}
_LICENSED_ON = date(2020, 1, 6)
_CELLS = 14  # of the square code that every form prints, so that no two papers look alike


@dataclass(frozen=True, slots=True)
class Scan:
    """A file to hand in as evidence, and what is said of the paper in it."""

    name: str
    content: bytes
    paper: Paper


def scan_of(kind: str, serial: str, number: str, issued_on: date, *, as_pdf: bool = False) -> Scan:
    """A paper of one kind. ``serial`` is the number drawn, in Latin signs; ``number`` is the official one."""
    drawn = _draw(kind, serial, issued_on)
    paper = Paper(kind, _ISSUERS[kind], number, issued_on)
    ending = "pdf" if as_pdf else "png"
    return Scan(f"{number}.{ending}", _saved(drawn, "PDF" if as_pdf else "PNG"), paper)


def letter_of(kind: str, serial: str, number: str = "", issued_on: date | None = None) -> Scan:
    """A paper of one kind that came by e-mail: no picture, and mostly no number of its own."""
    text = f"{_TITLES[kind]} {serial}\r\nDEMO CITY - NOT A REAL DOCUMENT\r\n"
    content = f"From: demo@example.com\r\nSubject: {kind} {serial}\r\n\r\n{text}"
    return Scan(f"{kind}-{serial}.eml", content.encode(), Paper(kind, _ISSUERS[kind], number, issued_on))


def licence_of(code: str) -> Scan:
    """The business licence (营业执照) with a firm's credit code: the same file wherever it is handed in; of a third of
    the firms a scan."""
    if sum(map(ord, code)) % 3:
        return letter_of("code_certificate", code, code)
    return scan_of("code_certificate", code, code, _LICENSED_ON)


def saved_again(kind: str, serial: str, number: str, issued_on: date) -> Scan:
    """The same drawing as ``scan_of`` makes, saved in another form and darker: other bytes, the same paper."""
    drawn = _draw(kind, serial, issued_on).point(lambda value: value * 9 // 10)
    return Scan(f"{number}.jpg", _saved(drawn, "JPEG"), Paper(kind, _ISSUERS[kind], number, issued_on))


def _saved(drawn: Image.Image, form: str) -> bytes:
    made = io.BytesIO()
    drawn.save(made, form)
    return made.getvalue()


def _draw(kind: str, serial: str, issued_on: date) -> Image.Image:
    sheet = Image.new("L", _SIZE, 255)
    draw = ImageDraw.Draw(sheet)
    draw.text((40, 36), _TITLES[kind], fill=0, font_size=30)
    draw.text((40, 80), "DEMO CITY - NOT A REAL DOCUMENT", fill=90, font_size=18)
    for row, (label, value) in enumerate(
        (("No.", serial), ("Date", issued_on.isoformat()), ("Kind", kind), ("Seal", "demo"))
    ):
        top = 130 + row * 56
        draw.rectangle((40, top, 580, top + 56), outline=0, width=2)
        draw.line((160, top, 160, top + 56), fill=0, width=2)
        draw.text((54, top + 16), label, fill=0, font_size=20)
        draw.text((174, top + 16), value, fill=0, font_size=20)
    _print_code(draw, f"{kind} {serial}")
    return sheet


def _print_code(draw: ImageDraw.ImageDraw, text: str) -> None:
    """A square of dark and light cells that only this text has."""
    bits = int.from_bytes(hashlib.shake_256(text.encode()).digest(_CELLS * _CELLS // 8 + 1), "big")
    for cell in range(_CELLS * _CELLS):
        if bits >> cell & 1:
            left, top = 110 + cell % _CELLS * 28, 400 + cell // _CELLS * 28
            draw.rectangle((left, top, left + 27, top + 27), fill=0)
