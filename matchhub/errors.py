"""Every refusal of the product: a stable code and the data it concerns, never a sentence.

The sentences people read live in ``matchhub/wording/*.toml``, one per code and language, so that the same refusal
reads well on a page, in a terminal and in an API answer.
"""

from __future__ import annotations


class Refusal(Exception):
    """Something a person asked for that cannot be done as asked; nothing was changed.

    ``code`` is stable (other programs may rely on it) and ``data`` holds plain values for the sentence.
    """

    code = "refused"

    def __init__(self, code: str | None = None, **data: object) -> None:
        self.code = code or type(self).code
        self.data = data
        super().__init__(self.code, data)

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.data.items())
        return f"{self.code}({facts})"


class IdentifierInvalid(Refusal):
    """A number or code is not what its kind demands (DOMAIN.md 2)."""

    code = "identifier_invalid"


class FileRefused(Refusal):
    """A file that cannot be read as asked: empty, binary, hostile, no header, another kind's columns."""

    code = "file_refused"


class NotFound(Refusal):
    """No such record, or none that this actor may see."""

    code = "not_found"


class NotAllowed(Refusal):
    """The actor's role does not include this act."""

    code = "not_allowed"


class Conflict(Refusal):
    """The record changed, or the act contradicts what is already recorded."""

    code = "conflict"


class SettingInvalid(Refusal):
    """An installation setting is missing or wrong."""

    code = "setting_invalid"
