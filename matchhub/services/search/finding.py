"""From what was typed to the records meant: as typed, in another script or unit, in other words, with an error in it.

Whatever is not found as typed says how it was read: ``way`` and ``meant`` of what is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import ColumnElement, Select, and_, or_

from matchhub.services.kernel.paging import typed_words
from matchhub.services.kernel.unit import Unit
from matchhub.services.search.relevance import near_ids, same_in_other_words
from matchhub.services.search.searchable import Searchable
from matchhub.services.search.word_lists import word_list
from recommender import Matcher
from recommender.holding import documents_holding
from recommender.spelling import Meant, readings
from recommender.text import normalise

_TRIED = 6  # readings of one word looked up in the tables
_OTHERS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """Ids in the order of the list, ``words`` to rank them by (none: they keep it), ``near`` when they only come near,
    and how the question was read: ``way`` with what was ``meant``, and ``others`` that it might mean too."""

    ids: Sequence[int]
    words: tuple[str, ...] = ()
    near: bool = False
    way: str = ""
    meant: str = ""
    others: tuple[str, ...] = ()


def find(unit: Unit, each: Searchable, query: str, chosen: Select[int]) -> Found:
    """What a question with words in it finds among ``chosen``."""
    named = each.named(query)
    if named is not None:
        ids = _ids(unit, chosen.where(holding(unit, each, query)))
        if ids or named.whole:
            return Found(ids, way=named.way, meant=named.shown)
    words, plain = typed_words(query), typed_words(normalise(query))
    matcher = each.matcher(unit)
    ids = _holding_ids(unit, each, matcher, chosen, query)
    if ids or matcher is None:
        other = bool(ids) and [word.lower() for word in words] != plain
        return Found(ids, tuple(plain), way="spelling" if other else "", meant=" ".join(plain) if other else "")
    return (
        _in_other_words(unit, each, matcher, chosen, words)
        or _read(unit, each, matcher, chosen, plain)
        or Found(near_ids(matcher, words, _ids(unit, chosen)), near=True)
    )


def holding(unit: Unit, each: Searchable, query: str) -> ColumnElement[bool]:
    """Rows that hold all typed words, as typed or made plain, or that bear the number or class that was typed."""
    words, plain = typed_words(query), typed_words(normalise(query))
    said = each.speaks(unit, words)
    if [word.lower() for word in words] != plain:
        said = or_(said, each.speaks(unit, plain))
    named = each.named(query)
    if named is None:
        return said
    return named.condition if named.whole else or_(named.condition, said)


def _ids(unit: Unit, chosen: Select[int]) -> list[int]:
    return list(unit.session.execute(chosen).scalars())


def _holding_ids(unit: Unit, each: Searchable, matcher: Matcher | None, chosen: Select[int], query: str) -> list[int]:
    """Ids of rows that hold the words, with those whose own spelling is another one: these the index knows."""
    ids = _ids(unit, chosen.where(holding(unit, each, query)))
    if matcher is None:
        return ids
    held = [
        int(key) for key in documents_holding(matcher.index, typed_words(normalise(query)), [str(key) for key in ids])
    ]
    if not held:
        return ids
    (key,) = chosen.selected_columns
    return [*ids, *_ids(unit, chosen.where(key.in_(held)))]


def _in_other_words(
    unit: Unit, each: Searchable, matcher: Matcher, chosen: Select[int], words: Sequence[str]
) -> Found | None:
    """Records that say every word in other words that the thesaurus knows."""
    meant = [same_in_other_words(matcher, word) for word in words]
    if not any(len(group) > 1 for group in meant):
        return None
    said = and_(*(or_(*(each.speaks(unit, [word]) for word in group)) for group in meant))
    ids = _ids(unit, chosen.where(said))
    return Found(ids, tuple(words), near=True) if ids else None


def _read(unit: Unit, each: Searchable, matcher: Matcher, chosen: Select[int], words: Sequence[str]) -> Found | None:
    """Each word that stands nowhere read as one that does: pinyin, initials, a homophone, one typing error."""
    whole = "".join(words)
    found = None
    if len(words) > 1 and whole.isascii() and whole.isalpha():  # yu san
        found = _read_words(unit, each, matcher, chosen, [whole])
    return found or _read_words(unit, each, matcher, chosen, words)


def _read_words(
    unit: Unit, each: Searchable, matcher: Matcher, chosen: Select[int], words: Sequence[str]
) -> Found | None:
    way, meant = "", list(words)
    others: tuple[str, ...] = ()
    for place, word in enumerate(words):
        if _stands(unit, each, chosen, word):
            continue
        possible = list(islice(_possible(unit, each, matcher, chosen, word), 1 + (_OTHERS if len(words) == 1 else 0)))
        if not possible:
            return None
        way, meant[place] = possible[0]
        others = tuple(one.word for one in possible[1:])
    found = Found(_ids(unit, chosen.where(each.speaks(unit, meant))), tuple(meant))
    return replace(found, way=way, meant=" ".join(meant), others=others) if found.ids and way else None


def _possible(unit: Unit, each: Searchable, matcher: Matcher, chosen: Select[int], word: str) -> Iterator[Meant]:
    for one in readings(word, word_list(matcher.index), _TRIED):
        if _stands(unit, each, chosen, one.word):
            yield one


def _stands(unit: Unit, each: Searchable, chosen: Select[int], word: str) -> bool:
    return unit.session.execute(chosen.where(each.speaks(unit, [word])).order_by(None).limit(1)).first() is not None
