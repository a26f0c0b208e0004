"""The verifier of a package: whatever was changed in it is named, offline, by one file of plain Python."""

from __future__ import annotations

import ast
import io
import json
import random
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from matchhub.dossier import verify
from matchhub.dossier.packing import verifier
from tests.dossier.conftest import Package, zipped

Files = dict[str, bytes]
KINDS = ("申报书.docx", "承诺书.docx", "申报报告.pdf", "缺项清单.xlsx", "claim.json", "log/entries.jsonl",
         "log/checkpoint.json", "verify.py", "ledgers/invention_deals.xlsx", "pack/1/jinjiang-2023-6.toml")  # fmt: skip


def written(files: Files, folder: Path) -> Path:
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def found(files: Files, tmp_path: Path) -> list[dict[str, Any]]:
    """The faults of these files, as a zip and unpacked; both tell the same."""
    file = tmp_path / "changed.zip"
    file.write_bytes(zipped(files))
    as_zip = verify.verify(str(file))["faults"]
    as_folder = verify.verify(str(written(files, tmp_path / "unpacked")))["faults"]
    assert as_zip == as_folder
    return as_zip


def evidence_of(package: Package) -> str:
    return next(name for name in package.files if name.startswith("evidence/"))


def kinds(package: Package) -> list[str]:
    return [*KINDS, evidence_of(package)]


def rehashed(files: Files) -> Files:
    """The files with a manifest that fits them: a forger writes it anew too."""
    said = json.loads(files[verify.MANIFEST])
    said["files"] = [
        {"name": name, "sha256": verify.digest(content), "bytes": len(content)}
        for name, content in sorted(files.items())
        if name != verify.MANIFEST
    ]
    return files | {verify.MANIFEST: json.dumps(said).encode()}


def codes(faults: list[dict[str, Any]]) -> set[str]:
    return {each["code"] for each in faults}


def run(python: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([python, "-I", *arguments], cwd=cwd, capture_output=True, text=True, encoding="utf-8")


def pythons() -> list[str]:
    """This Python, and older ones that the machine has, down to the oldest that the verifier promises to run on."""
    others = [place for minor in (9, 10) if (place := shutil.which(f"python3.{minor}"))]
    return [sys.executable, *(each for each in others if run(each, "-c", "", cwd=Path.cwd()).returncode == 0)]


def test_a_package_is_whole_where_nothing_of_the_project_is(package: Package, tmp_path: Path) -> None:
    written(package.files, tmp_path)
    for python in pythons():
        told = run(python, "verify.py", "--json", "--root", package.built.root, cwd=tmp_path)
        assert told.returncode == 0, told.stdout + told.stderr
        said = json.loads(told.stdout)
        assert said["valid"] and said["root"] == package.built.root and said["entries"] > 0
        assert set(said["counts"]) == {each["key"] for each in json.loads(package.files["claim.json"])["thresholds"]}
    (tmp_path / "claim.json").write_text("{}")
    told = run(sys.executable, "verify.py", cwd=tmp_path)
    assert told.returncode == 1 and "claim.json 已被改动" in told.stdout


def test_the_verifier_is_written_for_python_3_9() -> None:
    ast.parse(verifier(), feature_version=(3, 9))
    imported = {name for node in ast.walk(ast.parse(verifier())) for name in names_of(node)}
    assert imported <= sys.stdlib_module_names


def names_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name.partition(".")[0] for each in node.names]
    return [str(node.module).partition(".")[0]] if isinstance(node, ast.ImportFrom) else []


def flipped(content: bytes, at: int = -1) -> bytes:
    at = len(content) // 2 if at < 0 else at
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (flipped, "file_changed"),
        (lambda content: content[:-1], "file_changed"),
        (lambda content: content + b"\n", "file_changed"),
        (lambda content: b"", "file_changed"),
    ],
    ids=["flipped", "cut", "longer", "emptied"],
)
def test_a_changed_file_of_every_kind_is_named(
    package: Package, tmp_path: Path, change: Callable[[bytes], bytes], code: str
) -> None:
    for number, name in enumerate(kinds(package)):
        files = package.files | {name: change(package.files[name])}
        assert {"code": code, "file": name} in found(files, folder(tmp_path, number))


