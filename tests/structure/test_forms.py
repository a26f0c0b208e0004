"""What a browser sends is read by form classes only, and a form that may be refused is shown again by its view."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.structure.sources import Module, modules, tracked_texts

READERS = {"form", "values", "files"}
# The second compares everything that was sent, the third shows it again, whatever it says.
THE_FORMS = {"web.forms", "web.once", "web.held", "web.api.acting"}  # the last puts a body in a form's place


def hand_read(module: Module) -> list[int]:
    """Lines that read what was sent past the form classes."""
    return [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in READERS
        if isinstance(node.value, ast.Name) and node.value.id == "request"
    ]


def functions(module: Module) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef))


def called(node: ast.AST) -> set[str]:
    """Names that are called directly within a node."""
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return {call.id for call in calls if isinstance(call, ast.Name)}


def not_shown_again(module: Module) -> list[str]:
    """Views that take a small form in (``sent``), by themselves or by a function beside them, without ``shown_again``."""
    known = list(functions(module))
    takers = {"sent"} | {each.name for each in known if "sent" in called(each)}
    views = [each for each in known if any("blueprint" in ast.unparse(mark) for mark in each.decorator_list)]
    marked = {each.name for each in views if any("shown_again" in ast.unparse(mark) for mark in each.decorator_list)}
    return [each.name for each in views if takers & called(each) and each.name not in marked]


def test_what_was_sent_is_read_by_forms_only() -> None:
    web = [module for module in modules() if module.name.startswith("web.") and module.name not in THE_FORMS]
    found = {module.path: hand_read(module) for module in web}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_no_template_reads_what_was_sent() -> None:
    pages = [(name, text) for name, text in tracked_texts() if name.startswith("web/") and name.endswith(".html")]
    assert [name for name, text in pages if re.search(r"\brequest\.(form|values|files)\b", text)] == []


def test_every_view_that_takes_a_small_form_shows_it_again_when_refused() -> None:
    web = [module for module in modules() if module.name.startswith("web.") and module.name != "web.page_forms"]
    assert {module.path: names for module in web if (names := not_shown_again(module))} == {}


@pytest.mark.parametrize("text", ['request.form.get("x")', "form = request.form", "request.values", "request.files"])
def test_reading_by_hand_is_found(text: str) -> None:
    assert hand_read(Module("web.x", text)) == [1]


@pytest.mark.parametrize("text", ['request.args.get("x")', "self.form", "form.data"])
def test_other_readings_are_none(text: str) -> None:
    assert hand_read(Module("web.x", text)) == []


VIEW = "@blueprint.post('/x')\n{mark}def view():\n    {act}\n\ndef _act():\n    with sent(Form) as form: ...\n"


@pytest.mark.parametrize("act", ["with sent(Form): ...", "return _act()"])
def test_a_view_that_would_not_show_its_form_again_is_found(act: str) -> None:
    assert not_shown_again(Module("web.x", VIEW.format(mark="", act=act))) == ["view"]
    assert not_shown_again(Module("web.x", VIEW.format(mark="@shown_again(page)\n", act=act))) == []


def test_every_posting_form_of_a_template_holds_the_token_and_the_key() -> None:
    pages = [(name, text) for name, text in tracked_texts() if name.startswith("web/") and name.endswith(".html")]
    forms = [
        (name, form) for name, text in pages for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.S)
    ]
    assert len(forms) > 10
    assert [name for name, form in forms if not re.search(r"\btoken\(\)|form_token\(\)|act_key\(\)", form)] == []
    assert [name for name, text in pages if text.count('name="csrf_token"') != text.count('name="act_key"')] == []


TEXTS = {"StringField", "TextField", "NoteField", "TextAreaField", "PasswordField"}
BOUNDED_BY_SERVICE = {("web.trade.threads", "text")}  # says how long a message may be in its own sentence


def test_every_text_that_may_be_typed_has_a_bound() -> None:
    unbounded = [
        (module.name, target.id)
        for module in modules()
        if module.name.startswith("web.")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.func, ast.Name) and node.value.func.id in TEXTS
        if "Length(" not in ast.unparse(node.value)
    ]
    assert set(unbounded) == BOUNDED_BY_SERVICE
