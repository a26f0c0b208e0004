"""Rule packs that differ from the shipped one where a test says so."""

from __future__ import annotations

import json
import re
from pathlib import Path

from matchhub.domain.rules import RulePack
from matchhub.policy import read_pack

KEY = "jinjiang-2023-6"
FILE = Path(__file__).parents[2] / "matchhub" / "policy" / f"{KEY}.toml"
ANOTHER_CITY = """[local]
name_zh = "临溪市"
name_en = "Linxi"
time_zone = "Asia/Urumqi"
divisions = ["330782"]
names = ["临溪"]
elsewhere_after = ["路"]
towns = ["望江"]
neighbours = ["石滩"]
regions = ["云州省", "临溪市"]

"""


def changed_pack(**lines: int | str) -> RulePack:
    """The shipped pack with other values in the lines of these names, whatever values it ships with."""
    text = FILE.read_text(encoding="utf-8")
    for name, value in lines.items():
        text, found = re.subn(rf"(?m)^{name} = [^#\n]*", f"{name} = {json.dumps(value)} ", text)
        assert found == 1, name
    return read_pack(KEY, text.encode())


def names_days(home: Path, said: str) -> None:
    """The shipped pack of this home with a table of days off."""
    (home / "packs").mkdir()
    text = FILE.read_text(encoding="utf-8")
    (home / "packs" / FILE.name).write_text(f"{text}\n[holidays]\n{said}\n", encoding="utf-8")


def another_city(folder: Path, *changes: tuple[str, str]) -> RulePack:
    """The pack of an invented city, from a file of its own below ``folder``."""
    text = FILE.read_text(encoding="utf-8").replace(KEY, "linxi-2030")
    start, end = text.index("[local]"), text.index("# Innovation categories")
    file = folder / "linxi-2030.toml"
    file.write_text(_changed(text[:start] + ANOTHER_CITY + text[end:], changes), encoding="utf-8")
    return read_pack("linxi-2030", file.read_bytes())


def _changed(text: str, changes: tuple[tuple[str, str], ...]) -> str:
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text