def folder(tmp_path: Path, number: int) -> Path:
    place = tmp_path / str(number)
    place.mkdir()
    return place


def test_a_missing_an_added_and_a_renamed_file_of_every_kind_are_named(package: Package, tmp_path: Path) -> None:
    for number, name in enumerate(kinds(package)):
        files = package.files
        content = files.pop(name)
        missing = {"code": "file_missing", "file": name}
        assert missing in found(files, folder(tmp_path, 2 * number))
        renamed = found(files | {f"{name}.old": content}, folder(tmp_path, 2 * number + 1))
        assert missing in renamed and {"code": "file_added", "file": f"{name}.old"} in renamed


def test_a_manifest_that_is_gone_or_written_anew_is_told(package: Package, tmp_path: Path) -> None:
    files = package.files
    assert codes(found(files | {verify.MANIFEST: b"{}"}, tmp_path)) == {"manifest_unreadable"}
    anew = tmp_path / "anew.zip"
    anew.write_bytes(zipped(rehashed(files | {"申报书.docx": b"another"})))
    assert verify.verify(str(anew))["valid"]  # what the digest in the log is for:
    assert codes(verify.verify(str(anew), package.built.root)["faults"]) == {"root_differs"}


def test_any_byte_of_the_zip_is_noticed(package: Package, tmp_path: Path) -> None:
    file, dice = tmp_path / "one.zip", random.Random(12)
    tail = range(len(package.content) - 400, len(package.content))
    for at in [*dice.sample(range(len(package.content)), 60), *dice.sample(tail, 40), 0, 10, 35]:
        file.write_bytes(flipped(package.content, at))
        assert not verify.verify(str(file))["valid"], at
    for content in (package.content + b"x", b"x" + package.content, package.content[:-1], package.content[:1000]):
        file.write_bytes(content)
        assert not verify.verify(str(file))["valid"]


def test_a_file_that_stands_twice_in_the_zip_is_told(package: Package, tmp_path: Path) -> None:
    target = io.BytesIO(package.content)
    with zipfile.ZipFile(target, "a") as opened, pytest.warns(UserWarning):
        opened.writestr("claim.json", "{}")
    file = tmp_path / "twice.zip"
    file.write_bytes(target.getvalue())
    assert {"code": "file_added", "file": "claim.json"} in verify.verify(str(file))["faults"]


TICKED = r'<c r="\1" t="b"><v>1</v>'  # as the first packages said yes


