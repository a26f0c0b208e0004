"""Names of firms, agencies and persons: one key for equal names, the core for similar ones.

Equal identifiers may merge by themselves. Similar names never do: of ten real pairs with a ratio of 92 and more all
ten were different firms, so likeness (``similar_names``) only ever proposes pairs to a person.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from stdnum import numdb

from matchhub.domain.identifiers import plain
from matchhub.domain.rules import LocalRules

# Places anywhere in the country; the pack names those of its own province, which firms also write without 省, 市, 县.
_ANY_REGION = (r"(?:[\u4e00-\u9fff]{2,3}(?:省|自治区))", r"(?:[\u4e00-\u9fff]{2}(?:市|县))")
_LEGAL_FORM = re.compile(
    r"(?:集团)?(?:股份)?(?:有限)?(?:责任)?公司(?:.{1,8}分公司)?$|\((?:普通合伙|有限合伙|特殊普通合伙|个人独资|集团)\)|\(?有限合伙\)?$"
)
_BRACKETED = re.compile(r"\([^)]*\)")


_PERSON = re.compile(r"[\u3400-\u9fff]{2,3}|[\u3400-\u9fff]{1,4}·[\u3400-\u9fff·]{1,12}")
_FIRM_END = ("厂", "店", "行", "社", "院", "所", "站", "局", "校", "会", "部", "公司", "大学", "中心", "集团")


def is_natural_person(name: str) -> bool:
    """Whether a holder's name is a person's (自然人), which a page that is shown around does not name: two or three
    Chinese characters, or a name with a middle dot, that do not end as an organisation's do."""
    key = plain(name)
    return bool(_PERSON.fullmatch(key)) and not key.endswith(_FIRM_END)


def normalise_name(name: str) -> str:
    """Key for equality of names: NFKC, one form of brackets, no blanks, lower case, 有限责任公司 as 有限公司.

    Region prefixes stay: two cities of one province may each have a firm of one name. Only the optional 省 after the
    name of a province is dropped.
    """
    key = plain(name).lower().translate(str.maketrans("[]{}【】〔〕〈〉<>", "()()()()()()"))
    key = re.sub(r"^[.,;:、。]+|[.,;:、。]+$", "", key.replace("有限责任公司", "有限公司"))
    return _without_province_word(key)


def _without_province_word(key: str) -> str:
    """``key`` without the 省 of a province at its beginning; other words with 省 in them (省力) stay whole."""
    end = key.find("省", 2, 4)
    return key[:end] + key[end + 1 :] if end > 0 and key[:end] in _provinces() else key


@cache
def _provinces() -> frozenset[str]:
    """Names of all provinces (省) without that word, from the table of division codes that python-stdnum ships."""
    codes = numdb.get("cn/loc")
    named = (part.get("province", "") for first in range(10, 83) for _, part in codes.info(str(first)))
    return frozenset(name.removesuffix("省") for name in named if name.endswith("省"))


def core_name(name: str, rules: LocalRules) -> str:
    """What tells a firm from its neighbours (字号 and trade): the name without region, brackets and legal form."""
    return core_of_key(normalise_name(name), rules)


def core_of_key(name_key: str, rules: LocalRules) -> str:
    """``core_name`` of a name that ``normalise_name`` has been through. Unbroken in the key but for its brackets."""
    key = unicodedata.normalize("NFKC", name_key)
    core = _LEGAL_FORM.sub("", _BRACKETED.sub("", key) if "(" in key else key)
    return _region_first(rules.regions).sub("", core) or core or key


@lru_cache(maxsize=8)
def _region_first(regions: tuple[str, ...]) -> re.Pattern[str]:
    """Regions at the beginning of a name; those of the pack may lack their last character (省, 市, 县 or 区)."""
    own = (f"{re.escape(each[:-1])}{re.escape(each[-1])}?" for each in regions)
    return re.compile(f"^(?:{'|'.join(('中国', *own, *_ANY_REGION))})+")
