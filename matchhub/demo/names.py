"""Invented names, codes and numbers: believable, with right check digits, and nobody's.

Application numbers use serials from 9,000,000 on, which no office has given out; organisation codes begin with
``MADEM``; telephone numbers begin with 000 and mail goes to example.com (RFC 2606), so nothing reaches a real party.
"""

from __future__ import annotations

from itertools import count
from random import Random

from matchhub.demo.trades import Trade, read_texts
from matchhub.domain.identifiers import application_check_digit, normalise_uscc

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TYPE_DIGIT = {"invention": "1", "utility_model": "2", "design": "3"}
_FIRST_SERIAL = 9_000_000


def organisation_code(serial: int) -> str:
    """Nine characters with their check character (GB 11714-1997), made from ``serial`` below 31 ** 3."""
    tail = "".join(_ALPHABET[serial // 31**power % 31] for power in (2, 1, 0))
    body = f"MADEM{tail}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    values = [int(sign) if sign.isdigit() else ord(sign) - ord("A") + 10 for sign in body]
    total = sum(weight * value for weight, value in zip(weights, values, strict=True))
    return body + "0123456789X0"[11 - total % 11]


def uscc_of(serial: int, division: str = "350582", registry: str = "91") -> str:
    """A unified social credit code (统一社会信用代码, GB 32100-2015) of an invented party."""
    body = f"{registry}{division}{organisation_code(serial)}"
    total = sum(_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return normalise_uscc(body + _ALPHABET[(31 - total % 31) % 31])


class Names:
    """Gives out names, each once."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.data = read_texts("names")
        self._taken: set[str] = set()
        self._codes, self._numbers, self._phones, self._streets = count(1), count(_FIRST_SERIAL), count(1), count(1)

    def person(self) -> str:
        """A person's name that nobody else in the city bears."""
        while True:
            name = self.inventor()
            if name not in self._taken:
                self._taken.add(name)
                return name

    def inventor(self) -> str:
        """A person's name that may occur again."""
        parts = ("surnames", "given_first", "given_second")
        return "".join(self.chance.choice(self.data[part]) for part in parts)

    def firm(self, trade: Trade, place: str = "晋江市", form: str = "有限公司") -> str:
        """A firm's name of three rare syllables and the word of its trade."""
        while True:
            parts = ("firm_first", "firm_second", "firm_third")
            core = "".join(self.chance.choice(self.data[part]) for part in parts)
            if core not in self._taken:
                self._taken.add(core)
                return f"{place}{core}{self.chance.choice(trade.firm_words)}{form}"

    def address(self, place: str = "福建省晋江市", town: str | None = None) -> str:
        """An address that no other party shares."""
        town = town or self.chance.choice(self.data["towns"])
        street = self.chance.choice(self.data["streets"])
        return f"{place}{town}{street}{next(self._streets)}号（虚构）"

    def uscc(self, division: str = "350582", registry: str = "91") -> str:
        """The next code."""
        return uscc_of(next(self._codes), division, registry)

    def phone(self) -> str:
        """A number that cannot be dialled."""
        return f"000-{8_000_000 + next(self._phones):07d}"

    def email(self) -> str:
        """An address of the domain reserved for examples."""
        return f"lianxi{next(self._phones):05d}@example.com"

    def application_number(self, patent_type: str, year: int) -> str:
        """The next application number of that type and filing year."""
        digits = f"{year}{_TYPE_DIGIT[patent_type]}{next(self._numbers):07d}"
        return f"{digits}.{application_check_digit(digits)}"
