"""A wrong pack is told with file, line and a sentence, every fault of it; packs of a home stand beside those that ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchhub.errors import SettingInvalid
from matchhub.policy import check_pack, load_pack, pack_keys, pack_text, read_pack
from matchhub.policy.places import lines_of
from tests.domain.counting.verdicts import speak
from tests.policy.composed import pack_with, threshold
from tests.policy.packs import FILE, KEY


def line_with(text: str, words: str) -> int:
    return next(at for at, line in enumerate(text.splitlines(), 1) if words in line)


def faults(folder: Path, *changes: tuple[str, str]) -> list[tuple[str, int, str]]:
    """Code, line and place of each fault of the shipped pack with these changes; each has its sentences."""
    text = FILE.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    file = folder / f"{KEY}.toml"
    file.write_text(text, encoding="utf-8")
    found = check_pack(file)
    for each in found:
        speak(each.code, each.data)
        assert each.data["file"] == file.name
    return [(each.code, int(str(each.data["line"])), str(each.data["where"])) for each in found]


def test_the_shipped_packs_have_no_fault() -> None:
    for file in sorted(FILE.parent.glob("*.toml")):
        assert check_pack(file) == (), file


def test_every_table_tells_its_first_fault_with_the_line_where_it_stands(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        ("required = 80\n", "required = 0\n"),
        ("required = 500\n", 'required = "500"\n'),
        ('time_zone = "Asia/Shanghai"', 'time_zone = "Asia/Jinjiang"'),
        ("duplicate_review = 0.75", "duplicate_review = 0.9"),
        ('locarno = ["03-03", "21-04"]', 'locarno = ["33-03"]'),
        ("[sample]", "[samples]"),
    )
    text = (tmp_path / f"{KEY}.toml").read_text(encoding="utf-8")
    assert found == [
        ("pack_type", line_with(text, 'required = "500"'), "goals[0].thresholds[2].required"),
        ("pack_too_small", line_with(text, "required = 0"), "goals[0].thresholds[3].required"),
        ("pack_form", line_with(text, "Asia/Jinjiang"), "local.time_zone"),
        ("pack_symbol_unknown", line_with(text, "33-03"), "industries.umbrellas.locarno"),
        ("pack_above", line_with(text, "duplicate_review = 0.9"), "demands.duplicate_review"),
        ("pack_missing", 1, "sample"),
        ("pack_unknown_field", line_with(text, "[samples]"), "samples"),
    ]


@pytest.mark.parametrize(
    ("where", "code", "place"),
    [
        ('patent_types = ["utility"]', "pack_choice", "where.patent_types"),
        ("patent_types = []", "pack_empty", "where.patent_types"),
        ("least_yuan = 0", "pack_too_small", "where.least_yuan"),
        ('least_yuan = "much"', "pack_type", "where.least_yuan"),
        ("year = 2024, from_on = 2024-01-01", "pack_year_and_days", "where.year"),
        ("year = 24", "pack_range", "where.year"),
        ("from_on = 2024-02-01, to_on = 2024-01-01", "pack_days", "where.from_on"),
        ("year = 2030", "pack_outside_window", "where"),
        ('industries = ["spaceships"]', "pack_choice", "where.industries"),
        ('categories = ["gazelle_unicorn"]', "pack_filter_unknown", "where.categories"),
        ("colour = 1", "pack_filter_unknown", "where.colour"),
    ],
)
def test_a_wrong_filter_is_told(where: str, code: str, place: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        read_pack(KEY, pack_with(threshold("more_deals", "deals", "contract", where)))
    assert (refused.value.code, refused.value.data["where"]) == (code, f"goals[1].thresholds[2].{place}")
    assert refused.value.data["line"] == line_with(
        pack_with(threshold("more_deals", "deals", "contract", where)).decode(), where
    )
    speak(code, refused.value.data)


@pytest.mark.parametrize(
    ("added", "code"),
    [
        (threshold("more_deals", "bargains", "contract"), "pack_choice"),
        (threshold("more_deals", "deals", "message"), "pack_choice"),
        (threshold("More Deals", "deals", "contract"), "pack_form"),
        (threshold("patents", "deals", "contract"), "pack_twice"),
        (threshold("more", "patents", "patent") + "windowed = true\n", "pack_stock_windowed"),
    ],
)
def test_a_wrong_threshold_is_told(added: str, code: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        read_pack(KEY, pack_with(added))
    assert refused.value.code == code
    speak(code, refused.value.data)


def test_a_file_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    assert faults(tmp_path, ('document = "', "document = ")) == [("pack_unreadable", 9, "file")]


class TestPacksOfAHome:
    """Packs in ``packs`` of the home: files and folders, and packs that take tables from others."""

    @pytest.fixture
    def home(self, tmp_path: Path) -> Path:
        (tmp_path / "packs").mkdir()
        return tmp_path

    def write(self, home: Path, name: str, text: str) -> None:
        file = home / "packs" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def test_a_file_beside_those_that_ship_is_a_pack(self, home: Path) -> None:
        self.write(home, "linxi-2030.toml", FILE.read_text("utf-8").replace(KEY, "linxi-2030", 1))
        assert set(pack_keys(home)) == {*pack_keys(), "linxi-2030"}
        assert load_pack("linxi-2030", home).key == "linxi-2030"
        with pytest.raises(SettingInvalid):
            load_pack("linxi-2030")

    def test_a_changed_file_is_read_anew_under_another_digest(self, home: Path) -> None:
        text = FILE.read_text("utf-8").replace(KEY, "linxi-2030", 1)
        self.write(home, "linxi-2030.toml", text)
        before = load_pack("linxi-2030", home)
        self.write(home, "linxi-2030.toml", text.replace("late_record_days = 90", "late_record_days = 91"))
        after = load_pack("linxi-2030", home)
        assert (before.proof.late_record_days, after.proof.late_record_days) == (90, 91)
        assert before.digest != after.digest

    def test_a_folder_is_a_pack_of_several_files(self, home: Path) -> None:
        text = FILE.read_text("utf-8").replace(KEY, "linxi-2030", 1)
        at = text.index("# Innovation categories")
        self.write(home, "linxi-2030/law.toml", text[:at])
        self.write(home, "linxi-2030/trades.toml", text[at:])
        assert load_pack("linxi-2030", home).industries == load_pack(KEY).industries
        self.write(home, "linxi-2030/more.toml", "[sample]\nshare = 0.1\nminimum = 3\nconfidence = 0.9\n")
        (fault,) = check_pack(home / "packs" / "linxi-2030")
        assert (fault.code, fault.data["file"]) == ("pack_twice", "linxi-2030/trades.toml")

    def test_a_pack_takes_whole_tables_from_another_one(self, home: Path) -> None:
        self.write(home, "linxi-2030.toml", f'key = "linxi-2030"\ntitle_zh = "新办法"\ntitle_en = "New"\ndocument = "某办规"\n'
                   f'extends = "{KEY}"\n[sample]\nshare = 0.1\nminimum = 3\nconfidence = 0.9\n')  # fmt: skip
        pack = load_pack("linxi-2030", home)
        assert (pack.sample.minimum, pack.goals[0].bonus_yuan, pack.document) == (3, 500_000, "某办规")
        assert f"# --- {KEY} ---" in pack_text("linxi-2030", home)

    def test_a_change_of_the_other_one_changes_the_digest_too(self, home: Path) -> None:
        text = FILE.read_text("utf-8").replace(KEY, "base-2030", 1)
        self.write(home, "base-2030.toml", text)
        self.write(home, "linxi-2030.toml", 'key = "linxi-2030"\ntitle_zh = "新"\ntitle_en = "New"\ndocument = "某"\n'
                   'extends = "base-2030"\n')  # fmt: skip
        before = load_pack("linxi-2030", home)
        self.write(home, "base-2030.toml", text.replace("late_record_days = 90", "late_record_days = 91"))
        after = load_pack("linxi-2030", home)
        assert (after.proof.late_record_days, after.digest != before.digest) == (91, True)

    @pytest.mark.parametrize("base", ["nowhere-2099", "linxi-2030"])
    def test_a_pack_to_take_from_must_be_there(self, home: Path, base: str) -> None:
        self.write(home, "linxi-2030.toml", f'key = "linxi-2030"\nextends = "{base}"\n')
        (fault,) = check_pack(home / "packs" / "linxi-2030.toml")
        assert (fault.code, fault.data["line"]) == ("pack_base_unknown", 2)
        speak(fault.code, fault.data)


def test_lines_are_found_in_long_lists_and_quoted_names() -> None:
    text = 'a = [\n  "x = 1",\n  "[b]",\n]\n[b."c-d"]\n"e.f" = 1\n[[g]]\nh = 1\n[[g.i]]\nj = 2\n[[g]]\nh = 3\n[g.k]\nl = 4\n'
    assert lines_of(text) == {"a": 1, "b.c-d": 5, "b.c-d.e.f": 6, "g[0]": 7, "g[0].h": 8, "g[0].i[0]": 9, "g[0].i[0].j": 10,
                              "g[1]": 11, "g[1].h": 12, "g[1].k": 13, "g[1].k.l": 14}  # fmt: skip
