"""A folder of files as a clerk gets them in a week: every kind and container, and in each some of the usual traps.

All names are invented; ``P`` are application numbers, ``C`` credit codes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import openpyxl

from matchhub.domain.records import Kind
from tests.ingest.documents import write_docx, write_pdf
from tests.services.desk_base import code, number

P = [number(serial) for serial in range(9000)][8000:8020]
C = [code(serial) for serial in range(8000, 8020)]
DESIGN = number(8000, 3)
PERSON = "350582199001011231"  # a sound identity number of nobody
Rows = Sequence[Sequence[object]]


class ClerkFile(NamedTuple):
    """One file and the kind that the clerk chooses for it; ``refused`` is the code of what keeps it out."""

    name: str
    kind: Kind
    content: bytes
    refused: str = ""


def folder(place: Path) -> list[ClerkFile]:
    """The files in the order in which they are put in; ``place`` is a folder for drafts."""
    return [*_patents(), *_firms(place), *_people(), *_licensing(), *_no_tables()]


def _csv(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)


def _xlsx(rows: Rows, merged: Sequence[str] = (), hidden_rows: Sequence[int] = (), hidden: Rows = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    for row_number in hidden_rows:
        sheet.row_dimensions[row_number].hidden = True
    if hidden:
        other = book.create_sheet("旧数据")
        for row in hidden:
            other.append(list(row))
        other.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _patents() -> list[ClerkFile]:
    newest = _csv(
        "申请号,名称,专利权人,法律状态,IPC分类号",
        f"{P[0]},鞋底甲,\"['晋江市甲一鞋业有限公司', '泉州师范学院']\",未缴年费终止失效,A43B13/14",
        f"{P[1]},鞋底乙,晋江市甲一鞋业有限公司和泉州师范学院,有效（预计2040年届满）,A43B13/22",
        f"{P[2]},鞋底丙,晋江市甲二鞋业有限公司,码甲,A43B13/22",
        encoding="gb18030",
    )
    older = _xlsx(
        [
            ["申请号", "名称", "法律状态"],
            [P[0], "鞋底甲", "专利权维持"],
            [P[1], "鞋底乙旧", "专利权维持"],
            ["合计", 2, None],
        ]
    )
    traditional = _csv(
        "專利名稱,申請號,專利權人,法律狀態", f"一種鞋底,{P[3]},某某鞋業有限公司,專利權維持", encoding="big5"
    )
    dated = _csv(
        "申请号,名称,法律状态,数据截止日期,洛迦诺分类号,所在地块",
        f"CN-{P[4][:-2]}-A,伞丁,授权;质押,2024-05-01,,地块",
        f"{P[5].replace('.', '_')},伞戊,授权,2020-01-01,02-04,地块",
        f"{DESIGN},伞面,授权;2024.03.01 专利权质押合同登记的注销,2024-05-01,03-03,地块",
    )
    abroad = _csv(
        "公开（公告）号,名称,国家/地区,法律状态", "10123456B2,shoe,美国,Granted", "CN109996757A,伞己,中国,公开"
    )
    page = (
        "<html><meta charset='utf-8'><h1>结果</h1>"
        f"<h3>1. 拉链庚</h3><p>申请号：CN{P[6]}　申请日：2020.07.21</p><p>申请（专利权）人：晋江市甲三服饰有限公司；</p>"
        f"<h3>2. 拉链辛</h3><p>申请号：CN{P[7]}　申请日：2020.07.22</p></html>"
    )
    inner = _csv("申请号,名称,法律状态", f"{P[6]},拉链庚,授权", encoding="gb18030")
    return [
        ClerkFile("专利20240601.csv", "patents", newest),
        ClerkFile("专利20230101.xlsx", "patents", older),
        ClerkFile("專利.csv", "patents", traditional),
        ClerkFile("专利与质押.csv", "patents", dated),
        ClerkFile("海外.csv", "patents", abroad),
        ClerkFile("检索结果.html", "patents", page.encode()),
        ClerkFile("包.zip", "patents", _zip(**{"2024年2月29日/授权.csv": inner, "说明.txt": b"x"})),
        ClerkFile(
            "无号.csv", "enterprises", _csv("名称,摘要,IPC", "一种鞋底,一种鞋底。,A43B13/14"), "file_looks_like_patents"
        ),
    ]


def _firms(place: Path) -> list[ClerkFile]:
    groups = _xlsx(
        [
            ["晋江市企业名录"],
            ["截至2024年6月30日"],
            ["序号", "企业名称", "统一社会信用代码", "经营状态", "曾用名"],
            ["一、陈埭镇（2家）"],
            [1, "晋江市甲一鞋业有限公司", C[1], "存续", None],
            [2, "晋江市甲二鞋业有限公司", C[2], "吊销未注销", None],
            ["二、青阳街道：1家"],
            [3, "晋江市甲三服饰有限公司（原晋江市旧三服饰有限公司）", C[3], "在业", None],
            ["共计3家"],
            ["填报人", "李某", "2024-07-01"],
        ],
        ["A1:E1", "A4:E4", "A7:E7"],
        [6],
        [["企业名称"], ["晋江市不该读鞋业有限公司"]],
    )
    word = write_docx(
        place / "w.docx",
        ["关于公布名单的通知", "2023年晋江市高新技术企业名单"],
        [
            ["序号", "企业名称", "统一社会信用代码"],
            ["1", "晋江市甲一鞋业有限公司", C[1]],
            ["2", "晋江市甲四鞋业有限公司", C[4]],
        ],
    )
    pdf = write_pdf(
        place / "p.pdf",
        ["2024年福建省科技型中小企业名单"],
        [
            [["序号", "企业名称", "统一社会信用代码"], ["1", "晋江市甲五鞋业\n有限公司", C[5]]],
            [["2", "晋江市甲六鞋业有限公司", C[6]]],
        ],
        [40, 150, 260],
    )
    doubtful = _csv(
        "企业名称,统一社会信用代码,创新型企业类别,证书编号",
        f"晋江市甲七鞋业有限公司,{PERSON},,",
        f"晋江市甲八鞋业有限公司,{C[8]},高新技术企业,GR202335008001",
        f"晋江市甲九鞋业有限公司,{C[9]},高新技术企业,GR202335008001",
    )
    return [
        ClerkFile("企业名录.xlsx", "enterprises", groups),
        ClerkFile("高企名单.docx", "enterprises", word.read_bytes()),
        ClerkFile("科小名单.pdf", "enterprises", pdf.read_bytes()),
        ClerkFile("待核对企业.csv", "enterprises", doubtful),
    ]


def _people() -> list[ClerkFile]:
    agencies = _xlsx([["机构名称", "机构代码", "机构状态", "注销日期"], ["泉州市甲专利代理事务所", 35997.0, "执业", None],
                      ["泉州市乙专利代理事务所", "35998", "停业", "2024-01-02"]])  # fmt: skip
    experts = _csv("姓名,工作单位,研究领域,职称", "李某,泉州师范学院,高分子,教授", "制表：王某,,,", encoding="utf-16")
    demands = _csv(
        "需求名称,所属单位,技术需求描述,预算金额/万元,发布日期,有效期至",
        "鞋底防滑,晋江市甲一鞋业有限公司,湿地防滑不足,不超过50,2024-01-31T16:00:00.000Z,2026-1-31 星期六",
        "拉链防水,晋江市旧三服饰有限公司,拉链渗水,伍拾万元整,2024-02-01,2026-01-31（补录）",
    )
    return [
        ClerkFile("代理机构.xlsx", "agencies", agencies),
        ClerkFile("专家.csv", "experts", experts),
        ClerkFile("技术需求.csv", "demands", demands),
    ]


def _licensing() -> list[ClerkFile]:
    header = "专利号,专利名称,专利权人,制度,声明日期,许可使用费,许可期限,与本市产业相关的理由"
    first = [f"{P[1]},鞋底乙,泉州师范学院,试点,2024-01-10,前3年免费，第4年起2万元/年,3年,制鞋".replace("，", "；")]
    offers = [*first, f"{P[5]},伞戊,泉州师范学院,试点,2024-01-10,净销售额的3%,自声明公告之日起至专利权终止,制伞"]
    corrected = [offers[0].replace("制鞋", "制鞋与鞋材"), offers[1].replace("2024-01-10", "2024-01-11")]
    deals = _xlsx(
        [
            ["专利交易一览表"],
            ["专利号", "转让方", None, "受让方", None, "合同", None],
            [None, "名称", "代码", "名称", "代码", "签订日期", "金额（万元）"],
            [P[1], "泉州师范学院", None, "晋江市甲一鞋业有限公司", C[1], "2024-12-31T16:00:01Z", "约5"],
            [P[5], "泉州师范学院", None, "晋江市甲四鞋业有限公司", C[4], "2024—07—01", 10],
            [f"共计2{'份'}"],
        ],
        ["A1:G1", "A2:A3", "B2:C2", "D2:E2", "F2:G2"],
    )
    abroad = _csv(
        "专利号,转让方,受让方,签订日期,合同金额（万美元）",
        f"{P[6]},晋江市甲三服饰有限公司,晋江市甲四鞋业有限公司,2024-08-01,3",
    )
    licences = _csv(
        "专利号,许可方,被许可方,书面通知日期,付款日期,支付金额",
        f"{P[5]},泉州师范学院,晋江市甲四鞋业有限公司,2024年5月1日,2024.5.2.,1万元",
    )
    return [
        ClerkFile("开放许可.csv", "offers", _csv(header, *offers)),
        ClerkFile("开放许可（更正）.csv", "offers", _csv(header, *corrected)),
        ClerkFile("交易.xlsx", "deals", deals),
        ClerkFile("外币交易.csv", "deals", abroad),
        ClerkFile("许可.csv", "licences", licences),
    ]


def _no_tables() -> list[ClerkFile]:
    heic = b"\x00\x00\x00\x24ftypheic\x00\x00" + b"\x00" * 40
    return [
        ClerkFile("照片.heic", "enterprises", heic, "file_is_heic"),
        ClerkFile("名单.numbers", "enterprises", _zip(**{"Index/Document.iwa": b"x"}), "file_is_numbers"),
    ]
