"""Innovation categories (创新型企业类别) in the words of official lists, and the keys that they mean (DOMAIN.md 1)."""

from __future__ import annotations

import re
import unicodedata

from matchhub.domain.traditional import simplified

# The first match wins, so 科技小巨人 stands before 小巨人, and 小巨人 before 专精特新. 高新技术 alone may be a product.
_WORDS: tuple[tuple[str, str], ...] = (
    ("provincial_little_giant", r"科技小巨人"),
    ("little_giant", r"小巨人"),
    ("specialised_sme", r"专精特新"),
    ("manufacturing_champion", r"单项冠军"),
    ("high_tech_enterprise", r"高新技术企业|国家高新企业|^高企$|国高企|国高新"),
    ("tech_sme", r"科技型中小企业|科技中小企业|科小"),
    ("innovative_sme", r"创新型中小企业"),
    ("gazelle_unicorn", r"瞪羚|独角兽"),
    ("ip_standard_certified", r"贯标|知识产权管理(体系|规范)"),
    ("ip_advantage", r"知识产权(优势|示范).{0,4}企业"),
    ("patent_intensive", r"专利密集型|知识产权密集型"),
    ("enterprise_technology_centre", r"企业技术中心"),
)
_PATTERNS = tuple((key, re.compile(words)) for key, words in _WORDS)
CATEGORIES = tuple(key for key, _ in _WORDS)
_NOT_HELD = re.compile(
    r"^(?:非|未|不|无)|取消|撤销|注销|除名|失效|已过期|拟(?:认定|入库|入选|推荐|备案|通过)|申报|培育|候选|后备"
)
_SEPARATORS = re.compile(r"[;,、|/\n+]+|(?<=企业)\s+")
_YES = re.compile(r"^(?:是|有|√|✓|✔|y|yes|1|true|已认定|通过|已入库)$", re.IGNORECASE)


def _named(text: str) -> tuple[str, str | None]:
    plain = re.sub(r"[\s“”\"'‘’《》「」]+", "", simplified(unicodedata.normalize("NFKC", text)))
    return plain, next((key for key, pattern in _PATTERNS if pattern.search(plain)), None)


def category_of(text: str) -> str | None:
    """Key of the category that a word or a headline confers; None when it names none.

    None as well when the firm does not hold it: cancelled (取消), only proposed (拟认定), applied for (申报) or in
    preparation (培育).
    """
    plain, key = _named(text)
    return None if _NOT_HELD.search(plain) else key


def is_not_held(text: str) -> bool:
    """Whether the text names a category and says that it is not held any more, or not yet."""
    plain, key = _named(text)
    return key is not None and _NOT_HELD.search(plain) is not None


def categories_in(text: str) -> tuple[str, ...]:
    """Keys of all categories that a cell confers, each once, in the order of the cell."""
    parts = _SEPARATORS.split(unicodedata.normalize("NFKC", text))
    found = (category_of(part) for part in parts if part.strip())
    return tuple(dict.fromkeys(key for key in found if key))


def says_yes(text: str) -> bool:
    """Whether a cell says yes (是, √, 有, y, 1)."""
    return _YES.match(unicodedata.normalize("NFKC", text).strip()) is not None
