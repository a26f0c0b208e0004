"""Which verbs the sources append to the log: literals, constants, and what their f-strings may spell."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tests.structure.sources import Module


def _constants(module: Module) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in module.tree.body:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            pairs = (
                zip(target.elts, node.value.elts, strict=True)
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                else [(target, node.value)]
            )
            for name, value in pairs:
                if isinstance(name, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found[name.id] = value.value
    return found


def _imported(module: Module, constants: dict[str, dict[str, str]]) -> dict[str, str]:
    """Constants that a module takes from others."""
    taken = [(node.module or "", each.name) for node in ast.walk(module.tree) if isinstance(node, ast.ImportFrom)
             for each in node.names]  # fmt: skip
    return {name: constants[at][name] for at, name in taken if name in constants.get(at, {})}


def _said(node: ast.expr, names: dict[str, str]) -> Iterator[str]:
    """Verbs an expression may be; an f-string with ``{}`` for each of its parts that vary."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and node.id in names:
        yield names[node.id]
    elif isinstance(node, ast.IfExp):
        yield from (*_said(node.body, names), *_said(node.orelse, names))
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    else:
        yield f"? {ast.unparse(node)}"


def appended(modules: Iterable[Module]) -> dict[str, str]:
    """Each verb, or the pattern of verbs, that is appended, with one place that does it."""
    sources = list(modules)
    constants = {module.name: _constants(module) for module in sources}
    found: dict[str, str] = {}
    for module in sources:
        known = constants[module.name] | _imported(module, constants)
        for inside in ast.walk(module.tree):
            if not isinstance(inside, ast.FunctionDef):
                continue
            own = {
                each.targets[0].id: each.value
                for each in ast.walk(inside)
                if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
            }
            for node in ast.walk(inside):
                if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "append_event"):
                    continue
                verb = node.args[1]
                verb = own.get(verb.id, verb) if isinstance(verb, ast.Name) else verb
                for each in _said(verb, known):
                    found.setdefault(each, f"{module.name}:{node.lineno}")
    return found
