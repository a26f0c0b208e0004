"""Rows of a table that hold no data: totals, groups, notes, signatures, the header repeated on every printed page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.tables import RawRow
from matchhub.domain.traditional import simplified

_COUNTED = "[条项件家名个户人种份位]"
_NUMERAL = "[一二三四五六七八九十百]+"
_TOTALS = re.compile(
    r"^(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|总数|本页小计|total|subtotal)(?:[:：\s(（]|$)"
    rf"|^(?:以上)?(?:合计|总计|小计|共计|总共|共有|共|累计|计)[:：]?\s*(?:\d+|{_NUMERAL})\s*{_COUNTED}",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^(?:注|备注|说明|附注|附件|附|填表说明|数据来源|来源|抄送|主送|note)\s*\d*\s*[::：、.)]"
    r"|^第\s*\d+\s*页|^\(?（?此件",
    re.IGNORECASE,
)
# A line for a name, a stamp, a telephone: the word and a colon, or a stamp in brackets.
_SIGNATURE = re.compile(
    r"^(?:填报|填表|制表|编制|经办|审核|复核|审批|批准|主管|分管|推荐|申报|统计|打印|报送|公示|发布|落款)?"
    r"(?:单位|部门|领导|负责人|联系人|经办人|日期|时间|人|签字|签名|签章|盖章|公章)+\s*(?:[(（](?:盖章|签章|签字|公章)[)）])?\s*[:：]"
    r"|^(?:联系电话|联系方式|联系地址|咨询电话|监督电话|电话|手机|传真|地址|邮箱|电子邮箱|邮编|邮政编码|网址)\s*[:：]"
    r"|^(?:填报|填表|制表|编制|经办|审核|复核|审批|批准|校对|校核|审定|会签|抄报|印发)\s*[:：]"
    r"|[(（](?:盖章|签章|公章|签字)[)）]\s*$"
)
_SIGNED_BY = re.compile(r"^(?:填报|填表|制表|编制|经办|审核|复核|审批|批准|校对)(?:单位|部门|日期|时间|人)$")
_DAY_ALONE = re.compile(r"^\s*(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*[年./-].{1,6}(?:[月./-].{1,5})?[日号]?\s*$")
_OFFICE_ALONE = re.compile(r"^.{2,28}(?:局|委员会|办公室|人民政府|管委会|厅|市政府|领导小组)$")
_ORGANISATION = re.compile(r"(?:公司|厂|店|行|部|社|所|院|学|校|中心|集团|合伙\)?）?|工作室)$")
_GROUP_NUMBER = re.compile(rf"^(?:第?{_NUMERAL}[、.．:：)）批类组部]|[(（]{_NUMERAL}[)）]|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+[、.．])")
_GROUP_COUNT = re.compile(rf"^.{{1,30}}[(（]\s*共?\s*(?:\d+|{_NUMERAL})\s*{_COUNTED}\s*[)）]\s*[:：]?$")
_COUNT_ALONE = re.compile(rf"^[(（]?共?\s*(?:\d+|{_NUMERAL})\s*{_COUNTED}[)）]?$")
_PLACE_ALONE = re.compile(r"^[\u4e00-\u9fff]{1,8}(?:镇|乡|街道|开发区|片区|园区|办事处)[:：]?$")
_SENTENCE_ENDS = ("。", "）", ")", "；", ";")
_MIN_SENTENCE = 12  # characters; shorter texts may be names


def non_data_reason(raw: RawRow, names: Sequence[tuple[int, str]]) -> tuple[str, str] | None:
    """Code of the remark and the first text of a row that holds no data; None for a data row.

    ``names`` are the (position, header) pairs of the table's columns, from left to right.
    """
    filled = [cell for cell in raw.cells if cell and not cell.isspace()]
    if not filled:
        return None
    first = filled[0].strip()
    plain = simplified(first)
    # Totals, groups and notes fill few cells; a firm whose name begins with 总计 fills most.
    if len(filled) <= max(3, len(names) // 2) and (
        code := _code_of_few(plain, filled[-1].strip(), len(filled), len(names))
    ):
        return code, first
    if len(filled) > 1 and _is_header(raw.cells, names):
        return "row_left_out_header", first
    return None


def _code_of_few(first: str, last: str, filled: int, width: int) -> str:
    """Code for a row of few filled cells by its first and last text; "" when it may be data."""
    if _TOTALS.match(first):
        return "row_left_out_total"
    signed = filled < max(width, 2) and _SIGNATURE.search(first)
    if filled <= 3 and (signed or _SIGNED_BY.match(first)):
        return "row_left_out_note"
    if filled == 2 and filled < width and _COUNT_ALONE.match(last) and _is_group(first):
        return "row_left_out_group"
    if filled > 1:
        return ""
    if _is_group(first):
        return "row_left_out_group"
    if _DAY_ALONE.match(first) or _OFFICE_ALONE.match(first) or _NOTE.match(first):
        return "row_left_out_note"
    return "row_left_out_note" if width > 2 and _is_sentence(first) else ""


def _is_group(text: str) -> bool:
    """Whether a text alone in its row is the heading of a group (一、某镇（2家）) and not a numbered name."""
    if _GROUP_COUNT.match(text) or _PLACE_ALONE.match(text):
        return True
    return _GROUP_NUMBER.match(text) is not None and not _ORGANISATION.search(text)


def _is_header(cells: Sequence[str], names: Sequence[tuple[int, str]]) -> bool:
    width = len(cells)
    position, header = names[0]  # nearly every row differs in the first cell, which spares the loop
    return position < width and cells[position] == header and all(i < width and cells[i] == name for i, name in names)


def _is_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does: alone in a row of a wider table it is a note."""
    return len(text) > _MIN_SENTENCE and text.endswith(_SENTENCE_ENDS)
