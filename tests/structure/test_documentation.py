"""What people can call is written down: every command, every page and every setting."""

from __future__ import annotations

import re

import pytest

from tests.machine import ROOT
from tests.structure import commands
from tests.structure.sources import modules, tracked_texts


def present(name: str) -> bool:
    return any(module.name == name or module.name.startswith(f"{name}.") for module in modules())


@pytest.mark.skipif(not present("matchhub.cli"), reason="there are no commands yet")
def test_every_command_says_what_it_does() -> None:
    assert [path for path, command in commands.commands() if not (command.help or "").strip()] == []


@pytest.mark.skipif(not present("matchhub.cli"), reason="there are no commands yet")
def test_the_document_lists_exactly_the_commands() -> None:
    written = commands.TABLE.read_text(encoding="utf-8") if commands.TABLE.exists() else ""
    assert written == commands.document(), "run: python -m tests.structure.commands"


def test_every_setting_is_documented() -> None:
    read = {name for module in modules() for name in re.findall(r"[\"'](MATCHHUB_[A-Z_]+)[\"']", module.text)}
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
