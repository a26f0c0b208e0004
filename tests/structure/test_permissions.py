"""Roles are named in the one table of permissions only; every act asked for stands there, and every act is asked for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment

from matchhub.domain.permissions import SYSTEM, VISITOR, permissions
from matchhub.services.kernel.unit import Actor
from tests.machine import ROOT
from tests.structure import routes
from tests.structure.sources import Module, modules
from web.gate import act_of, may_call
from web.language import words

JUDGED = ("matchhub.services", "matchhub.domain", "matchhub.cli", "matchhub.worker", "web")
ROLES = {VISITOR, SYSTEM, *permissions().roles}
# Where such a word is no role, or defines one. Whatever else needs one takes it from the first two.
ALLOWED = {
    "matchhub/domain/organisations.py": "kinds of organisation, sides of a thread, confirming roles of the rule pack",
    "matchhub/domain/permissions.py": "the two actors without an account",
    "web/__init__.py": "names of packages",
    "web/enterprise/__init__.py": "name of the blueprint",
    "web/institution/__init__.py": "name of the blueprint",
    "web/operator/__init__.py": "name of the blueprint",
    "web/trade/templates/trade/thread.html": "side of a thread",
}
ASKING = {"require", "may", "act"}
_JINJA = Environment(autoescape=True)


def judged() -> list[Module]:
    return [module for module in modules() if module.name.startswith(JUDGED)]


def templates() -> list[tuple[str, str]]:
    pages = sorted((ROOT / "web").rglob("*.html"))
    return [(page.relative_to(ROOT).as_posix(), page.read_text(encoding="utf-8")) for page in pages]


def strings(template: str) -> list[str]:
    """String constants in the code of a template."""
    return [text.strip("\"'") for _, kind, text in _JINJA.lex(template) if kind == "string"]


def roles_named(module: Module) -> list[str]:
    """Lines of a module that name a role as a string."""
    return [
        f"{module.path}:{node.lineno}: {node.value}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and node.value in ROLES
    ]


def roles_compared(module: Module) -> list[str]:
    """Lines of a module that compare the role of an actor."""
    return [
        f"{module.path}:{node.lineno}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Attribute) and side.attr == "role"
        if ast.unparse(side.value).rpartition(".")[2] == "actor"
    ]


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def acts_asked(module: Module) -> Iterator[str]:
    """Acts that a module names where it asks: ``unit.require("…")``, ``may("…")``, ``@act("…")``."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _called(node) in ASKING:
            yield from (str(each.value) for each in node.args if isinstance(each, ast.Constant))


def _arguments(module: Module, function: str) -> set[ast.expr]:
    calls = (node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and _called(node) == function)
    return {argument for call in calls for argument in call.args}


def acts_held(module: Module) -> Iterator[str]:
    """Strings that services keep in tables of their own and ask for later, and those that narrow the navigation.

    What is written to the log is left out: an event may be called like an act.
    """
    logged, entries = _arguments(module, "append_event"), _arguments(module, "Entry")
    service = module.name.startswith("matchhub.services")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and (node in entries or (service and node not in logged)):
            yield str(node.value)


def acts_in_template(template: str) -> list[str]:
    """Acts that a template asks for; the strings of Jinja's code only, not the text around it."""
    code = " ".join(text for _, kind, text in _JINJA.lex(template) if kind not in ("data", "whitespace", "comment"))
    return re.findall(r"""\bmay \( ["']([^"']*)["']""", code)


def asked() -> dict[str, str]:
    """Every act that is asked for by name, and one place that does."""
    found = {act: module.path for module in judged() for act in acts_asked(module)}
    found.update({act: path for path, text in templates() for act in acts_in_template(text)})
    return found


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return routes.make_app(Path(tmp_path_factory.mktemp("home")))


def test_no_role_is_named_outside_the_table() -> None:
    found = [line for module in judged() if module.path not in ALLOWED for line in roles_named(module)]
    pages = [(path, page) for path, page in templates() if path not in ALLOWED]
    found += [f"{path}: {text}" for path, page in pages for text in strings(page) if text in ROLES]
    assert found == []


