"""What people read, in Chinese (zh) and English (en): a sentence for every code, a label for every stored key.

A file of this folder holds the sentences of one subject::

    [identifier_invalid]
    zh = "号码“{value}”不合规则……"
    en = "The number “{value}” is not valid …"

A code stands in one file only. A sentence says what is wrong and what to do; ``{name}`` takes the refusal's data.

A file of the folder ``labels`` holds labels by group, so that a key may mean another thing in another group::

    [validity]
    in_force = { zh = "有效", en = "In force" }

A group may be spread over files; a key of a group stands in one file only.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any, Protocol

from matchhub.errors import Refusal

LANGUAGES = ("zh", "en")
UNKNOWN = "?"
Labels = dict[str, dict[str, dict[str, str]]]
_BRACKETS = re.compile(r"（[^（）]*(?:某日|若干|某项)[^（）]*）")  # a tally says nothing by them
_WORD = re.compile(r"[ “]*(某日|若干|某项)[ ”]*")
# What a headline says where one record's data would stand: the kind goes by the name and by what follows.
_DAYS = frozenset(("day", "first", "from", "last", "on", "since", "to", "until"))
_COUNTED = re.compile(r"\{[a-z_]+\}(?= ?(?:个|条|件|名|家|位|行|年|笔|次|份|项|元|强|天|分钟|MB|%))")
_ANOTHER = re.compile(r"(?:另一[条份个笔])?(记录|需求|交易)(?: ?\{other\} ?|（编号 ?\{other\}）)")
_NAMED = re.compile(
    r"(代码|号|专利|交易|许可|需求|活动|文件|批次|签约日|解除日|登记日|实施日|发布日)[ “]*\{[a-z_]+\}[” ]*"
)
# The same in English, one after another: what is said in place of data by what stands around it.
_DATA = r"“?\{[a-z_]+\}”?"
_END = r"(?=\.?$|\. )"
_UNITS = "yuan|days|months|years|minutes|hours|records|demands|firms|pushes|counted|units|patents|telephones|rows|files"
_ENGLISH: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (rf" \((?:[a-z: ]*{_DATA}[a-z, ]*)+\)", ""),  # brackets around nothing but data
        (rf"{_DATA} of \{{total\}}", "some"),
        (rf"(?<=day of signing), {_DATA}|(?<=day of publication), {_DATA}|(?<=[Tt]he day) {_DATA}", ""),
        (rf"(?:, |: ){_DATA}(?: yuan)?{_END}|(?:, on) {_DATA}{_END}| of {_DATA} yuan", ""),
        (rf"(?<=he number) {_DATA}|(?<=ce number) {_DATA}|(?<=ct number) {_DATA}|(?<=code) {_DATA}", ""),
        (rf"(?<=score)(?: of)? {_DATA}|(?<=floor|model|proof) {_DATA}|(?<=industry) {_DATA}", ""),
        (rf"\bcertificate {_DATA}", "the same certificate"),
        (rf"\bpatent {_DATA}", "the patent"),
        (rf"\bRecord {_DATA}", "Another record"),
        (rf"\b(record|deal|demand|batch|file|letter) {_DATA}", r"another \1"),
        (rf"the {_DATA} yuan", "the sum"),
        (rf"for {_DATA} yuan", "for a certain sum"),
        (rf"the last {_DATA} days", "the last days"),
        (rf"more than {_DATA}(?= (?:{_UNITS})\b)", "more than a set number of"),
        (rf"{_DATA}(?= (?:priced )?(?:{_UNITS})\b)|(?<=, )\{{(?:agreed|due)\}}", "some"),
    )
)
_CALLED = {
    "category_en": "the category", "event": "an entry", "issuer": "an issuer", "industry": "an industry",
    "parties": "the parties", "party": "a party", "person": "one account", "wanted": "another kind", "other": "another",
    "shared": "the same", "limit": "allowed", "fresh": "some", "lost": "some", "most": "many", "wording": "closed",
    "number": "it", "said_at": "an earlier time", "reached_at": "a later time",
    "name": "the one named",
}  # fmt: skip
_QUOTED = re.compile(r"“(\{[a-z_]+\})”")
_END_OF_SENTENCE = re.compile(r"。|(?<=[^.])(?<!\bart)\. ")


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


def _tables(files: Iterable[WordingFile]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and content of each file, in the order of the names."""
    for file in sorted(files, key=lambda each: each.name):
        try:
            yield file.name, tomllib.loads(file.read_bytes().decode("utf-8"))
        except ValueError as fault:
            raise WordingInvalid(f"{file.name}: {fault}") from fault


def read_wording(files: Iterable[WordingFile]) -> dict[str, dict[str, str]]:
    """Merge files of sentences into ``{code: {"zh": …, "en": …}}``.

    Raises ``WordingInvalid`` for a code that stands in two files, a missing language, an empty sentence, unpaired
    braces or a file that is not TOML.
    """
    merged: dict[str, dict[str, str]] = {}
    home: dict[str, str] = {}
    for name, entries in _tables(files):
        for code, entry in entries.items():
            if code in home:
                raise WordingInvalid(f"[{code}] stands in {home[code]} and in {name}")
            home[code] = name
            merged[code] = _checked(name, code, entry)
    return merged


