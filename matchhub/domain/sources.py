"""Sources of the stock (来源文件): who issued a file that was imported, when, and what kind of file it is.

Whether a kind proves a fact strictly is for the rule pack to say (``[sources]``, ``rules.SourceRules``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from matchhub.errors import Refusal

# 自有名单, 登记系统导出, 公报或公告, 主管部门公布的名单, 商业数据库.
SourceKind = Literal["own", "register", "bulletin", "list", "vendor"]
SOURCE_KINDS: tuple[SourceKind, ...] = get_args(SourceKind)  # the first is that of a file whose kind nobody named
SourceWord = Literal["", "right", "rejected"]
OWN: SourceKind = "own"
# What of the stock a source proves, as the rule pack names it.
PROVEN_FACTS = ("patent_status", "enterprise_category", "expert_standing", "expert_consent", "agency_identity")
STOCK = ("patents", "enterprises", "experts", "agencies")  # the kinds of record that hold them
_MOST_LETTERS = 255


@dataclass(frozen=True, slots=True)
class ImportSource:
    """What the person who imports says of the files: their kind, who issued them, and on which day.

    ``word`` is what the bureau said of the source: ``right``, ``rejected``, or nothing while it has not looked.
    """

    kind: SourceKind = OWN
    issuer: str = ""
    issued_on: date | None = None
    word: SourceWord = ""

    @property
    def is_own(self) -> bool:
        """Whether it is the operator's own list, which proves nothing."""
        return self.kind == OWN

    def to_json(self) -> dict[str, Any]:
        """As a job and an answer keep it."""
        return {"kind": self.kind, "issuer": self.issuer, "issued_on": self.issued_on and self.issued_on.isoformat()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> ImportSource:
        """The inverse of ``to_json``; nothing kept is an own list."""
        if not kept:
            return OWN_LIST
        day = kept["issued_on"]
        return cls(kept["kind"], kept["issuer"], date.fromisoformat(day) if day else None)


OWN_LIST = ImportSource()


def import_source(kind: str, issuer: str, issued_on: date | None, today: date) -> ImportSource:
    """The source that was named, checked; an empty kind is an own list.

    Raises ``Refusal``: ``source_kind_unknown``; ``source_issuer_missing`` and ``source_day_missing`` for every kind but
    the own list; ``source_issuer_too_long`` (255 characters); ``source_day_ahead`` for a day after ``today``.
    """
    named, said = kind.strip() or OWN, " ".join(issuer.split())
    if named not in SOURCE_KINDS:
        raise Refusal("source_kind_unknown", kind=named)
    if len(said) > _MOST_LETTERS:
        raise Refusal("source_issuer_too_long", most=_MOST_LETTERS)
    if named != OWN and not said:
        raise Refusal("source_issuer_missing")
    if named != OWN and issued_on is None:
        raise Refusal("source_day_missing")
    if issued_on is not None and issued_on > today:
        raise Refusal("source_day_ahead", issued_on=issued_on)
    return ImportSource(named, said, issued_on)
