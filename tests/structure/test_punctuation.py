"""Chinese that people read has full-width punctuation: sentences and labels, templates, scripts, papers and letters."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest

from tests.machine import ROOT

HAN = "\u3400-\u9fff"
# A half-width mark beside a Chinese character, over blanks too; a bracket beside one; a Chinese full stop written as a point.
HALF = re.compile(rf"[{HAN}）”》] ?[,;:!?(](?!//)|[,;:!?)] ?[{HAN}（“《]|[{HAN}]\)|\([{HAN}]|[{HAN}]\.(?=\s|$|[{HAN}])")
# What a program's own words are quoted in is no sentence: settings that are typed as they stand.
TYPED = re.compile(r"smtps?://\S+|“主机:端口”|\{[^{}]*\}|%[sd]|\d\d:\d\d")
# A Chinese word within an English sentence.
ENGLISH = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}")
TABLES = ("wording", "policy", "demo/texts")
SPOKEN = ("web", "matchhub/reports", "matchhub/notify", "matchhub/operation", "matchhub/demo")


def half_width(text: str) -> list[str]:
    """Each half-width mark beside Chinese in ``text``, with what stands around it; a placeholder counts as a Chinese word."""
    plain = TYPED.sub(lambda found: "某" if found[0][0] in "{%" else "", text)
    if not re.search(rf"[{HAN}]", text) or ENGLISH.search(text):
        return []
    return [plain[max(0, found.start() - 8) : found.end() + 8] for found in HALF.finditer(plain)]


def values(table: object) -> Iterator[str]:
    """Every text of a TOML file."""
    if isinstance(table, str):
        yield table
    elif isinstance(table, dict):
        for each in table.values():
            yield from values(each)
    elif isinstance(table, list):
        for each in table:
            yield from values(each)


def wording_texts() -> Iterator[tuple[str, str]]:
    for path in sorted(file for folder in TABLES for file in (ROOT / "matchhub" / folder).rglob("*.toml")):
        for text in values(tomllib.loads(path.read_text(encoding="utf-8"))):
            yield path.name, text


def template_texts() -> Iterator[tuple[str, str]]:
    """Quoted texts of templates, and what stands between tags."""
    for path in sorted((ROOT / "web").rglob("*.html")):
        source = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        for found in re.finditer(r'"([^"\n]*)"|\'([^\'\n]*)\'', source):
            yield path.name, found[1] or found[2] or ""
        bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "\n", source, flags=re.S)
        for line in bare.splitlines():
            yield path.name, line


def script_texts() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "web" / "static").glob("*.js")):
        for found in re.finditer(r'"([^"\n]*)"|`([^`]*)`', path.read_text(encoding="utf-8")):
            yield path.name, found[1] or found[2] or ""


def strings_of(source: str) -> Iterator[str]:
    """Texts of a Python file that are no documentation and no pattern."""
    tree = ast.parse(source)
    silent: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(node.value)  # documentation
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and getattr(node.func.value, "id", "") == "re"
        ):
            silent.update(ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in silent:
            yield node.value


def program_texts() -> Iterator[tuple[str, str]]:
    for place in SPOKEN:
        start = ROOT / place
        for path in sorted(start.rglob("*.py")) if start.is_dir() else [start]:
            if path.name == "smtp_blame.py":  # patterns that read what servers answer
                continue
            for text in strings_of(path.read_text(encoding="utf-8")):
                yield path.name, text


@pytest.mark.parametrize("texts", [wording_texts, template_texts, script_texts, program_texts])
def test_chinese_is_written_with_full_width_marks(texts: object) -> None:
    found = [(name, half) for name, text in texts() for half in half_width(text)]  # type: ignore[operator]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["请刷新页面,再试", "名称(全称)", "说明: 见下", "已保存!", "完成. 请看", "共 {n},其中", "真的? 是", "提成比例(%)"],
)
def test_a_half_width_mark_beside_chinese_is_found(text: str) -> None:
    assert half_width(text)


@pytest.mark.parametrize(
    "text",
    [
        "请刷新页面，再试",
        "Refresh, then (again)",
        "12,000 元",
        "形如 smtp://用户:密码@主机:端口",
        "CN109996757A（公开）",
        "8:30 开始",
    ],
)
def test_what_is_written_well_passes(text: str) -> None:
    assert half_width(text) == []


def test_whoever_reads_is_addressed_in_one_way() -> None:
    """贵单位 suits a firm, a university and an office; 贵公司 only the first."""
    said = [*wording_texts(), *template_texts(), *script_texts(), *program_texts()]
    assert [(name, text) for name, text in said if "贵公司" in text] == []
