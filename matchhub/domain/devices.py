"""What a browser is called in the list of one's own devices, and which part of its address is kept (PIPL 6)."""

from __future__ import annotations

import ipaddress

# The first that is found names it: every browser calls itself by the names of those before it.
_PROGRAMS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("HuaweiBrowser", "华为浏览器"), ("UCBrowser", "UC"),
    ("QQBrowser", "QQ"), ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"),
    ("iPad", "iPad"), ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_word(agent: str) -> str:
    """``Chrome · Windows`` from what a browser says of itself; "" where nothing is known of it."""
    found = (next((word for sign, word in names if sign in agent), "") for names in (_PROGRAMS, _SYSTEMS))
    return " · ".join(word for word in found if word)


def address_part(address: str) -> str:
    """The half of an address that names a network and no household: ``203.0.*.*``, ``2001:db8:*``; "" for none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return ":".join(parsed.exploded.split(":")[:2]) + ":*"
    plain = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else parsed
    return ".".join(str(plain).split(".")[:2]) + ".*.*"
