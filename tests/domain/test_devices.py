"""The word of a browser and the half of its address that is kept."""

from __future__ import annotations

import pytest

from matchhub.domain.devices import address_part, device_word

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.49"


@pytest.mark.parametrize(
    ("agent", "word"),
    [
        (CHROME, "Chrome · Windows"),
        (CHROME + " Edg/126.0", "Edge · Windows"),
        (WECHAT, "微信 · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Mobile/15E148 Safari/604.1", "Safari · iPhone"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_by_program_and_system(agent: str, word: str) -> None:
    assert device_word(agent) == word


@pytest.mark.parametrize(
    ("address", "part"),
    [("203.0.113.9", "203.0.*.*"), ("::ffff:203.0.113.9", "203.0.*.*"), ("2001:db8:1::5", "2001:0db8:*"), ("x", "")],
)
def test_half_of_an_address_is_kept(address: str, part: str) -> None:
    assert address_part(address) == part
