"""Check a claim package (申报材料包) offline: `python3 verify.py [PACKAGE.zip or folder] [--root HEX] [--json]`.

One file, Python 3.9 or newer, nothing else needed. It names every file that was changed, is missing or was added,
counts the numbers of the claim again from the ledgers inside, reads what is required from the rule pack inside, and
follows the log's chain of hashes up to the checkpoint. `--root` compares the manifest with the digest that the
platform's log holds (printed when the package was made). Exit status: 0 whole, 1 faults found, 2 cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import re
import struct
import sys
import xml.etree.ElementTree as ElementTree  # nosec B405
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

Tell = Callable[..., None]
MANIFEST, CLAIM, LOG, HEAD = "manifest.json", "claim.json", "log/entries.jsonl", "log/checkpoint.json"
LEDGERS, PACK, CHECKPOINTS = "ledgers/", "pack/", "log/checkpoints/"
RECORD, UNIT, LITERAL, STRICT, AGAINST, PAPERS, WITHHELD = (
    "编号", "计数键", "文义口径计入", "严格口径计入", "不计入的原因代码", "证据 SHA-256",
    "未附证据 SHA-256（涉及个人信息）",
)  # fmt: skip
YES = (True, "是")  # the first packages wrote it as a truth value
GENESIS = "0" * 64
MOST = 1 << 28  # bytes of one part of a workbook
WORDS = {
    "manifest_unreadable": ("清单 {file} 无法读取。", "The manifest {file} cannot be read."),
    "file_unreadable": ("文件 {file} 无法读取。", "{file} cannot be read."),
    "file_changed": ("文件 {file} 已被改动。", "{file} was changed."),
    "file_missing": ("文件 {file} 缺失。", "{file} is missing."),
    "name_unsafe": ("文件名 {file} 指向材料包以外，请勿解压。",
                    "{file} names a place outside the package: do not unpack it."),
    "goal_unknown": ("规则包没有材料申报的事项 {goal}。", "The rule pack has no goal {goal}, which is claimed."),
    "file_added": ("文件 {file} 不在清单中，系后来加入。", "{file} is not in the manifest: it was added."),
    "container_changed": ("压缩包在第 {at} 字节处与清单所列内容不符。", "The archive differs at byte {at}."),
    "root_differs": ("清单与登记的摘要不符。", "The manifest is not the one whose digest was given."),
    "count_differs": ("{what}：材料载明 {said}，按台账重新计数为 {found}。",
                      "{what}: the claim says {said}, the ledger counts {found}."),
    "verdict_differs": ("台账 {file} 第 {line} 行：认定结果与原因不一致。",
                        "{file} line {line}: verdict and reasons disagree."),
    "paper_missing": ("台账 {file} 第 {line} 行所列证据不在材料包内：{digest}。",
                      "{file} line {line} names evidence that is not inside: {digest}."),
    "required_differs": ("{what}：材料载明要求 {said}，规则包为 {found}。",
                         "{what}: the claim says {said} are required, the rule pack says {found}."),
    "earned_differs": ("是否达标的结论与重新计数不一致。", "Whether the goal is reached differs from the recount."),
    "pack_differs": ("规则包内容与材料载明的摘要不符。", "The rule pack is not the one that the claim names."),
    "entry_changed": ("日志第 {id} 条与其哈希值不符。", "Entry {id} of the log does not fit its hash."),
    "link_broken": ("日志第 {id} 条与前一条不衔接。", "Entry {id} of the log does not follow the one before."),
    "head_differs": ("日志末端与校验点 {file} 不符。", "The log does not end at the checkpoint {file}."),
}  # fmt: skip


class Package:
    """A package read from a zip or a folder: `names` in order, `read(name)`, and `raw`, the bytes of the zip."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.raw: bytes | None = None
        self.twice: list[str] = []
        self._zip: zipfile.ZipFile | None = None
        if os.path.isdir(place):
            found = [
                os.path.join(folder, name)
                for folder, inner, names in os.walk(place)
                for name in [*names, *(each for each in inner if os.path.islink(os.path.join(folder, each)))]
            ]
            self.names = sorted(os.path.relpath(each, place).replace(os.sep, "/") for each in found)
            return
        with open(place, "rb") as file:
            self.raw = file.read()
        self._zip = zipfile.ZipFile(io.BytesIO(self.raw))
        listed = [each.filename for each in self._zip.infolist()]
        self.names = list(dict.fromkeys(listed))
        self.twice = (
            sorted({name for name in listed if listed.count(name) > 1}) if len(listed) > len(self.names) else []
        )
        if any(each.compress_type != zipfile.ZIP_STORED for each in self._zip.infolist()):
            raise ValueError("compressed")

    def read(self, name: str) -> bytes:
        """The bytes of a file; ValueError or OSError where they cannot be had."""
        if self._zip is None:
            with open(os.path.join(self.place, *name.split("/")), "rb") as file:
                return file.read()
        try:
            return self._zip.read(name)
        except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as fault:
            raise ValueError(name) from fault