def read_labels(files: Iterable[WordingFile]) -> Labels:
    """Merge files of labels into ``{group: {key: {"zh": …, "en": …}}}``.

    Raises ``WordingInvalid`` for a key that a group is given twice and for what ``read_wording`` refuses; a label takes
    no data, so braces are refused too.
    """
    merged: Labels = {}
    for name, groups in _tables(files):
        for group, entries in groups.items():
            if not isinstance(entries, dict):
                raise WordingInvalid(f"{name}: [{group}] is no group of labels")
            known = merged.setdefault(group, {})
            for key, entry in entries.items():
                if key in known:
                    raise WordingInvalid(f"{name}: [{group}] {key} is given twice")
                known[key] = _checked(name, f"{group}.{key}", entry)
                if any(placeholders(text) for text in known[key].values()):
                    raise WordingInvalid(f"{name}: [{group}] {key} asks for data, and a label has none")
    return merged


def _shipped(*folder: str) -> Iterator[WordingFile]:
    entries = resources.files(__name__).joinpath(*folder).iterdir()
    return (entry for entry in entries if entry.name.endswith(".toml"))


@lru_cache(maxsize=1)
def _sentences() -> dict[str, dict[str, str]]:
    return read_wording(_shipped())


@lru_cache(maxsize=1)
def labels() -> Labels:
    """All labels: group -> key -> language -> label. Raises as ``read_labels`` does."""
    return read_labels(_shipped("labels"))


def label(group: str, key: str, lang: str = "zh") -> str:
    """The label of a stored key, e.g. ``label("validity", "in_force", "en")``.

    Raises ``KeyError`` for a group, a key or a language that has none.
    """
    return labels()[group][key][_language(lang)]


def _language(lang: str) -> str:
    """``zh`` or ``en`` of a locale of theirs such as ``zh_Hans_CN``."""
    return lang.replace("-", "_").partition("_")[0].lower()


def codes() -> set[str]:
    """Every code that has sentences."""
    return set(_sentences())


def sentence(code: str, /, lang: str = "zh", **data: object) -> str:
    """The sentence of ``code`` in ``lang`` (``zh``, ``en`` or a locale of theirs such as ``zh_Hans_CN``).

    Data the sentence names and the caller lacks show as ``?``. Raises ``KeyError`` for an unknown code or language.
    """
    text = _sentences()[code][_language(lang)]
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


def tally(code: str, said: Sequence[Mapping[str, object]]) -> str:
    """What a code says of many records at once, in Chinese for printed papers: values that all share are kept, others
    become 某日, 若干 or 某项, and brackets around nothing but those go.

    Raises ``KeyError`` as ``sentence`` does.
    """
    text = _sentences()[code]["zh"]
    shared = {name: _shared([each.get(name) for each in said]) for name in placeholders(text)}
    whole = _END_OF_SENTENCE.split(_Forgiving().vformat(text, (), shared), maxsplit=1)[0].removesuffix("。")
    return _WORD.sub(r"\1", _BRACKETS.sub("", whole))


def _shared(values: Sequence[object]) -> object:
    """What all values are, or the word for any of their kind."""
    first = values[0] if values else None
    days = [re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", str(value)) for value in values]
    if first not in (None, "") and all(value == first for value in values):
        day = days[0]
        return f"{int(day[1])}年{int(day[2])}月{int(day[3])}日" if day else first
    if any(days):
        return "某日"
    return "若干" if any(re.fullmatch(r"-?[\d.]+", str(value)) for value in values) else "某项"


def headline(code: str, lang: str = "zh") -> str:
    """What a code is about, without one record's data: the first sentence. In Chinese 某日, 若干 or 某项 stand where
    data would, or nothing after the noun that they name; in English “a certain day” and the like.

    For tallies, where many records share the code. Raises ``KeyError`` as ``sentence`` does.
    """
    text = _sentences()[code][_language(lang)]
    if _language(lang) == "en":
        return _english_headline(text)
    text = text.replace("“{category_zh}”", "企业类别").replace("{number} ", "专利")
    text = _NAMED.sub(r"\1", _ANOTHER.sub(r"另一条\1", _COUNTED.sub("若干", text)))
    data = {name: "某日" if _is_day(name) else "某项" for name in placeholders(text)}
    whole = _END_OF_SENTENCE.split(_Forgiving().vformat(text, (), data), maxsplit=1)[0].removesuffix("。")
    return _WORD.sub(r"\1", _BRACKETS.sub("", whole))


def _english_headline(text: str) -> str:
    for pattern, words in _ENGLISH:
        text = pattern.sub(words, text)
    text = _QUOTED.sub(r"\1", text)
    called = {
        name: "a certain day" if _is_day(name) else _CALLED.get(name, "a certain value") for name in placeholders(text)
    }
    whole = _END_OF_SENTENCE.split(_Forgiving().vformat(text, (), called), maxsplit=1)[0].removesuffix(".")
    return whole[:1].upper() + whole[1:]


def _is_day(name: str) -> bool:
    return name in _DAYS or name.endswith("_on")