def in_sheet(content: bytes, change: Callable[[str], str]) -> bytes:
    """A workbook whose first sheet's XML was changed by hand."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for each in old.namelist():
            text = old.read(each)
            new.writestr(each, change(text.decode()).encode() if each.endswith("sheet1.xml") else text)
    return target.getvalue()


def test_a_ledger_that_was_changed_in_a_spreadsheet_counts_otherwise(package: Package, tmp_path: Path) -> None:
    name = "ledgers/patents.xlsx"
    cell = re.compile(r'<c r="(F(?!1")\d+)"[^>]*t="s"[^>]*><v>\d+</v>')
    assert len(cell.findall(in_text(package.files[name]))) >= 2
    every = rehashed(package.files | {name: in_sheet(package.files[name], lambda text: cell.sub(TICKED, text))})
    faults = found(every, folder(tmp_path, 1))
    assert "count_differs" in codes(faults) and "verdict_differs" in codes(faults)
    fewer = in_sheet(package.files[name], lambda text: re.sub(r'<row r="3".*?</row>', "", text, flags=re.S))
    assert "count_differs" in codes(found(rehashed(package.files | {name: fewer}), folder(tmp_path, 2)))
    for number, wrong in enumerate((b"no workbook", package.files["缺项清单.xlsx"]), 3):
        assert found(rehashed(package.files | {name: wrong}), folder(tmp_path, number))


def in_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return opened.read("xl/worksheets/sheet1.xml").decode()


def test_evidence_taken_out_together_with_its_line_in_the_manifest_is_missed_by_the_ledger(
    package: Package, tmp_path: Path
) -> None:
    files = package.files
    digest = verify.digest(files.pop(evidence_of(package)))
    assert digest in {each.get("digest") for each in found(rehashed(files), tmp_path)}


@pytest.mark.parametrize(
    "name", ["../outside.txt", "evidence/../../outside.txt", "/etc/outside", "..\\outside.txt", "C:outside.txt"]
)
def test_a_name_that_leaves_the_folder_is_told_though_the_manifest_lists_it(
    package: Package, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "outside.zip"
    file.write_bytes(zipped(rehashed(package.files | {name: b"x"})))
    assert verify.verify(str(file))["faults"] == [{"code": "name_unsafe", "file": name}]


def test_a_folder_that_is_a_link_is_told(package: Package, tmp_path: Path) -> None:
    place = folder(tmp_path, 1)
    with zipfile.ZipFile(io.BytesIO(package.content)) as opened:
        opened.extractall(place)
    (place / "more").symlink_to(tmp_path, target_is_directory=True)
    assert verify.verify(str(place))["faults"] == [{"code": "file_added", "file": "more"}]


def test_a_goal_that_the_pack_does_not_have_is_told(package: Package, tmp_path: Path) -> None:
    said = json.loads(package.files["claim.json"]) | {"goal": "another", "thresholds": [], "earned": True}
    faults = found(rehashed(package.files | {"claim.json": json.dumps(said).encode()}), tmp_path)
    assert faults == [{"code": "goal_unknown", "goal": "another"}]


def test_a_claim_that_says_more_than_its_ledgers_is_told(package: Package, tmp_path: Path) -> None:
    said = json.loads(package.files["claim.json"])
    said["thresholds"][0]["strict"] += 1
    said["earned"] = not said["earned"]
    files = rehashed(package.files | {"claim.json": json.dumps(said).encode()})
    assert codes(found(files, tmp_path)) == {"count_differs", "earned_differs"}


def test_a_rule_pack_that_asks_for_less_is_told(package: Package, tmp_path: Path) -> None:
    name = "pack/1/jinjiang-2023-6.toml"
    easier = package.files[name].replace(b"required = 10000\n", b"required = 1\n")
    assert easier != package.files[name]
    faults = found(rehashed(package.files | {name: easier}), tmp_path)
    assert codes(faults) == {"pack_differs", "required_differs"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda lines: lines[:-1], "head_differs"),
        (lambda lines: [*lines[:3], *lines[4:]], "link_broken"),
        (lambda lines: [*lines[:3], lines[3].replace('"verb":"', '"verb":"x'), *lines[4:]], "entry_changed"),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], "link_broken"),
        (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], "link_broken"),
        (lambda lines: [*lines[:3], "no json", *lines[4:]], "file_unreadable"),
    ],
    ids=["cut short", "deleted", "changed", "repeated", "swapped", "damaged"],
)
def test_a_log_that_was_tampered_with_is_told(
    package: Package, tmp_path: Path, change: Callable[[list[str]], list[str]], code: str
) -> None:
    lines = package.files[verify.LOG].decode().splitlines()
    text = "".join(f"{line}\n" for line in change(lines))
    assert code in codes(found(rehashed(package.files | {verify.LOG: text.encode()}), tmp_path))


def test_a_log_that_was_hashed_anew_does_not_end_at_the_checkpoint(package: Package, tmp_path: Path) -> None:
    entries = [json.loads(line) for line in package.files[verify.LOG].splitlines()]
    entries[2]["actor"], previous = "account:1", verify.GENESIS
    for entry in entries:
        entry["previous_hash"] = previous
        entry["hash"] = previous = verify.entry_hash(entry)
    text = "".join(json.dumps(entry) + "\n" for entry in entries)
    assert codes(found(rehashed(package.files | {verify.LOG: text.encode()}), tmp_path)) == {"head_differs"}


def test_what_is_no_package_is_no_crash(tmp_path: Path) -> None:
    file = tmp_path / "file.zip"
    for content in (b"", b"PK\5\6" + bytes(18), zipped({verify.MANIFEST: b"[]"}), bytes(1000)):
        file.write_bytes(content)
        assert not verify.verify(str(file))["valid"]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(verify.MANIFEST, "{}")
    assert codes(verify.verify(str(file))["faults"]) == {"file_unreadable"}
    told = run(sys.executable, str(Path(verify.__file__)), str(tmp_path / "nothing.zip"), cwd=tmp_path)
    assert told.returncode == 2 and "Traceback" not in told.stderr
