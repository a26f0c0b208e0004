"""Which vendor's export a table is, by headers that only this vendor writes. Shown to people in the preview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ingest.vocabulary import plain_header

# Plain headers of each vendor's export, and how many of them prove it.
_VENDOR_HEADERS: Mapping[str, tuple[frozenset[str], int]] = {
    "PatSnap": (
        frozenset({"标题(译)(简体中文)", "摘要(译)(简体中文)", "当前申请(专利权)人", "简单法律状态", "法律状态/事件"}),
        2,
    ),
    "incoPat": (
        frozenset(
            {
                "标题(中文)",
                "摘要(中文)",
                "申请人(其他)",
                "标准化申请人",
                "标准化当前权利人",
                "首项权利要求",
                "合享价值度",
            }
        ),
        2,
    ),
    "CNIPR": (frozenset({"appnumber", "pubnumber", "mainipc", "abs", "主权项", "国省代码"}), 2),
    "CNIPA": (frozenset({"申请(专利权)人", "公开(公告)号", "公开(公告)日", "发明(设计)人", "申请人所在国(省)"}), 3),
    "bulletin": (frozenset({"authorization_notice_id", "filing_id", "authorized_announcement_date", "int.cl."}), 2),
}


def vendor_of(headers: Iterable[str]) -> str:
    """Name of the vendor whose export has these headers; "" when they prove none."""
    found = {plain_header(header) for header in headers}
    for vendor, (words, enough) in _VENDOR_HEADERS.items():
        if len(found & words) >= enough:
            return vendor
    return ""
