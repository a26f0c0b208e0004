"""Every public name of the product has a caller that is no test (``tests/structure/usage.py`` says how it is found)."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from tests.machine import ROOT
from tests.structure.sources import Module, modules, read_module
from tests.structure.usage import Name, dead_names, entry_points

PACKAGES = ("matchhub.", "web.", "ingest.", "recommender.")
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)")


def product() -> tuple[Module, ...]:
    """All modules but migrations, which Alembic runs by their number."""
    return tuple(module for module in modules() if ".migrations" not in module.name)


def readers() -> tuple[Module, ...]:
    """What may call the product from outside it: the benchmarks and the start."""
    return tuple(read_module(path) for path in (*sorted((ROOT / "bench").glob("*.py")), ROOT / "run.py"))


def templates() -> list[str]:
    return [path.read_text("utf-8") for path in sorted((ROOT / "web").rglob("*.html"))]


@cache
def dead_in_product() -> tuple[Name, ...]:
    return tuple(dead_names(product(), readers(), templates(), entry_points()))


def test_no_public_name_is_used_by_tests_alone() -> None:
    dead = [str(name) for name in dead_in_product()]
    found = [name for name in dead if name.startswith(PACKAGES)]
    assert found == [], "\n".join(["used by nothing but tests, if by them:", *found])


def test_no_macro_of_a_template_is_unused() -> None:
    texts = "\n".join(templates())
    times = Counter(re.findall(r"\w+", texts))
    assert [name for name in _MACRO.findall(texts) if times[name] < 2] == []


def found_in(text: str, *more: Module, templates: tuple[str, ...] = (), entries: tuple[str, ...] = ()) -> list[str]:
    """Last parts of the dead names of a made-up module beside others."""
    return [name.last for name in dead_names([Module("web.made_up", text), *more], (), templates, entries)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("def wasted():\n    pass", "wasted"),
        ("def wasted():\n    return wasted()", "wasted"),
        ("class Wasted:\n    pass", "Wasted"),
        ("WASTED = 1", "WASTED"),
        ("class _Kept:\n    def wasted(self):\n        return self.wasted()", "wasted"),
        ("__all__ = ['wasted']\ndef wasted():\n    pass", "wasted"),
        ("def _decorator(f):\n    return f\n@_decorator\ndef wasted():\n    pass", "wasted"),
    ],
)
def test_a_made_up_dead_name_is_found(text: str, name: str) -> None:
    assert found_in(text) == [name]


def test_what_only_something_dead_calls_is_dead_too() -> None:
    assert sorted(found_in("def first():\n    second()\ndef second():\n    pass")) == ["first", "second"]


def test_an_import_without_a_reading_is_no_use_and_neither_is_another_thing_of_that_name() -> None:
    passes_on = Module("web", "from web.made_up import wasted\n__all__ = ['wasted']", is_package=True)
    namesake = Module("web.other", "wasted = 1\nprint(wasted)\ndef _use(thing):\n    return thing.wasted")
    assert found_in("def wasted():\n    pass", passes_on, namesake) == ["wasted"]


@pytest.mark.parametrize(
    "user",
    [
        "from web.made_up import used\nused()",
        "from web import made_up\nmade_up.used()",
        "import web.made_up\nweb.made_up.used()",
        "from web.made_up import used as other\nprint([other])",
        "from web.between import used\nused()",
        "from web.made_up import used\ndef _f(x: used) -> None: ...",
    ],
)
def test_a_reading_through_any_import_is_a_use(user: str) -> None:
    between = Module("web.between", "from web.made_up import used\n__all__ = ['used']")
    assert found_in("def used():\n    pass", Module("web.user", user), between) == []


@pytest.mark.parametrize(
    "text",
    [
        "from flask import Blueprint\n_b = Blueprint()\n@_b.get('/')\ndef page():\n    pass",
        "import click\n@click.command()\ndef order():\n    pass",
        "class _Form(Form):\n    def validate_name(self, field):\n        pass",
        "class _View:\n    @property\n    def shown(self):\n        return 1",
        "def offered():\n    pass",
    ],
)
def test_what_a_framework_a_template_or_an_entry_finds_is_used(text: str) -> None:
    assert found_in(text, templates=("<p>{{ view.shown }}</p>",), entries=("web.made_up.offered",)) == []