def container(files: list[tuple[str, bytes]]) -> bytes:
    """The bytes of a zip with these (name, bytes) in order, stored as of 1980: the same files, the same zip."""
    parts: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for name, content in files:
        said, flag = name.encode("utf-8"), 0 if name.isascii() else 0x800
        common = struct.pack("<HHHHHIIIHH", 20, flag, 0, 0, 33, zlib.crc32(content), len(content), len(content),
                             len(said), 0)  # fmt: skip
        directory.append(b"PK\1\2" + struct.pack("<H", 20 | 3 << 8) + common
                         + struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, at) + said)  # fmt: skip
        parts += [b"PK\3\4" + common + said, content]
        at += 30 + len(said) + len(content)
    listed = b"".join(directory)
    end = struct.pack("<HHHHIIH", 0, 0, len(directory), len(directory), len(listed), at, 0)
    return b"".join([*parts, listed, b"PK\5\6" + end])


def digest(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def verify(place: str, root: str | None = None) -> dict[str, Any]:
    """`{"valid", "root", "faults", "counts", "entries", "sealed", "demo"}` of a package; OSError when there is none."""
    found: dict[str, Any] = {"valid": False, "root": "", "faults": [], "counts": {}, "entries": 0, "sealed": 0}
    found["demo"] = False

    def tell(fault: str, **data: Any) -> None:
        found["faults"].append({"code": fault, **data})

    try:
        package = Package(place)
    except (ValueError, zipfile.BadZipFile, struct.error, NotImplementedError):
        tell("file_unreadable", file=os.path.basename(place))
        return found
    listed = check_files(package, tell, found)
    if root and root.lower() != found["root"]:
        tell("root_differs")
    if listed is not None:
        check_contents(package, listed, tell, found)
    found["valid"] = not found["faults"]
    return found


def check_files(package: Package, tell: Tell, found: dict[str, Any]) -> dict[str, str] | None:
    """Compare every file with the manifest; the digests listed by name, None when there is no manifest to read."""
    try:
        content = package.read(MANIFEST)
        found["root"] = digest(content)
        listed = {str(each["name"]): (str(each["sha256"]), each["bytes"]) for each in json.loads(content)["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        tell("manifest_unreadable", file=MANIFEST)
        return None
    present = set(package.names)
    for name in sorted(each for each in present | set(listed) if leaves(each)):
        tell("name_unsafe", file=name)
    for name in sorted(present - set(listed) - {MANIFEST}) + package.twice:
        tell("file_added", file=name)
    for name, (wanted, size) in sorted(listed.items()):
        if name not in present:
            tell("file_missing", file=name)
            continue
        try:
            content = package.read(name)
            if digest(content) != wanted or len(content) != size:
                tell("file_changed", file=name)
        except (OSError, ValueError):
            tell("file_changed", file=name)
    if package.raw is not None and not found["faults"]:
        check_container(package, package.raw, [*sorted(listed), MANIFEST], tell)
    return {name: wanted for name, (wanted, _) in listed.items()}


def leaves(name: str) -> bool:
    """Whether a file of this name may be unpacked outside the folder of the package, on any system."""
    return bool(re.search(r"[\\:\x00-\x1f]|(?:^|/)\.{0,2}(?:/|$)", name))


def check_container(package: Package, raw: bytes, names: list[str], tell: Tell) -> None:
    """Whether the zip itself, beside what it holds, is byte for byte what its files make."""
    made = container([(name, package.read(name)) for name in names])
    if made != raw:
        at = next((at for at, byte in enumerate(made[: len(raw)]) if byte != raw[at]), min(len(made), len(raw)))
        tell("container_changed", at=at)


def check_contents(package: Package, listed: dict[str, str], tell: Tell, found: dict[str, Any]) -> None:
    """What the files say: counts, requirements, verdicts, papers, and the chain of the log."""
    claim = read_json(package, CLAIM, tell)
    if claim is not None:
        found["demo"] = claim.get("demo") is True
        try:
            check_counts(package, claim, set(listed.values()), tell, found)
            check_pack(package, listed, claim, tell)
        except (KeyError, TypeError, AttributeError):
            tell("file_unreadable", file=CLAIM)
    head = read_json(package, HEAD, tell)
    if head is not None:
        check_log(package, listed, head, tell, found)


def read_json(package: Package, name: str, tell: Tell) -> dict[str, Any] | None:
    """What a JSON file holds, None (and a fault) where it cannot be read."""
    try:
        said = json.loads(package.read(name))
        if isinstance(said, dict):
            return said
    except (OSError, ValueError):
        pass
    tell("file_unreadable", file=name)
    return None


def check_counts(package: Package, claim: dict[str, Any], digests: set[str], tell: Tell, found: dict[str, Any]) -> None:
    """Count every threshold again from its ledger, and whether the goal is reached."""
    reached = True
    for said in claim["thresholds"]:
        name = LEDGERS + said["key"] + ".xlsx"
        rows: list[dict[str, Any]] = []
        try:
            rows = rows_of(package.read(name))
        except Exception:  # whatever a forged workbook makes the readers raise
            tell("file_unreadable", file=name)
        literal: set[Any] = set()
        strict: set[Any] = set()
        for line, row in enumerate(rows, 2):
            counts = row.get(LITERAL) in YES, row.get(STRICT) in YES
            if counts[1] != (counts[0] and not row.get(AGAINST)):
                tell("verdict_differs", file=name, line=line)
            for paper in str(row.get(PAPERS) or "").split():
                if paper not in digests:
                    tell("paper_missing", file=name, line=line, digest=paper)
            literal.update([row.get(UNIT)] if counts[0] else [])
            strict.update([row.get(UNIT)] if counts[1] else [])
        found["counts"][said["key"]] = {"literal": len(literal), "strict": len(strict)}
        for reading, units in (("literal", literal), ("strict", strict)):
            if said[reading] != len(units):
                tell("count_differs", what=said["title"], said=said[reading], found=len(units))
        reached = reached and len(strict) >= said["least"]
    if claim["earned"] is not reached:
        tell("earned_differs")


def rows_of(content: bytes) -> list[dict[str, Any]]:
    """The rows of a workbook's first sheet, each a dict by heading."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared: list[str] = []
        if "xl/sharedStrings.xml" in book.namelist():
            shared = ["".join(each.itertext()) for each in parsed(book, "xl/sharedStrings.xml")]
        table = [cells_of(row, shared) for row in parsed(book, "xl/worksheets/sheet1.xml").iter() if is_(row, "row")]
    headings = table[0]
    return [{headings[column]: value for column, value in row.items() if column in headings} for row in table[1:]]


def parsed(book: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """The root of a part of the workbook; ValueError for one that is too large or brings a document type."""
    content = book.open(name).read(MOST + 1)
    if len(content) > MOST or b"<!DOCTYPE" in content:
        raise ValueError(name)
    return ElementTree.fromstring(content)  # nosec B314


def is_(element: ElementTree.Element, name: str) -> bool:
    """Whether an element is called so, whatever its namespace."""
    return element.tag.rpartition("}")[2] == name


def cells_of(row: ElementTree.Element, shared: list[str]) -> dict[str, Any]:
    """The values of a row by the letters of their column."""
    found: dict[str, Any] = {}
    for cell in row:
        text = "".join("".join(each.itertext()) for each in cell if is_(each, "v") or is_(each, "is"))
        kind = cell.get("t")
        value: Any = shared[int(text)] if kind == "s" else text == "1" if kind == "b" else text
        found[re.sub(r"\d", "", cell.get("r", ""))] = value
    return found


def check_pack(package: Package, listed: dict[str, str], claim: dict[str, Any], tell: Tell) -> None:
    """Whether the rule pack inside is the one named, and asks for what the claim says it asks for."""
    levels: dict[str, list[bytes]] = {}
    for name in sorted(each for each in listed if each.startswith(PACK)):
        try:
            levels.setdefault(name.split("/")[1], []).append(package.read(name))
        except (OSError, ValueError):
            return  # told already
    told = ""
    required: dict[Any, dict[Any, int]] = {}
    for files in [levels[level] for level in sorted(levels, reverse=True)]:
        own = digest(b"".join(files))
        told = digest((own + " " + told).encode()) if told else own
        text = b"\n".join(files).decode("utf-8", "replace")
        required = goals_of(text) or required
    if told != claim["policy_digest"]:
        tell("pack_differs")
    if claim["goal"] not in required:
        tell("goal_unknown", goal=claim["goal"])
    asked = required.get(claim["goal"], {})
    for said in claim["thresholds"]:
        least = asked.pop(said["key"], None)
        if least != said["least"]:
            tell("required_differs", what=said["title"], said=said["least"], found=least)
    for key, least in asked.items():
        tell("required_differs", what=key, said=None, found=least)


def goals_of(text: str) -> dict[Any, dict[Any, int]]:
    """What a pack written as TOML asks for: the least number by goal and threshold."""
    goals: list[tuple[dict[str, str], list[dict[str, str]]]] = []
    part: dict[str, str] | None = None
    for line in text.splitlines():
        if line.strip().startswith("["):
            table = line.split("#")[0].strip()
            part = {} if table in ("[[goals]]", "[[goals.thresholds]]") else None
            if part is not None and table == "[[goals]]":
                goals.append((part, []))
            elif part is not None and goals:
                goals[-1][1].append(part)
        elif part is not None:
            said = re.match(r"""\s*(key|required|operator)\s*=\s*["']?([^"'#]*?)["']?\s*(#.*)?$""", line)
            if said:
                part[said.group(1)] = said.group(2)
    return {goal.get("key"): {each.get("key"): least_of(each) for each in listed} for goal, listed in goals}


def least_of(threshold: dict[str, str]) -> int:
    """The smallest number that is enough: `>` excludes the number itself."""
    return int(threshold.get("required", "0").replace("_", "")) + (threshold.get("operator", ">=") == ">")


def check_log(
    package: Package, listed: dict[str, str], head: dict[str, Any], tell: Tell, found: dict[str, Any]
) -> None:
    """Follow the chain from its first entry to the checkpoint; entries with a hash alone are sealed (封存)."""
    previous, count = GENESIS, 0
    heads: dict[Any, str] = {0: GENESIS}
    try:
        for line in package.read(LOG).decode("utf-8").splitlines():
            entry = json.loads(line)
            if "payload" in entry:
                if entry["previous_hash"] != previous:
                    tell("link_broken", id=entry["id"])
                if entry_hash(entry) != entry["hash"]:
                    tell("entry_changed", id=entry["id"])
            else:
                found["sealed"] += 1
            previous, count = entry["hash"], count + 1
            heads[count] = previous
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        tell("file_unreadable", file=LOG)
        return
    found["entries"] = count
    if head.get("entries") != count or head.get("last_hash") != previous:
        tell("head_differs", file=HEAD)
    for name in sorted(each for each in listed if each.startswith(CHECKPOINTS)):
        kept = read_json(package, name, tell)
        if kept is not None and heads.get(kept.get("entries")) != kept.get("last_hash"):
            tell("head_differs", file=name)


def entry_hash(entry: dict[str, Any]) -> str:
    """The hash that an entry must bear: over the one before and its own values, each on a line."""
    subject = "{subject_kind}:{subject_id}".format(**entry)
    own = [entry["recorded_at"], entry["appended_at"], entry["actor"], entry["verb"], subject, entry["payload"]]
    return digest("\n".join([entry["previous_hash"], *own]).encode())


def main(arguments: list[str]) -> int:
    """Print what was found; the exit status."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("package", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    asked.add_argument("--root")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args(arguments)
    try:
        found = verify(given.package, given.root)
    except OSError as fault:
        print(fault, file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0 if found["valid"] else 1
    for each in found["faults"]:
        chinese, english = WORDS[each["code"]]
        print("✗ " + chinese.format(**each) + " / " + english.format(**each))
    print("清单摘要 / root of the manifest: " + found["root"])
    for key, count in found["counts"].items():
        print("  {:<24} 严格 / strict {strict:>6}   文义 / literal {literal:>6}".format(key, **count))
    print("日志 / log: {entries}（封存 / sealed {sealed}）".format(**found))
    if found["demo"]:
        print("演示数据，不得用于申报。 / Of an invented city: nothing can be claimed by it.")
    whole = "材料完整，与清单一致。 / The package is whole."
    print(whole if found["valid"] else "材料不完整。 / The package is not whole.")
    return 0 if found["valid"] else 1


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))
