"""E-mail addresses as people type them: lists, names beside them, full width, Chinese domains; no look-up anywhere.

An address is usable when a mail server of today takes it: a local part of ASCII (RFC 5321; hardly a provider offers
SMTPUTF8) and a domain in ASCII, Chinese ones in punycode. What is not usable is told with a reason, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

_SEPARATORS = re.compile(r"[;,、\s]+|(?<=[A-Za-z])[/|或和](?=[^@]*@)")
_NAMED = re.compile(
    r"^\s*(?P<name>[^<>@]*?)\s*[<(\[]\s*(?:mailto:)?(?P<address>[^<>()\[\]\s]+@[^<>()\[\]\s]+)\s*[>)\]]\s*$"
)
_BRACKETED = re.compile(r'(?:"[^"]*"\s*|[^<>;,、"@]*)<[^<>]*>')
_TORN = re.compile(r"^(?!e?-?mail$)(?!\d{5,}$)[a-z0-9._\-]+$")  # "zhang san@qq.com" is not san's address
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,、\"]+@[^\s<>()\[\];,、\"]+")
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One usable address, ASCII throughout and its domain in small letters, and the name written beside it."""

    address: str
    name: str = ""

    @property
    def key(self) -> str:
        """What tells two mailboxes apart: providers do not tell capitals in the local part apart."""
        return self.address.lower()


@dataclass(frozen=True, slots=True)
class Unusable:
    """What was typed and why no letter can go there: a code of the words, ``address_...``."""

    typed: str
    code: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """What a field holds: usable mailboxes in the order typed, each once, and what is unusable."""

    usable: tuple[Mailbox, ...] = ()
    unusable: tuple[Unusable, ...] = ()

    @property
    def text(self) -> str:
        """The usable addresses as one field: ``a@x.cn; b@y.cn``."""
        return "; ".join(each.address for each in self.usable)


@lru_cache(maxsize=4096)
def read_addresses(typed: str | None) -> Addresses:
    """Every address of a field: ``李工 <li@qq.com>；wang@例子.cn`` gives two mailboxes, one with a name.

    Lists are split at ；;，, 、 and blanks; full width is folded (NFKC, and 。 in a domain is a dot).
    """
    usable: dict[str, Mailbox] = {}
    unusable: list[Unusable] = []
    for name, address in _pieces(_folded(typed or "")):
        read = _read_one(name, address)
        if isinstance(read, Unusable):
            unusable.append(read)
        else:
            usable.setdefault(read.key, read)
    return Addresses(tuple(usable.values()), tuple(unusable))


def usable_address(typed: str | None) -> str | None:
    """The first address of a field that a letter can go to."""
    found = read_addresses(typed).usable
    return found[0].address if found else None


def normal_field(typed: str | None) -> str | None:
    """A field as it is kept and exported: its usable addresses, or as typed where none is (nothing typed is lost)."""
    text = (typed or "").strip()
    return (read_addresses(text).text or text) or None


def address_key(address: str) -> str:
    """By which a bounced address is known again, however it is typed."""
    found = read_addresses(address).usable
    return found[0].key if found else address.strip().lower()


def _folded(typed: str) -> str:
    text = unicodedata.normalize("NFKC", typed[:_LONGEST])
    text = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cf", "Cc") or sign in "\t\n\r")
    text = re.sub(r"\s*@\s*", "@", text)
    return text.replace("。", ".").replace("〈", "<").replace("〉", ">").replace("《", "<").replace("》", ">")


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """(name, address) of every piece of a list; a piece without an address stands as its own address."""
    rest = text
    for match in _BRACKETED.finditer(text):
        named = _NAMED.match(match.group())
        if named:
            rest = rest.replace(match.group(), " ; ", 1)
            yield named["name"].strip(" \"'"), named["address"]
    whole = _NAMED.match(rest)  # 李工(li@qq.com)
    if whole:
        yield whole["name"].strip(" \"'"), whole["address"]
        return
    words: list[str] = []
    for piece in _SEPARATORS.split(rest):
        found = _ADDRESS.search(piece)
        if found:
            before = piece[: found.start()].strip(" :\"'<([").removesuffix("mailto").strip(":")
            torn = [word for word in words if _TORN.match(word)]
            yield " ".join(filter(None, (*words, before))), " ".join((*torn, found.group()))
            words = []
        elif piece.strip(" \"'<>()[]:"):
            words.append(piece.strip(" \"'<>()[]:"))
    if words:
        yield "", " ".join(words)


def _read_one(name: str, address: str) -> Mailbox | Unusable:
    address = address.strip(".'\"“”‘’")
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or "@" in local or " " in local:
        return Unusable(address, "address_not_one")
    if not local.isascii():
        return Unusable(address, "address_local_part")
    try:
        read = validate_email(address, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return Unusable(address, "address_domain" if _fine_local(local) else "address_local_part_wrong")
    return Mailbox(f"{read.local_part}@{read.ascii_domain.lower()}", name[:60])


def _fine_local(local: str) -> bool:
    try:
        validate_email(f"{local}@qq.com", check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return False
    return True
