"""Pages that list records one below the other as 申请号：… 申请日：…, as pages of results and of details do.

A known header word before a colon, in a cell of its own or in a ``dt``, is a label. A record ends at the next
heading where records stand under headings; else where the label with which the list begins comes again, or a number or
name that identifies something.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, zip_longest

from lxml import html

from ingest.tables import RawRow
from ingest.vocabulary import is_header_word, vocabularies

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li main"
        " nav ol p pre section table tbody td th tr ul",
    )
)
_NO_TEXT = frozenset(("script", "style", "noscript", "template", "select", "option", "button", "head"))
_LABEL = re.compile(
    r"(?:^|(?<=[\s;；，,|、】\]]))\s*[【\[]?([^\s:：;；，,|【】\[\]][^:：;；，,|【】\[\]]{0,28}?)\s*[】\]]?\s*[:：]\s*"
)
_ALONE = re.compile(r"^[【\[]?([^:：【】\[\]]{1,28})[】\]]?\s*[:：]?$")
_MIN_LABELS = 2
_MAX_RECORDS = 20_000
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NAME = "名称"  # what the heading over a record is
_ORNAMENT = re.compile(r"^\s*(?:\d+\s*[.、．)）]\s*)?|\s*[\[【(（][\u4e00-\u9fff]{2,6}[\])】）]\s*$")
Pair = tuple[str, str]  # a label with its value, or the level of a heading with its text
_IDENTITIES = ("application_number", "publication_number", "uscc", "name", "enterprise_name")


def is_form(rows: Sequence[RawRow]) -> bool:
    """Whether the rows of a table are pairs of a label and its value: the first cell known, the second one not."""
    pairs = [
        row for row in rows if len(row.cells) > 1 and is_header_word(row.cells[0]) and not is_header_word(row.cells[1])
    ]
    return len(pairs) * 3 > len(rows) * 2


def labelled_records(page: html.HtmlElement) -> tuple[tuple[str, ...], list[RawRow]] | None:
    """The labels of a page's lists and one row for each record; None for a page without such a list."""
    pairs = list(_pairs(list(_lines(page))))
    level = _level_of_records(pairs)
    plain = [pair for pair in pairs if pair[0] not in _HEADINGS]
    records = list(islice(_under_headings(pairs, level) if level else _records(plain), _MAX_RECORDS))
    labels = tuple(dict.fromkeys(label for record in records for label in record))
    if sum(map(is_header_word, labels)) < _MIN_LABELS:
        return None
    return labels, [
        RawRow(line, tuple(record.get(label, "") for label in labels)) for line, record in enumerate(records, start=1)
    ]


def _level_of_records(pairs: list[Pair]) -> str:
    """The headings that stand over one record each: those under which the same labels come again; "" for none.

    Headings over the parts of one record (基本信息, 法律状态) have different labels below them.
    """
    for level in _HEADINGS:
        groups: list[set[str]] = []
        for label, _ in pairs:
            if label == level:
                groups.append(set())
            elif groups and label not in _HEADINGS:
                groups[-1].add(label)
        counted = Counter(label for group in groups for label in group)
        if any(number > 1 for number in counted.values()):
            return level
    return ""


def _under_headings(pairs: list[Pair], level: str) -> Iterator[dict[str, str]]:
    record: dict[str, str] = {}
    for label, value in pairs:
        if label == level:
            if len(record) > 1:
                yield record
            record = {_NAME: _ORNAMENT.sub("", value)}
        elif record and label not in _HEADINGS:
            _add(record, label, value)
    if len(record) > 1:
        yield record


def _lines(page: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """The text of a page as it is broken into lines by its blocks, with the block that ends each line."""
    line: list[str] = []
    for text, tag in _walk(page):
        if text is not None:
            line.append(text)
        elif tag in _BLOCKS and line:
            yield " ".join("".join(line).split()), tag
            line = []
    yield " ".join("".join(line).split()), ""


def _walk(element: html.HtmlElement) -> Iterator[tuple[str | None, str]]:
    """(text, "") for each text and (None, tag) at both ends of each element, in the order of the page."""
    stack: list[tuple[html.HtmlElement, bool]] = [(element, False)]
    while stack:
        current, ended = stack.pop()
        tag = current.tag if isinstance(current.tag, str) else ""
        if ended:
            yield None, tag
            yield (current.tail or "").replace("\xa0", " "), ""
            continue
        yield None, tag
        stack.append((current, True))
        if tag and tag not in _NO_TEXT:
            yield (current.text or "").replace("\xa0", " "), ""
            stack += [(child, False) for child in reversed(current)]


def _pairs(lines: list[tuple[str, str]]) -> Iterator[Pair]:
    """Labels with their values: on one line, or the value on the line below a label that stands alone."""
    waiting = ""
    for line, block in lines:
        if not line:
            continue
        if block in _HEADINGS and not _LABEL.search(line):
            yield block, line
            continue
        alone = _ALONE.match(line)
        if alone and is_header_word(alone[1]):
            waiting = alone[1].strip()
            continue
        found = [each for each in _LABEL.finditer(line) if is_header_word(each[1])]
        if waiting:
            value = line[: found[0].start()] if found else line
            if value.strip():
                yield waiting, value.strip()
            waiting = ""
        for each, following in zip_longest(found, found[1:]):
            value = line[each.end() : following.start() if following else len(line)].strip(" ;；，,|、")
            if value:
                yield each[1].strip(), value
            elif following is None:
                waiting = each[1].strip()


def _records(pairs: list[Pair]) -> Iterator[dict[str, str]]:
    """Records by their labels alone."""
    record: dict[str, str] = {}
    first = pairs[0][0] if pairs else ""
    for label, value in pairs:
        if record.get(label, value) != value and (label == first or _identifies(label)):
            yield record
            record = {}
        _add(record, label, value)
    if record:
        yield record


def _add(record: dict[str, str], label: str, value: str) -> None:
    known = record.get(label)
    record[label] = value if known in (None, value) else f"{known}; {value}"


@lru_cache(maxsize=4096)
def _identifies(label: str) -> bool:
    """Whether a label stands for what tells one record from another, in any kind of list."""
    meanings = (vocabulary.meaning_of(label) for vocabulary in vocabularies().values())
    return any(meaning and meaning[0] in _IDENTITIES for meaning in meanings)
