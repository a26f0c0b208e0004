"""The icons that lie in the site are the ones that our own code draws."""

from __future__ import annotations

import struct

from tests.structure.icons import FOLDER, SIZES, picture


def test_the_smallest_icon_is_drawn_by_our_own_code() -> None:
    assert (FOLDER / f"icon-{SIZES[0]}.png").read_bytes() == picture(SIZES[0])


def test_every_icon_is_a_square_of_its_size() -> None:
    for size in SIZES:
        head = (FOLDER / f"icon-{size}.png").read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", head[16:24]) == (size, size)
