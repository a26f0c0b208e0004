"""Invented papers: files that may be kept as evidence."""

from __future__ import annotations

import io
import random
import zipfile

import pillow_heif
from PIL import Image, ImageDraw


def letter(text: str) -> bytes:
    """An e-mail message: the least a file can be to be kept, and never a picture."""
    return f"From: sender@example.org\r\nSubject: paper\r\n\r\n{text}\r\n".encode()


def slip(seed: str, form: str = "bank") -> Image.Image:
    """A scanned form: the lines and the seal are those of ``form``, the values those of ``seed``."""
    printed, written = random.Random(form), random.Random(seed)
    picture = Image.new("RGB", (840, 594), "white")
    draw = ImageDraw.Draw(picture)
    for row in range(8):
        top, split = 60 + row * 60, printed.randint(150, 320)
        draw.rectangle((40, top, 800, top + 60), outline="black", width=2)
        draw.line((split, top, split, top + 60), fill="black", width=2)
        for place, chance, letters in ((50, printed, 6), (split + 15, written, 22)):
            text = "".join(chance.choice("ABCDEFGHKMNPRSTUVWXYZ0123456789") for _ in range(letters))
            draw.text((place, top + 18), text, fill="black", font_size=24)
    draw.ellipse((600, 420, 760, 580), outline="red", width=5)
    return picture


def saved(picture: Image.Image, form: str = "PNG", **options: int) -> bytes:
    """The picture as a file: PNG, JPEG, HEIF or PDF."""
    pillow_heif.register_heif_opener()
    made = io.BytesIO()
    picture.save(made, form, **options)
    return made.getvalue()


def scan(seed: str) -> bytes:
    """A slip as a PNG file."""
    return saved(slip(seed))


def container(**parts: bytes | str) -> bytes:
    """A container of these parts, by name with ``__`` for a slash and ``_`` for a dot."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return made.getvalue()
