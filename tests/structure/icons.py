"""Draws the site's mark as PNG files for first screens of telephones: ``python -m tests.structure.icons``."""

from __future__ import annotations

import struct
import zlib
from math import hypot
from pathlib import Path

SIZES = (180, 192, 512)
FOLDER = Path(__file__).parents[2] / "web/static/img"
_GROUND, _LEFT, _RIGHT = (0x1F, 0x6F, 0x8B), (255, 255, 255), (0xF2, 0xB5, 0x44)
# Two rings that hold one another, as in img/mark.svg, in parts of the edge; small enough for a round cut-out.
_RINGS = ((0.40, 0.5, _LEFT), (0.60, 0.5, _RIGHT))
_RADIUS, _WIDTH = 0.15, 0.07


def picture(size: int) -> bytes:
    """The mark as a PNG of ``size`` pixels a side."""
    lines = b"".join(b"\x00" + b"".join(bytes(_colour(x, y, size)) for x in range(size)) for y in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, body) for name, body in parts)


def _part(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _colour(x: int, y: int, size: int) -> tuple[int, int, int]:
    """The colour of one pixel; edges are mixed by how much of the pixel a ring covers."""
    across, down = (x + 0.5) / size, (y + 0.5) / size
    found = _GROUND
    rings = _RINGS if down < 0.5 else _RINGS[::-1]  # above the right one lies over the left one, below under it
    for left, top, colour in rings:
        beside = abs(hypot(across - left, down - top) - _RADIUS) - _WIDTH / 2
        cover = min(1.0, max(0.0, 0.5 - beside * size))
        found = (
            _mixed(found[0], colour[0], cover),
            _mixed(found[1], colour[1], cover),
            _mixed(found[2], colour[2], cover),
        )
    return found


def _mixed(below: int, above: int, cover: float) -> int:
    return round(below + (above - below) * cover)


if __name__ == "__main__":
    for size in SIZES:
        (FOLDER / f"icon-{size}.png").write_bytes(picture(size))