def test_every_exception_is_needed() -> None:
    named = {module.path for module in judged() if roles_named(module)}
    named |= {path for path, page in templates() if ROLES & set(strings(page))}
    assert set(ALLOWED) - named == set()


def test_nothing_compares_the_role_of_an_actor() -> None:
    found = [line for module in judged() for line in roles_compared(module)]
    found += [path for path, page in templates() if re.search(r"actor\.role\s*(==|!=|in\b|not\b|is\b)", page)]
    assert found == []


def test_every_act_asked_for_stands_in_the_table() -> None:
    assert {act: where for act, where in asked().items() if act not in permissions().acts} == {}


def test_every_act_of_the_table_is_asked_for() -> None:
    held = {act for module in judged() for act in acts_held(module)}
    assert set(permissions().acts) - set(asked()) - held == set()


def test_every_route_declares_an_act_of_the_table(app: Flask) -> None:
    declared = {rule.endpoint: act_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert {route: act for route, act in declared.items() if act not in permissions().acts} == {}


def test_every_role_lands_on_a_page_that_it_may_open(app: Flask) -> None:
    landing = {role.name: role.landing for role in permissions().roles.values()}
    assert {name: page for name, page in landing.items() if page not in app.view_functions} == {}
    assert {name: page for name, page in landing.items() if not may_call(app, page, Actor(name))} == {}


def test_every_role_has_its_words_in_both_languages() -> None:
    assert {role for role in ROLES if set(words()["role"].get(role, {})) != {"zh", "en"}} == set()


@pytest.mark.parametrize(
    "text",
    [
        'unit.require("operator")',
        'def f(role: str = "visitor") -> None: ...',
        'KINDS = {"reviewer": 1}',
        'match role:\n    case "administrator": ...',
    ],
)
def test_a_role_named_in_code_is_found(text: str) -> None:
    assert len(roles_named(Module("matchhub.services.x", text))) == 1


@pytest.mark.parametrize("text", ['"""Only the operator may."""', 'url_for("operator.desk")', "# operator"])
def test_a_word_that_holds_the_name_of_a_role_is_none(text: str) -> None:
    assert roles_named(Module("matchhub.services.x", text)) == []


@pytest.mark.parametrize(
    "text", ["unit.actor.role == ONE", "ONE != g.actor.role", "actor.role in MANY", "f(not (unit.actor.role in MANY))"]
)
def test_a_comparison_of_an_actors_role_is_found(text: str) -> None:
    assert len(roles_compared(Module("matchhub.services.x", text))) == 1


def test_a_stored_role_may_be_compared() -> None:
    assert roles_compared(Module("matchhub.services.x", "Confirmation.role == CONFIRMING_OPERATOR")) == []


def test_a_role_named_in_a_template_is_found_and_text_for_people_is_not() -> None:
    page = '<p class="operator">operator {% if role == "operator" %}{{ t("运营机构", "the operator") }}{% endif %}</p>'
    assert [text for text in strings(page) if text in ROLES] == ["operator"]


def test_acts_are_found_wherever_they_are_asked() -> None:
    text = (
        '@act("a.b")\ndef view() -> None:\n    unit.require("c.d", "e.f")\n    return g.actor.may("g.h") or may("i.j")'
    )
    assert sorted(acts_asked(Module("web.x", text))) == ["a.b", "c.d", "e.f", "g.h", "i.j"]
    page = "{% if may('k.l') and not may(\"m.n\") %}may(\"o.p\"){% endif %}{{ x if may( 'q.r' ) }}"
    assert acts_in_template(page) == ["k.l", "m.n", "q.r"]


def test_an_event_of_the_log_is_no_use_of_an_act_and_a_table_of_a_service_is() -> None:
    service = Module("matchhub.services.x", 'STEPS = {"x": ("a.b",)}\nappend_event(unit, "c.d", "x", 1)')
    assert [act for act in acts_held(service) if "." in act] == ["a.b"]
    edge = Module("web.x", 'X = "g.h"\nEntry("p", "q", "r", 1, "e.f")')
    assert [act for act in acts_held(edge) if "." in act] == ["e.f"]
