"""Which public names of the product nothing but tests uses: definitions and uses, over resolved imports.

A use counts where a name is read: an import alone is none, nor is a package that passes a name on, a function that
calls itself, or a use inside something that is itself dead. What a framework finds is known by general rules: a
decorator that registers, a hook of WTForms, a method that a base class of another library has.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from tests.machine import ROOT
from tests.structure.sources import PACKAGES, Module, absolute

# Decorators after a dot, ``@blueprint.get(…)``, by which an object of a framework keeps the function.
REGISTERING = {"command", "errorhandler", "get", "group", "listens_for", "post", "route", "validates"}
# By these a function is given to templates: it lives while one of them says its name.
FOR_TEMPLATES = {"app_template_filter", "app_template_global"}
_JINJA = re.compile(r"\{[{%](.*?)[%}]\}", re.S)
_WORD = re.compile(r"[A-Za-z_]\w*")
_Def = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Name:
    """A public name: ``where`` is dotted with its module; ``owner`` the class of a method."""

    where: str
    line: int
    owner: str = ""
    is_kept: bool = False  # a framework finds it
    is_attribute: bool = False  # read from an object: a method, or a constant of a module imported by its name

    @property
    def last(self) -> str:
        return self.where.rpartition(".")[2]

    def __str__(self) -> str:
        return f"{self.where} (line {self.line})"


@dataclass(frozen=True)
class Use:
    """A dotted name that was read, or ``.attribute`` of an object nobody can tell from the text; and where inside."""

    name: str
    inside: tuple[str, ...]


def _has_decorator(node: _Def, names: set[str]) -> bool:
    called = [each.func if isinstance(each, ast.Call) else each for each in node.decorator_list]
    return any(isinstance(each, ast.Attribute) and each.attr in names for each in called)


def _registers(node: _Def) -> bool:
    return _has_decorator(node, REGISTERING)


def _assigned(node: ast.stmt) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    for target in targets:
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        yield from (each.id for each in names if isinstance(each, ast.Name))


def definitions(module: Module) -> Iterator[Name]:
    """Public functions, classes, constants and methods of a module."""
    for node in module.tree.body:
        if isinstance(node, _Def):
            if not node.name.startswith("_"):
                is_for_templates = _has_decorator(node, FOR_TEMPLATES)
                yield Name(f"{module.name}.{node.name}", node.lineno, "", _registers(node), is_for_templates)
            yield from _methods(module, node)
        else:
            for name in _assigned(node):
                if not name.startswith("_"):
                    yield Name(f"{module.name}.{name}", node.lineno, is_attribute=True)


def _methods(module: Module, owner: _Def) -> Iterator[Name]:
    if not isinstance(owner, ast.ClassDef):
        return
    for node in owner.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            where = f"{module.name}.{owner.name}"
            hook = bool(owner.bases) and node.name.startswith("validate_")
            yield Name(f"{where}.{node.name}", node.lineno, where, hook or _registers(node), is_attribute=True)


def bindings(module: Module) -> dict[str, str]:
    """Local names that imports give, anywhere in the module, and what they stand for."""
    found: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            tops = {each: each.name.partition(".")[0] for each in node.names}
            found |= {each.asname or top: each.name if each.asname else top for each, top in tops.items()}
        elif isinstance(node, ast.ImportFrom):
            base = absolute(module, node)
            found |= {each.asname or each.name: f"{base}.{each.name}" for each in node.names}
    return found


class _Reader(ast.NodeVisitor):
    """Gathers the uses of one module."""

    def __init__(self, module: Module) -> None:
        self.module, self.bound = module, bindings(module)
        self.inside: tuple[str, ...] = ()
        self.found: list[Use] = []

    def _within(self, node: _Def) -> None:
        for each in node.decorator_list:
            self.visit(each)
        outer = self.inside
        self.inside = (*outer, f"{outer[-1] if outer else self.module.name}.{node.name}")
        self.generic_visit(node)
        self.inside = outer

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _within

    def _dotted(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name):
            return self.bound.get(node.id)
        if isinstance(node, ast.Attribute) and (base := self._dotted(node.value)):
            return f"{base}.{node.attr}"
        return None

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.found.append(Use(self.bound.get(node.id, f"{self.module.name}.{node.id}"), self.inside))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.ctx, ast.Load):
            if dotted := self._dotted(node):
                self.found.append(Use(dotted, self.inside))
            self.found.append(Use(f".{node.attr}", self.inside))
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and node.value.isidentifier():
            self.found.append(Use(f".{node.value}", self.inside))  # getattr, attrgetter, names of fields in a list

    def visit_Assign(self, node: ast.Assign) -> None:
        if "__all__" not in _assigned(node):
            self.generic_visit(node)


def uses(module: Module) -> list[Use]:
    """Everything a module reads."""
    reader = _Reader(module)
    reader.visit(module.tree)
    return reader.found


def template_uses(text: str) -> Iterator[Use]:
    """Words inside the tags of a template, as attributes of whatever the page is given."""
    for tag in _JINJA.findall(text):
        yield from (Use(f".{word}", ()) for word in _WORD.findall(tag))


def _passed_on(modules: Sequence[Module]) -> Mapping[str, str]:
    """What names stand for that a module imports, where another one takes them from it."""
    pairs = ((f"{each.name}.{name}", target) for each in modules for name, target in bindings(each).items())
    return {name: target for name, target in pairs if name != target}


def _is_of_a_library(name: Name) -> bool:
    """Whether a method is one that a base class outside the product has, which then calls it."""
    module, _, owner = name.owner.rpartition(".")
    try:
        bases = getattr(import_module(module), owner).__mro__[1:]
    except (ImportError, AttributeError):  # a made-up module of a test
        return False
    return any(name.last in vars(base) for base in bases if base.__module__.partition(".")[0] not in PACKAGES)


def dead_names(modules: Sequence[Module], readers: Sequence[Module] = (), templates: Iterable[str] = (),
               entries: Iterable[str] = ()) -> list[Name]:  # fmt: skip
    """Public names of ``modules`` that nothing in them, in ``readers`` or in ``templates`` reads, and no entry is."""
    read = [use for module in (*modules, *readers) for use in uses(module)]
    read += [use for text in templates for use in template_uses(text)] + [Use(entry, ()) for entry in entries]
    passed_on, holders = _passed_on(modules), defaultdict(list)
    for use in read:
        name = use.name
        while name in passed_on:
            name = passed_on[name]
        holders[name].append(use.inside)
    named = [name for module in modules for name in definitions(module) if not name.is_kept]
    dead: dict[str, Name] = {}
    while fresh := [name for name in named if name.where not in dead and not _is_read(name, holders, dead)]:
        fresh = [name for name in fresh if not (name.owner and _is_of_a_library(name))]
        if not fresh:
            break
        dead |= {name.where: name for name in fresh}
    return [name for name in dead.values() if name.owner not in dead]


def _is_read(name: Name, holders: Mapping[str, list[tuple[str, ...]]], dead: Mapping[str, Name]) -> bool:
    found = list(holders.get(name.where, []))
    if name.is_attribute:
        found += holders.get(f".{name.last}", [])
    return any(name.where not in inside and not dead.keys() & set(inside) for inside in found)


def entry_points() -> list[str]:
    """What the project file starts, and what ``recommender`` (a package that could be published by itself) and the
    client of the API offer to programs of others."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    offered = [
        f"{place}.{name}" for place in ("recommender", "matchhub.client") for name in import_module(place).__all__
    ]
    return [each.replace(":", ".") for each in project["scripts"].values()] + offered
