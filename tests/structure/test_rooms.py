"""Rooms without circles: parts of a package may use one another in one direction only.

A room is a part of a package that can be understood by itself: a module, or all modules of one sub-package. Rooms that
reach one another over their imports, directly or through others, can only be understood together.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.structure.sources import Module, imports, modules

# Package, and how many parts of a name below it make a room (None: every module is one).
KEPT: list[tuple[str, int | None]] = [
    ("recommender", None),
    ("recommender", 1),
    ("matchhub.policy", None),
    ("matchhub.services", 1),
]


def room_of(name: str, package: str, depth: int | None) -> str | None:
    """The room of a module; None for one outside the package."""
    if name != package and not name.startswith(f"{package}."):
        return None
    below = name.removeprefix(package).split(".")[1:]
    return ".".join([package, *(below if depth is None else below[:depth])])


def uses(sources: Iterable[Module], package: str, depth: int | None) -> dict[str, set[str]]:
    """By room the other rooms of the package that it imports from, imports for type checking included."""
    inside = {each.name: room for each in sources if (room := room_of(each.name, package, depth))}
    found: dict[str, set[str]] = {room: set() for room in inside.values()}
    for each in sources:
        if own := inside.get(each.name):
            targets = (inside.get(module_of(imported, inside)) for _, imported in imports(each))
            found[own] |= {target for target in targets if target and target != own}
    return found


def module_of(imported: str, known: Iterable[str]) -> str:
    """The module that an imported name is or belongs to; empty for one that is not known."""
    name = imported
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


def reached(start: str, used: dict[str, set[str]]) -> set[str]:
    """All rooms that a room imports from, directly or through others; itself only when it is part of a circle."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = used[waiting.pop()] - found
        found |= fresh
        waiting += fresh
    return found


def circles(sources: Iterable[Module], package: str, depth: int | None) -> list[list[str]]:
    """Groups of rooms that all reach one another."""
    used = uses(list(sources), package, depth)
    reach = {room: reached(room, used) for room in used}
    groups = {
        tuple(sorted(each for each in reach[room] if room in reach[each])) for room in used if room in reach[room]
    }
    return [list(group) for group in sorted(groups)]


@pytest.mark.parametrize(("package", "depth"), KEPT)
def test_no_rooms_import_one_another_in_a_circle(package: str, depth: int | None) -> None:
    assert len(uses(modules(), package, depth)) > 1, "nothing was read"
    assert circles(modules(), package, depth) == []


def package_of(**texts: str) -> list[Module]:
    """A made-up package ``made``: file name (``__`` for a folder) to text."""
    files = {f"made.{name.replace('__', '.')}": text for name, text in texts.items()}
    return [Module("made", "", is_package=True), *(Module(name, text) for name, text in files.items())]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("from made.b import x", "from made.a import y"),
        ("import made.b", "def late():\n    from made import a"),
        ("from . import b", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from made.a import Y"),
    ],
)
def test_a_circle_of_two_is_found_however_it_is_imported(one: str, two: str) -> None:
    assert circles(package_of(a=one, b=two), "made", None) == [["made.a", "made.b"]]


def test_a_circle_through_a_third_room_is_found_and_its_users_are_not_part_of_it() -> None:
    made = package_of(a="import made.b", b="import made.c", c="import made.a", user="import made.a", used="")
    assert circles(made, "made", None) == [["made.a", "made.b", "made.c"]]


def test_a_circle_through_the_package_itself_is_found() -> None:
    made = [Module("made", "from made.a import x", is_package=True), Module("made.a", "from made import x")]
    assert circles(made, "made", None) == [["made", "made.a"]]


def test_two_circles_are_told_apart() -> None:
    made = package_of(a="import made.b", b="import made.a", c="import made.d, made.a", d="import made.c")
    assert circles(made, "made", None) == [["made.a", "made.b"], ["made.c", "made.d"]]


def test_rooms_of_several_modules_are_taken_as_one() -> None:
    made = package_of(
        deals__sign="import made.pushes.plan", pushes__plan="", pushes__links="import made.deals.pay", deals__pay=""
    )
    assert circles(made, "made", None) == []
    assert circles(made, "made", 1) == [["made.deals", "made.pushes"]]


def test_modules_of_one_room_may_import_one_another_below_the_rooms() -> None:
    made = package_of(deals__sign="import made.deals.pay", deals__pay="import made.deals.sign")
    assert circles(made, "made", 1) == []


def test_what_other_packages_import_is_no_part_of_it() -> None:
    made = package_of(a="import other", b="import made.a")
    assert circles([*made, Module("other", "import made.b")], "made", None) == []


def test_the_kernel_stands_on_no_other_room_and_no_room_stands_on_imports() -> None:
    found = uses(modules(), "matchhub.services", 1)
    assert found.get("matchhub.services.kernel", set()) == set()
    assert [room for room, used in found.items() if "matchhub.services.imports" in used] == []
