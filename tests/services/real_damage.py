"""Real files, cut to some rows and damaged in the ways in which files get damaged; every case follows from its number."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import xlsxwriter

from ingest.reading import open_file
from matchhub.domain.records import Kind

ROWS = 60
Bytes = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True)
class Original:
    """A real file of which some rows were kept: under its own name and in its own encoding or another one's clothes."""

    name: str
    kind: Kind
    content: bytes
    table: tuple[tuple[str, ...], ...]  # header first
    encoding: str = ""  # of text; "" for archives and workbooks


def originals(shared: Path) -> list[Original]:
    """The real collections of patents, the register of firms and lists made of its names, each cut to some rows."""
    patents, made = shared / "data/patents", []
    texts: list[tuple[Path, Kind]] = [(patents / "a01" / f"{name}.csv", "patents") for name in ("A01K", "A01P", "A01B")]
    texts += [(path, "patents") for path in sorted((patents / "bulletin_2019").glob("*.csv"))]
    texts.append((shared / "data/enterprises/quanzhou_register.csv", "enterprises"))
    for path, kind in texts:
        table = opening(path)
        encoding = "utf-8" if kind == "enterprises" else "gb18030"
        made.append(Original(path.name, kind, as_csv(table).encode(encoding), table, encoding))
    city = opening(patents / "city/city_patents_1985_2015.xlsx")
    firms, fish = made[-1].table, made[0].table
    names = (
        ("序号", "企业名称", "证书编号"),
        *((str(at), row[0], f"GR2023350{at:05d}") for at, row in enumerate(firms[1:], 1)),
    )
    listed = (("2023年高新技术企业名单", "", ""), *names)
    made.append(Original("高新技术企业名单.csv", "enterprises", as_csv(listed).encode("gb18030"), listed, "gb18030"))
    made.append(Original("名单.xls", "enterprises", as_html(names).encode(), names, "utf-8"))
    made.append(Original("city.xlsx", "patents", as_workbook(city), city))
    made.append(Original("register.xlsx", "enterprises", as_workbook(firms), firms))
    made.append(Original("fish.jsonl", "patents", as_lines(fish).encode(), fish, "utf-8"))
    made.append(
        Original("two.zip", "patents", as_zip({"渔/鱼.csv": made[0].content, "公报.csv": made[4].content}), fish)
    )
    asked = demands(shared / "data/relevance/demands/queries.jsonl", firms)
    made.append(Original("demands.csv", "demands", as_csv(asked).encode(), asked, "utf-8"))
    bureaus = (
        ("机构名称", "统一社会信用代码", "联系电话", "地址"),
        *((row[0], row[1], "0595-85550000", row[-1]) for row in firms[1:]),
    )
    made.append(Original("agencies.csv", "agencies", as_csv(bureaus).encode("utf-16"), bureaus, "utf-16"))
    return made


