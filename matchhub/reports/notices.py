"""The licensee's written notice (书面通知) that accepts an open licence, as a Word document without any dependency.

Patent Law art. 51: whoever wants to use an openly licensed patent notifies the holder in writing and pays the fee.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape  # nosec B406

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEADING = "专利开放许可实施通知书"
_SIGNED = 2  # the last paragraphs: who signs, and the day
_FIXED_TIME = (2023, 1, 1, 0, 0, 0)  # the same notice gives the same bytes


@dataclass(frozen=True, slots=True)
class LicenceNotice:
    """What the notice says. Money in yuan, royalty in per cent; ``fee_method`` fixed, royalty_sales, royalty_profit
    or free."""

    licensor: str
    licensee: str
    licensee_uscc: str
    title: str
    number: str
    announcement_number: str
    fee_method: str
    fee_yuan: Decimal | None
    royalty_percent: Decimal | None
    fee_text: str
    notified_on: date | None
    filing_months: int  # of the pack

    @property
    def fee(self) -> str:
        """The fee in words, as the declaration states it."""
        if self.fee_text:
            return self.fee_text
        if self.fee_method == "fixed" and self.fee_yuan is not None:
            return f"一次性固定费用人民币 {self.fee_yuan:,.2f} 元"
        if self.fee_method == "royalty_sales" and self.royalty_percent is not None:
            return f"按净销售额的 {self.royalty_percent.normalize():f}% 支付"
        if self.fee_method == "royalty_profit" and self.royalty_percent is not None:
            return f"按利润的 {self.royalty_percent.normalize():f}% 支付"
        return "免费" if self.fee_method == "free" else "按开放许可声明"

    @property
    def day(self) -> str:
        """The day of the notice as documents write it: 2025年6月2日; blanks to fill in where none is known."""
        day = self.notified_on
        return f"{day.year}年{day.month}月{day.day}日" if day else "　　　　年　　月　　日"

    @property
    def body(self) -> tuple[str, ...]:
        """What stands between the one addressed and the signature, one paragraph each."""
        announced = f"（公告号：{self.announcement_number}）" if self.announcement_number else ""
        code = f"（统一社会信用代码：{self.licensee_uscc}）" if self.licensee_uscc else ""
        return (
            f"根据《中华人民共和国专利法》第五十一条，{self.licensee}{code}现以书面方式通知贵方：愿意按照贵方的专利开放许可"
            f"声明{announced}，实施下列专利，并按声明支付许可使用费。",
            f"专利名称：{self.title}",
            f"专利（申请）号：{self.number}",
            f"许可使用费：{self.fee}",
            "许可方式：普通许可（开放许可）。自本通知到达且费用支付之日起，许可成立；"
            f"双方将在 {self.filing_months} 个月内办理备案。",
        )

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The notice as plain text, one paragraph each, the heading first."""
        signed = (f"被许可人（盖章）：{self.licensee}", self.day)
        return (HEADING, f"{self.licensor}：", *self.body, *signed)


def notice_docx(notice: LicenceNotice) -> bytes:
    """The notice as the bytes of a .docx file; the same notice always gives the same bytes."""
    heading, addressee, *rest = notice.paragraphs
    said, signed = rest[:-_SIGNED], rest[-_SIGNED:]
    body = _paragraph(heading, "center") + _paragraph(addressee)
    body += "".join(_paragraph(each, indent=True) for each in said) + _paragraph("")
    body += "".join(_paragraph(each, "right") for each in signed)
    document = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_WORD}"><w:body>{body}'
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1985" '
        'w:left="1588" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", document),
        ):
            package.writestr(zipfile.ZipInfo(name, _FIXED_TIME), text)
    return out.getvalue()


def _paragraph(text: str, place: str = "both", *, indent: bool = False) -> str:
    clean = "".join(sign for sign in text if sign >= " ")
    title = place == "center"
    size, bold = ("44", "<w:b/>") if title else ("32", "")
    face = "SimHei" if title else "FangSong"
    font = f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}"/>'
    first = '<w:ind w:firstLineChars="200"/>' if indent else ""
    spacing = f'<w:spacing w:after="{480 if title else 120}" w:line="560" w:lineRule="exact"/>'
    return (
        f'<w:p><w:pPr>{spacing}{first}<w:jc w:val="{place}"/></w:pPr>'
        f'<w:r><w:rPr>{font}{bold}<w:sz w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(clean)}</w:t></w:r></w:p>'
    )
