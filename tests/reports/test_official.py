"""Papers that are handed in: official letters, claim sheets and ledgers as an office prints them."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import docx
from docx.oxml.ns import qn
from docx.shared import Mm

from matchhub.reports.claim_sheets import ClaimSheet, SheetPart, claim_sheet, column_widths
from matchhub.reports.letters import WIDTH, Block, Heading, Signature, Table, Text, write_letter
from matchhub.reports.official import as_printed, chinese_numeral, month_words
from matchhub.reports.tables import Printing, Sheet, write_tables
from matchhub.wording import tally

DAY = date(2025, 7, 3)


def test_figures_stand_beside_characters_and_days_are_written_in_full() -> None:
    assert as_printed("截至 2025-07-03 共 7 项，尚缺 9,680 件") == "截至2025年7月3日共7项，尚缺9,680件"
    assert as_printed("SHA-256 of 3 files") == "SHA-256 of 3 files"
    assert month_words("2023-01") == "2023年1月"
    assert [chinese_numeral(number) for number in (1, 10, 11, 20, 25)] == ["一", "十", "十一", "二十", "二十五"]


def test_a_tally_keeps_what_all_records_share_and_brackets_of_unknown_things_go() -> None:
    late = [{"days": 150, "limit": 90}, {"days": 180, "limit": 90}]
    assert as_printed(tally("recorded_late", late)) == "事后若干天才录入，超过90天且没有官方文件"
    looked = [{"looked_on": "2024-01-02"}, {"looked_on": "2024-01-03"}]
    assert tally("patent_dead", looked).startswith("按某日查询")
    assert "（" not in tally("payment_token", [])


def opened(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def letter() -> bytes:
    table = Table((30, 126), [("一", "乙" * 200)], ("甲", "乙"), (1,))
    blocks: list[Block] = [
        Heading("一、事项"),
        Text("特此承诺。", keep=True),
        Signature(("单位（盖章）：", "日期：")),
        table,
    ]
    return write_letter(("关于某事", "的申报书"), blocks, DAY, mark="演示")


def test_a_letter_has_page_numbers_and_its_columns_are_as_wide_as_they_were_wished() -> None:
    document = opened(letter())
    (table,) = document.tables
    assert [round(column.width / Mm(1)) for column in table.columns] == [30, 126]  # the grid, which LibreOffice reads
    head = table.rows[0]._tr.trPr
    assert head is not None
    assert head.find(qn("w:tblHeader")) is not None and head.find(qn("w:cantSplit")) is not None
    assert "PAGE" in document.sections[0].footer._element.xml
    assert document.sections[0].header.paragraphs[0].text == "演示"
    assert letter() == letter()


def test_who_signs_stays_with_the_words_above_and_no_heading_ends_a_page() -> None:
    said = {each.text: each.paragraph_format.keep_with_next for each in opened(letter()).paragraphs}
    assert said["一、事项"] and said["特此承诺。"] and said["单位（盖章）："]
    assert not said["日期："]


def test_the_columns_of_a_claim_sheet_fit_between_the_margins_whatever_stands_in_them() -> None:
    rows = [("2025年7月3日", "专利质押贷款合同" * 6, "50,000,000 元", "有材料证明", "缺少双人确认" * 12)] * 3
    part = SheetPart("一、专利质押", ("按登记测算：0 元",), ("日期", "依据", "金额", "证据", "缺项"), rows, (2,))
    widths = column_widths(part)
    assert sum(widths) <= WIDTH and min(widths) >= 18 and widths[4] > widths[3]
    document = opened(claim_sheet(ClaimSheet("申领表", [("单位", "某所")], [part], "以审核为准。", ("盖章：",)), DAY))
    assert [len(each.columns) for each in document.tables] == [2, 5]


def test_a_ledger_is_printed_on_its_side_one_page_wide_with_headings_on_each() -> None:
    target = io.BytesIO()
    rows = [("甲" * 60, DAY, Decimal("1234.5"), "0" * 64)]
    printing = Printing("台账 A&B", 3)
    write_tables(
        target, [Sheet("台账", [("名称", 20), ("日期", 14), ("金额", 12), ("摘要", 68)], rows, printing=printing)]
    )
    with zipfile.ZipFile(target) as book:
        sheet, names = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/workbook.xml").decode()
        looks = book.read("xl/styles.xml").decode()
    assert 'orientation="landscape"' in sheet and 'fitToHeight="0"' in sheet and "A&amp;&amp;B" in sheet
    assert "$A$1:$C$2" in names and "$1:$1" in names  # the digests are not printed
    assert "yyyy" in looks and "年" in looks and 'wrapText="1"' in looks
    height = float(sheet.partition('<row r="2"')[2].partition('ht="')[2].partition('"')[0])
    assert height > 5 * 13  # sixty characters in a column of twenty