def demands(path: Path, firms: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """The graded demands as a sheet of demands of the real firms, some of whom are in the base."""
    header = ("需求名称", "拟解决的技术难题", "所属单位", "统一社会信用代码", "预算金额", "有效期至", "联系人")
    said = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    firm = firms[1:]
    rows = (
        (each["title"], each["text"], firm[at][0], firm[at][1], f"{at}万元", "2026-12-31", "某人")
        for at, each in enumerate(said)
    )
    return (header, *rows)


def opening(path: Path) -> tuple[tuple[str, ...], ...]:
    """The header and the first rows of a real file."""
    return tuple(tuple(row.cells) for row in islice(open_file(path).tables[0].rows(), ROWS + 1))


def as_csv(table: tuple[tuple[str, ...], ...], delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(table)
    return stream.getvalue()


def as_html(table: tuple[tuple[str, ...], ...]) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in table)
    return f"<html><meta charset='utf-8'><body><table>{lines}</table></body></html>"


def as_lines(table: tuple[tuple[str, ...], ...]) -> str:
    return "\n".join(json.dumps(dict(zip(table[0], row, strict=False)), ensure_ascii=False) for row in table[1:])


def as_workbook(table: tuple[tuple[str, ...], ...]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("表")
        for line, row in enumerate(table):
            sheet.write_row(line, 0, row)
    return stream.getvalue()


def as_zip(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def truncated(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def flipped(content: bytes, chance: random.Random) -> bytes:
    hurt = bytearray(content)
    for _ in range(chance.choice((1, 3, 20, 300))):
        hurt[chance.randrange(len(hurt))] ^= 1 << chance.randrange(8)
    return bytes(hurt)


def cut_out(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + content[at + chance.choice((1, 2, 7, 50, 400)) :]


def doubled(content: bytes, chance: random.Random) -> bytes:
    at, length = chance.randrange(len(content)), chance.choice((1, 40, 3000))
    return content[:at] + content[at : at + length] * chance.choice((2, 3)) + content[at + length :]


def overwritten(content: bytes, chance: random.Random) -> bytes:
    at, length = chance.randrange(len(content)), chance.choice((1, 2, 30, 512))
    filling = chance.choice((chance.randbytes(length), b"\x00" * length, b"\xff" * length, b" " * length))
    return content[:at] + filling + content[at + length :]


_STRAYS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b"\x1a", b'"', b"'", b"\r", b"\n\n\n", b"\t", b";", b"|", b"PK\x03\x04", b"\x85\xa0",
           "größe".encode("latin-1"), "晋江".encode("utf-16"), "專利".encode("big5"), b"\xc3\x28", b"\xed\xa0\x80", b"<?xml", b"</td>")  # fmt: skip


def strewn(content: bytes, chance: random.Random) -> bytes:
    """Byte order marks, foreign encodings, quotes and control characters in the middle or at the beginning."""
    for _ in range(chance.choice((1, 1, 5))):
        at = chance.choice((0, chance.randrange(len(content))))
        content = content[:at] + chance.choice(_STRAYS) + content[at:]
    return content


BLOWS: tuple[Bytes, ...] = (truncated, flipped, cut_out, doubled, overwritten, strewn)
_ODD = ("", " ", "2.01E+12", "1e309", "-1", "0", "2023-13-45", "0001-01-01", "9999-12-31", "45200.5", "=HYPERLINK(1)", "#REF!", "N/A",
        "是", "女", "\u200b\u200b", "𠮷" * 300, "长" * 40_000, "201710601862.3", "91350582MA2YB4H50K", "a\nb\rc", '"', "99999999999999999999万元",
        "１２３", "null", "{}", "有效;失效", "None", "\ufeff", "\ufffd", "合计")  # fmt: skip

Table = list[list[str]]


def odd_cells(table: Table, chance: random.Random) -> None:
    """Cells of another kind: a date where a name was, numbers destroyed by a spreadsheet, texts without end."""
    for _ in range(chance.choice((1, 10, 60))):
        row = chance.choice(table[chance.choice((0, 1, 1, 1)) :] or table)
        if row:
            row[chance.randrange(len(row))] = chance.choice(
                (chance.choice(_ODD), chance.choice(chance.choice(table) or [""]))
            )


def columns_dropped(table: Table, chance: random.Random) -> None:
    gone = sorted(chance.sample(range(len(table[0])), chance.randint(1, max(1, len(table[0]) // 2))), reverse=True)
    for row in table:
        for at in gone:
            del row[at : at + 1]


def columns_swapped(table: Table, chance: random.Random) -> None:
    """In all rows, or in all but the header, so that the header lies."""
    one, other = (chance.randrange(len(table[0])) for _ in range(2))
    for row in table[chance.choice((0, 1)) :]:
        if max(one, other) < len(row):
            row[one], row[other] = row[other], row[one]


def lines_glued(table: Table, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 8))):
        at = chance.randrange(len(table) - 1) if len(table) > 2 else 0
        table[at : at + 2] = [[cell for row in table[at : at + 2] for cell in row]]


def lines_torn(table: Table, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 8))):
        at = chance.randrange(len(table))
        middle = chance.randint(0, len(table[at]))
        table[at : at + 1] = [table[at][:middle], table[at][middle:]]


def lines_moved(table: Table, chance: random.Random) -> None:
    """Doubled, shuffled, emptied; the header among the rows."""
    table += [list(row) for row in chance.choices(table, k=chance.choice((1, 20)))]
    if chance.random() < 0.5:
        chance.shuffle(table)
    table.insert(chance.randrange(len(table)), [])


def header_spoilt(table: Table, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 2, 9))):
        at = chance.randrange(len(table[0])) if table[0] else 0
        table[0][at : at + 1] = [
            chance.choice(("", "申请号", "名称", "企业名称", "备注", "item", table[0][at] * 2 if table[0] else ""))
        ]


RETOLD: tuple[Callable[[Table, random.Random], None], ...] = (
    odd_cells, odd_cells, columns_dropped, columns_swapped, lines_glued, lines_torn, lines_moved, header_spoilt,
)  # fmt: skip


def retold(original: Original, chance: random.Random) -> bytes:
    """The same table with its cells, columns or lines out of order, perhaps with another delimiter or encoding."""
    table = [list(row) for row in original.table]
    for _ in range(chance.choice((1, 1, 2))):
        chance.choice(RETOLD)(table, chance)
        table[:] = table if table and table[0] else [["申请号"], *table]
    fixed = tuple(tuple(row) for row in table)
    if original.name.endswith(".xlsx"):
        return as_workbook(tuple(tuple(cell[:32_000] for cell in row) for row in fixed))
    if original.name.endswith(".zip"):
        return as_zip({"甲.csv": as_csv(fixed).encode("gb18030"), "乙.txt": b"\xff\xd8\xff"})
    if original.name.endswith(".xls"):
        return as_html(fixed).encode()
    if original.name.endswith(".jsonl"):
        return as_lines(fixed).encode()
    text = as_csv(fixed, chance.choice(",,,;\t|"))
    encoding = chance.choice((original.encoding, original.encoding, "utf-8-sig", "utf-16", "gb18030"))
    return text.encode(encoding)


def members_damaged(original: Original, chance: random.Random) -> bytes:
    """One part of an archive or workbook damaged and packed again with a sound checksum, doubled, or left out."""
    with zipfile.ZipFile(io.BytesIO(original.content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(members))
    blow = chance.randrange(4)
    if blow == 0:
        del members[name]
    elif blow == 1:
        members[name] = xml_damaged(members[name], chance)
    else:
        members[name] = chance.choice(BLOWS)(members[name], chance)
    return as_zip(members) if members else b"PK\x05\x06" + b"\x00" * 18


_XML = ((b't="s"', b't="n"'), (b't="s"', b't="b"'), (b't="s"', b't="e"'), (b't="s"', b't="d"'), (b"<v>", b"<v>9999"), (b"<v>", b"<v>-"),
        (b"<row r=", b"<row x="), (b'r="A', b'r="ZZ'), (b"</row>", b""), (b"<si>", b""), (b"utf-8", b"utf-7"), (b"UTF-8", b"GBK"),
        (b'r="', b'r="0'), (b"<t>", b"<t>&#0;"), (b"<t>", b"<t>&nope;"), (b"xl/", b"xx/"), (b"rId1", b"rId9"))  # fmt: skip


def xml_damaged(content: bytes, chance: random.Random) -> bytes:
    old, new = chance.choice([pair for pair in _XML if pair[0] in content] or [(b"<", b"")])
    return content.replace(old, new, chance.choice((1, 5, -1)))


def damaged(original: Original, chance: random.Random) -> bytes:
    """One case: bytes struck, cells and columns out of order, or parts of an archive damaged."""
    ways: list[Callable[[], bytes]] = [
        partial(chance.choice(BLOWS), original.content, chance),
        partial(retold, original, chance),
    ]
    if not original.encoding:
        ways.append(partial(members_damaged, original, chance))
    content = chance.choice(ways)()
    if content and chance.random() < 0.15:
        content = chance.choice(BLOWS)(content, chance)
    return content
