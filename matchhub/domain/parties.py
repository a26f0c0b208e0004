"""Names of firms, agencies and persons: one key for equal names, the core for similar ones, and local or not.

Equal identifiers may merge by themselves. Similar names never do: of ten real pairs with a ratio of 92 and more all
ten were different firms, so likeness (``similar_names``) only ever proposes pairs to a person.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from matchhub.domain.identifiers import plain, uscc_division
from matchhub.errors import IdentifierInvalid

LOCAL_DIVISION = "350582"
LOCAL_TOWNS = (
    "青阳", "梅岭", "西园", "罗山", "灵源", "新塘", "陈埭", "池店", "安海", "磁灶",
    "内坑", "紫帽", "东石", "永和", "英林", "金井", "龙湖", "深沪", "西滨",
)  # fmt: skip

_REGION = re.compile(
    r"^(?:中国|福建省?|泉州市?|晋江市?|石狮市?|南安市?|安溪县?|惠安县?|永春县?|德化县?|金门县|厦门市?|福州市?|漳州市?"
    r"|莆田市?|三明市?|南平市?|龙岩市?|宁德市?|鲤城区?|丰泽区?|洛江区?|泉港区?|(?:[\u4e00-\u9fff]{2,3}(?:省|自治区))"
    r"|(?:[\u4e00-\u9fff]{2}(?:市|县)))+"
)
_LEGAL_FORM = re.compile(
    r"(?:集团)?(?:股份)?(?:有限)?(?:责任)?公司(?:.{1,8}分公司)?$|\((?:普通合伙|有限合伙|特殊普通合伙|个人独资|集团)\)|\(?有限合伙\)?$"
)
_BRACKETED = re.compile(r"\([^)]*\)")
_LOCAL_NAME = re.compile(r"晋江(?![路街]|[东西南北中]路|流域|两岸|[南北]岸)")  # a street or the river is elsewhere
_OTHER_COUNTY = re.compile(r"鲤城|丰泽|洛江|泉港|石狮|南安|惠安|安溪|永春|德化|金门|台商投资区")
_OTHER_PLACE = re.compile(r"[\u4e00-\u9fff]{2,}(?:省|市|县|区)|上海|北京|天津|重庆|香港|澳门|台湾")

DecidedBy = Literal["division", "address", "town", "name", "nothing"]


@dataclass(frozen=True, slots=True)
class LocalDecision:
    """``local`` is None where a person must decide; ``decided_by`` then names the hint that was found."""

    local: bool | None
    decided_by: DecidedBy


def normalise_name(name: str) -> str:
    """Key for equality of names: NFKC, one form of brackets, no blanks, lower case, 有限责任公司 as 有限公司.

    Region prefixes stay: 泉州市某某 and 晋江市某某 may be two firms. Only the optional 省 after 福建 is dropped.
    """
    key = plain(name).lower().translate(str.maketrans("[]{}【】〔〕〈〉<>", "()()()()()()"))
    key = re.sub(r"^[.,;:、。]+|[.,;:、。]+$", "", key.replace("有限责任公司", "有限公司"))
    return re.sub(r"^福建省", "福建", key)


def core_name(name: str) -> str:
    """What tells a firm from its neighbours (字号 and trade): the name without region, brackets and legal form."""
    return core_of_key(normalise_name(name))


def core_of_key(name_key: str) -> str:
    """``core_name`` of a name that ``normalise_name`` has been through. Unbroken in the key but for its brackets."""
    key = unicodedata.normalize("NFKC", name_key)
    core = _LEGAL_FORM.sub("", _BRACKETED.sub("", key) if "(" in key else key)
    return _REGION.sub("", core) or core or key


def _named_local(text: str) -> bool:
    return _LOCAL_NAME.search(text) is not None


def is_local(uscc: str | None, address: str | None, name: str | None = None) -> LocalDecision:
    """Whether a firm belongs to Jinjiang (晋江市): by division code 350582, then by address; else by hand.

    The bridge 晋江大桥 counts as an address in Jinjiang (it ends there), which a person may correct by hand.
    A town's name alone (龙湖, 新塘, … occur in other counties too) or the firm's own name is a hint that leaves
    ``local`` None. A code of another county decides against, unless the address lies in Jinjiang.
    """
    try:
        division = uscc_division(uscc) if uscc else ""
    except IdentifierInvalid:
        division = ""
    place = unicodedata.normalize("NFKC", address or "").replace(" ", "")
    if division == LOCAL_DIVISION:
        return LocalDecision(True, "division")
    if _named_local(place):
        return LocalDecision(True, "address")
    if division and not division.endswith("00"):  # a county's authority, and not ours
        return LocalDecision(False, "division")
    if place and any(town in place for town in LOCAL_TOWNS) and not _OTHER_COUNTY.search(place):
        return LocalDecision(None, "town")
    if _OTHER_COUNTY.search(place) or _OTHER_PLACE.search(place):
        return LocalDecision(False, "address")
    return LocalDecision(None, "name" if name and _named_local(name) else "nothing")
