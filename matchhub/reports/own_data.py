"""A person's own data as one zip: ``data.json`` for machines, ``数据.html`` for reading."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import IO, Any, Protocol

from matchhub.wording import label, labels


class Rows(Protocol):
    """Rows of one table as JSON values."""

    @property
    def name(self) -> str:
        """Name of the table, as ``own_data`` of the labels has it."""
        ...

    @property
    def rows(self) -> tuple[dict[str, Any], ...]:
        """The rows."""
        ...


class OwnData(Protocol):
    """What is handed out: whose it is and the rows, section by section."""

    @property
    def login(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def whole(self) -> bool: ...
    @property
    def made_at(self) -> datetime: ...
    @property
    def sections(self) -> Sequence[Rows]: ...


_STYLE = (
    "body{font:16px/1.6 sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}dt{float:left;clear:left;"
    "width:10rem;color:#555}dd{margin:0 0 0 11rem;overflow-wrap:anywhere}"
    "dl{border-bottom:1px solid #ccc;padding:.5rem 0}"
)


def write_own_data(target: IO[bytes], found: OwnData) -> None:
    """Write the zip. The page names the fields people know; the data for machines hold all of them."""
    plain = {
        "login": found.login,
        "name": found.name,
        "organisation": found.organisation,
        "with_organisation": found.whole,
        "made_at": found.made_at.isoformat(),
        "data": {each.name: list(each.rows) for each in found.sections},
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", json.dumps(plain, ensure_ascii=False, indent=1))
        packed.writestr("数据.html", _page(found))


def _page(found: OwnData) -> str:
    title = f"{found.name} · {found.organisation}"
    parts = [f"<h2>{_word('own_data', each.name)}</h2>{''.join(map(_row, each.rows))}" for each in found.sections]
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f"<p>{found.made_at:%Y-%m-%d %H:%M} UTC</p>{''.join(parts)}</body></html>"
    )


def _row(row: Mapping[str, Any]) -> str:
    known = labels()["own_field"]
    lines = [
        f"<dt>{_word('own_field', name)}</dt><dd>{_value(value)}</dd>" for name, value in row.items() if name in known
    ]
    return f"<dl>{''.join(lines)}</dl>" if lines else ""


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        known = labels()["own_field"]
        return "<br>".join(
            f"{escape(_word('own_field', name) if name in known else name)}: {_value(each)}"
            for name, each in value.items()
            if each
        )
    if isinstance(value, list):
        return "、".join(_value(each) for each in value)
    return escape(str(value))


def _word(table: str, key: str) -> str:
    return escape(label(table, key, "zh"))
