"""Which codes the sources use: found where a literal reaches a parameter, a field or a name called ``code``."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from tests.structure.sources import Module

CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
Positions = dict[str, set[int]]


def literals(node: ast.expr | None) -> Iterator[str]:
    """Codes an expression may be: a literal, either side of a condition or an ``or``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from literals(value)


def _parameters(node: ast.FunctionDef) -> list[str]:
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def _fields(node: ast.ClassDef) -> list[str]:
    annotated = (each.target for each in node.body if isinstance(each, ast.AnnAssign))
    return [target.id for target in annotated if isinstance(target, ast.Name)]


def _names(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@cache
def _definitions(module: Module) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, str], ...]]:
    """What of one module takes a ``code`` at which place, and its classes with each of their bases."""
    places: list[tuple[str, int]] = []
    families: list[tuple[str, str]] = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef) and "code" in _parameters(node) and not node.name.startswith("__"):
            places.append((node.name, _parameters(node).index("code")))
        if isinstance(node, ast.ClassDef):
            families += [(node.name, _names(base)) for base in node.bases]
            if "code" in _fields(node):
                places.append((node.name, _fields(node).index("code")))
    return tuple(places), tuple(families)


@cache
def callables(modules: tuple[Module, ...]) -> Positions:
    """Functions, methods and classes that take a ``code``, with its place among their positional arguments."""
    found: Positions = defaultdict(set)
    found["Refusal"].add(0)  # refusals take their code first
    for module in modules:
        for name, place in _definitions(module)[0]:
            found[name].add(place)
    families = [pair for module in modules for pair in _definitions(module)[1]]
    for _ in range(5):  # a class takes what its bases take; deeper than any family here
        for heir, base in families:
            found[heir] |= found.get(base, set())
    return found


def _of_call(node: ast.Call, known: Positions) -> Iterator[str]:
    places = known.get(_names(node.func))
    if not places:
        return
    for place in places:
        if place < len(node.args):
            yield from literals(node.args[place])
    for keyword in node.keywords:
        if keyword.arg == "code":
            yield from literals(keyword.value)


def _of_assignment(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(_names(target) == "code" for target in targets):
            yield from literals(node.value)


def used_codes(
    modules: Iterable[Module], sees: Callable[[str, str], bool] = lambda user, definer: True
) -> dict[str, str]:
    """Each code and one place (``path:line``) that uses it.

    ``sees(user, definer)`` tells whether one module may know another: of two methods of one name only those count
    that the caller can mean.
    """
    sources = list(modules)
    found: dict[str, str] = {}
    for module in sources:
        known = callables(tuple(each for each in sources if sees(module.name, each.name)))
        for node in ast.walk(module.tree):
            for code in (*_of_assignment(node), *(_of_call(node, known) if isinstance(node, ast.Call) else ())):
                found.setdefault(code, f"{module.path or module.name}:{getattr(node, 'lineno', 0)}")
    return found


def strings(module: Module) -> Iterator[str]:
    """Every string literal of a module, docstrings included."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def patterns(module: Module) -> Iterator[re.Pattern[str]]:
    """What the f-strings of a module may spell, where they spell codes: ``f"page_{status}"`` gives ``page_.+``."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            fixed = "".join(part for part in parts if isinstance(part, str))
            if "_" in fixed and re.fullmatch(r"[a-z0-9_]+", fixed):
                yield re.compile("".join(re.escape(part) if isinstance(part, str) else ".+" for part in parts))
