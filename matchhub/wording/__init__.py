"""The sentences people read: one per code in Chinese (zh) and English (en), kept in the TOML files of this folder.

A file holds the codes of one subject::

    [identifier_invalid]
    zh = "号码“{value}”不合规则……"
    en = "The number “{value}” is not valid …"

A code stands in one file only. A sentence says what is wrong and what to do; ``{name}`` takes the refusal's data.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any, Protocol

from matchhub.errors import Refusal

LANGUAGES = ("zh", "en")
UNKNOWN = "?"
_END_OF_SENTENCE = re.compile(r"。|(?<=[^.])\. ")


class WordingInvalid(ValueError):
    """A wording file is not as its rule says; raised with the file and the code at fault."""


class WordingFile(Protocol):
    """What the reader needs of a file: a ``pathlib.Path`` or a file inside an installed wheel."""

    @property
    def name(self) -> str: ...

    def read_bytes(self) -> bytes: ...


class _Forgiving(string.Formatter):
    """Fills a sentence and shows ``?`` for what the data lack: a clumsy sentence beats a crash at the edge."""

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        value = kwargs.get(field_name)
        return (UNKNOWN if value is None else value), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        try:
            return format(value, format_spec)
        except (TypeError, ValueError):
            return str(value)


def placeholders(text: str) -> set[str]:
    """Names between braces in a sentence; ``ValueError`` when the braces do not pair."""
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def _checked(name: str, code: str, entry: object) -> dict[str, str]:
    if not isinstance(entry, dict) or set(entry) != set(LANGUAGES):
        raise WordingInvalid(f"{name}: [{code}] needs zh and en and nothing else")
    for language, text in entry.items():
        if not isinstance(text, str) or not text.strip():
            raise WordingInvalid(f"{name}: [{code}] {language} is empty")
        try:
            fields = placeholders(text)
        except ValueError as fault:
            raise WordingInvalid(f"{name}: [{code}] {language}: {fault}") from fault
        if odd := sorted(field for field in fields if not field.isidentifier()):
            raise WordingInvalid(f"{name}: [{code}] {language}: not a plain name: {odd[0]!r}")
    return entry


def read_wording(files: Iterable[WordingFile]) -> dict[str, dict[str, str]]:
    """Merge wording files into ``{code: {"zh": …, "en": …}}``.

    Raises ``WordingInvalid`` for a code that stands in two files, a missing language, an empty sentence, unpaired
    braces or a file that is not TOML.
    """
    merged: dict[str, dict[str, str]] = {}
    home: dict[str, str] = {}
    for file in sorted(files, key=lambda each: each.name):
        try:
            entries = tomllib.loads(file.read_bytes().decode("utf-8"))
        except ValueError as fault:
            raise WordingInvalid(f"{file.name}: {fault}") from fault
        for code, entry in entries.items():
            if code in home:
                raise WordingInvalid(f"[{code}] stands in {home[code]} and in {file.name}")
            home[code] = file.name
            merged[code] = _checked(file.name, code, entry)
    return merged


@lru_cache(maxsize=1)
def _sentences() -> dict[str, dict[str, str]]:
    folder = resources.files(__name__)
    return read_wording(entry for entry in folder.iterdir() if entry.name.endswith(".toml"))


def codes() -> set[str]:
    """Every code that has sentences."""
    return set(_sentences())


def sentence(code: str, /, lang: str = "zh", **data: object) -> str:
    """The sentence of ``code`` in ``lang`` (``zh``, ``en`` or a locale of theirs such as ``zh_Hans_CN``).

    Data the sentence names and the caller lacks show as ``?``. Raises ``KeyError`` for an unknown code or language.
    """
    language = lang.replace("-", "_").partition("_")[0].lower()
    text = _sentences()[code][language]
    return _Forgiving().vformat(text, (), _with_value(text, data))


def _with_value(text: str, data: Mapping[str, object]) -> Mapping[str, object]:
    """A problem of a row keeps one ``value`` beside its code: it stands for the data that the sentence names instead,
    in the first place that lacks them."""
    named = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
    lacking = [field for field in dict.fromkeys(named) if data.get(field) is None]
    if not lacking or "value" in named or not data.get("value"):
        return data
    return {**data, lacking[0]: data["value"], **dict.fromkeys(lacking[1:], "…")}


def refusal_sentence(refusal: Refusal, lang: str = "zh") -> str:
    """The sentence of a refusal, filled with its data; ``KeyError`` as in ``sentence``."""
    data = {name: value for name, value in refusal.data.items() if name != "lang"}
    return sentence(refusal.code, lang, **data)


def headline(code: str, lang: str = "zh") -> str:
    """What a code is about, without one record's data: the first sentence, with ``…`` where data would stand.

    For tallies, where many records share the code. Raises ``KeyError`` as ``sentence`` does.
    """
    language = lang.replace("-", "_").partition("_")[0].lower()
    text = _sentences()[code][language]
    whole = _Forgiving().vformat(text, (), dict.fromkeys(placeholders(text), "…"))
    return _END_OF_SENTENCE.split(whole, maxsplit=1)[0].removesuffix(".")
