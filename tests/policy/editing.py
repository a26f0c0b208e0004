"""A shipped rule pack edited on disk, as somebody with the machine in hands would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from matchhub import policy
from matchhub.policy import load_pack

PACK = "jinjiang-2023-6"


@contextmanager
def edited_pack(patch: pytest.MonkeyPatch, folder: Path, old: str, new: str) -> Iterator[str]:
    """While it lasts the pack's file holds ``new`` in the place of ``old``; gives its digest."""
    shipped = resources.files("matchhub.policy")
    for each in shipped.iterdir():
        if each.name.endswith(".toml"):
            text = each.read_text("utf-8")
            assert each.name != f"{PACK}.toml" or old in text
            (folder / each.name).write_text(text.replace(old, new, 1), "utf-8")
    usual = resources.files

    def files(package: Any = None) -> Any:
        return folder if package == "matchhub.policy" else usual(package)

    with patch.context() as held:
        held.setattr(resources, "files", files)
        held.setattr(policy, "_listed", {})  # the folders that were gone through are the shipped ones
        yield load_pack(PACK).digest
