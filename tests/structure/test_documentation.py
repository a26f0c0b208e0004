"""What people can call is written down: every command, every page and every setting."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator

import click
import pytest

from tests.machine import ROOT
from tests.structure.sources import modules, tracked_texts


def documents() -> str:
    """Everything written for people, as one text."""
    return "\n".join(text for name, text in tracked_texts() if name.endswith(".md") and "vendor/" not in name)


def present(name: str) -> bool:
    return any(module.name == name or module.name.startswith(f"{name}.") for module in modules())


def commands() -> Iterator[tuple[str, str]]:
    """Each command as people type it, and its own help."""
    # By name, for the edge comes after everything else and this file must load before it is there.
    waiting: list[tuple[str, click.Command]] = [("matchhub", importlib.import_module("matchhub.cli").main)]
    while waiting:
        path, command = waiting.pop()
        if isinstance(command, click.Group):
            waiting += [(f"{path} {name}", each) for name, each in command.commands.items() if not each.hidden]
        else:
            yield path, command.help or ""


@pytest.mark.skipif(not present("matchhub.cli"), reason="there are no commands yet")
def test_every_command_has_help_and_is_documented() -> None:
    text = documents()
    assert [path for path, told in commands() if not told.strip() or not re.search(rf"{path}\b", text)] == []


def test_every_setting_is_documented() -> None:
    read = {
        name
        for module in modules()
        for name in re.findall(r"[\"'](MATCHHUB_[A-Z_]+)[\"']", module.text)
    }
    described = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert sorted(name for name in read if f"`{name}`" not in described) == []


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for name, text in tracked_texts():
        if name.endswith(".md") and "vendor/" not in name:
            for target in re.findall(r"\]\(([^)#\s]+)", text):
                if "://" not in target and not ((ROOT / name).parent / target).exists():
                    broken.append(f"{name}: {target}")
    assert broken == []
