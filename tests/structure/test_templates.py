"""Templates under the strict Content-Security-Policy: no script, style or handler inside the page, no other host."""

from __future__ import annotations

import re

import pytest

from tests.machine import ROOT

PAGES = ROOT / "web"
FORBIDDEN = {
    "script inside the page": re.compile(r"<script(?![^>]*\ssrc\s*=)(?![^>]*type=\"application/json\")[^>]*>", re.I),
    "style element": re.compile(r"<style[\s>]", re.I),
    "style attribute": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.I),
    "handler attribute": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.I),
    "htmx handler": re.compile(r"\shx-on[:-]", re.I),
    "script address": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.I),
    "another host": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//[^\"']*\.(?:js|css|woff2?)\b", re.I),
    "values not escaped": re.compile(r"\|\s*safe\b"),
}


def faults(text: str) -> list[str]:
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_no_template_breaks_the_policy() -> None:
    pages = sorted(path for path in PAGES.rglob("*") if path.suffix in {".html", ".jinja", ".j2"})
    found = {path.relative_to(ROOT).as_posix(): faults(path.read_text(encoding="utf-8")) for path in pages}
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "text",
    [
        "<script>go()</script>",
        '<script type="module">go()</script>',
        "<style>p {}</style>",
        '<p class="a" style="width: 3%">',
        '<progress value="3" max="4"\n style="width: 3%">',
        '<button onclick="go()">',
        '<button hx-on:click="go()">',
        '<a href="javascript:go()">',
        '<script src="https://cdn.example/htmx.js"></script>',
        '<link href="//cdn.example/a.css">',
        "{{ title|safe }}",
    ],
)
def test_a_breach_is_found(text: str) -> None:
    assert len(faults(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<script src=\"{{ url_for('static', filename='app.js') }}\" defer></script>",
        '<script type="application/json" id="points">[1, 2]</script>',
        '<meta name="htmx-config" content=\'{"includeIndicatorStyles":false}\'>',
        '<a href="https://example.com/patent">',
        '<button hx-post="/x" data-once="1" class="btn-style">on = off</button>',
    ],
)
def test_what_the_policy_allows_passes(text: str) -> None:
    assert faults(text) == []
