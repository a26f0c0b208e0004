"""The operator's own entries of the thesaurus (近义词): plain words of the shop floor and patents' words for them.

An entry is never changed, only withdrawn, so every model name can be traced to the entries it was made with. An entry
with trust 0 switches pairs of the shipped thesaurus off.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from matchhub.db.tables import Account, LearnedEntry, ThesaurusEntry
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.once import once
from matchhub.services.kernel.unit import Unit
from recommender import Matcher, Thesaurus
from recommender.text import normalise
from recommender.thesaurus import LEARNED, Entry, shipped

LONGEST = 30
MOST_WORDS = 12
OWN = "own"
_KEPT = 6
Stamp = tuple[tuple[str, tuple[str, ...], float, str], ...]

_made: OrderedDict[Stamp, Thesaurus] = OrderedDict()
_fitted: OrderedDict[tuple[int, Stamp], tuple[Matcher, Matcher]] = OrderedDict()
_making = threading.Lock()


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """What an entry says: one plain word, its patent words, trust above 0 to 1 (0: switch these pairs off)."""

    plain: str
    patent_words: tuple[str, ...]
    trust: float = 1.0


@dataclass(frozen=True, slots=True)
class EntryView:
    """One recorded entry as a page shows it."""

    id: int
    entry: OwnEntry
    note: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """A pair that the matcher uses now; ``own`` when the operator added it, ``learned`` when accepted matches taught
    it."""

    plain: str
    patent_word: str
    trust: float
    own: bool
    learned: bool = False


def checked_entry(plain: str, patent_words: str, trust: float = 1.0) -> OwnEntry:
    """An entry as typed (words set apart by commas, ``、``, ``|`` or blanks), normalised.

    Raises ``Refusal("thesaurus_word_invalid")`` and ``Refusal("thesaurus_trust_invalid")``.
    """
    word = " ".join(normalise(plain).split())
    spread = normalise(patent_words)
    for sign in ",、|;/\n":
        spread = spread.replace(sign, " ")
    targets = tuple(dict.fromkeys(each for each in spread.split() if each != word))
    if not 0 <= trust <= 1:
        raise Refusal("thesaurus_trust_invalid")
    if not 0 < len(targets) <= MOST_WORDS or not all(_is_word(each) for each in (word, *targets)):
        raise Refusal("thesaurus_word_invalid", most=LONGEST, words=MOST_WORDS)
    return OwnEntry(word, targets, trust)


def _is_word(word: str) -> bool:
    return 0 < len(word) <= LONGEST and any(char.isalnum() for char in word)


def living_entries(unit: Unit) -> list[ThesaurusEntry]:
    """Entries in use, oldest first."""
    chosen = select(ThesaurusEntry).where(ThesaurusEntry.withdrawn_at.is_(None)).order_by(ThesaurusEntry.id)
    return list(unit.session.execute(chosen).scalars())


def entry_views(unit: Unit) -> list[EntryView]:
    """Entries in use, the newest first, with who added them."""
    unit.require("thesaurus.read")
    rows = living_entries(unit)
    known = select(Account.id, Account.display_name).where(Account.id.in_({row.recorded_by for row in rows}))
    names: dict[int, str] = dict(unit.session.execute(known).all())
    return [
        EntryView(row.id, own_entry(row), row.note or "", row.recorded_at, names.get(row.recorded_by or 0, ""))
        for row in reversed(rows)
    ]


def add_entry(unit: Unit, entry: OwnEntry, note: str = "") -> int:
    """Record an entry; every later answer and run uses it. ``Conflict("thesaurus_entry_known")`` for the same again."""
    unit.require("thesaurus.edit")
    if entry in [own_entry(row) for row in living_entries(unit)]:
        raise Conflict("thesaurus_entry_known", word=entry.plain)
    row = ThesaurusEntry(
        plain=entry.plain,
        patent_words=list(entry.patent_words),
        trust=entry.trust,
        note=note.strip()[:500] or None,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(
        unit, "thesaurus.added", "thesaurus_entries", row.id, plain=entry.plain, words=list(entry.patent_words)
    )
    return row.id


def withdraw_entry(unit: Unit, entry_id: int, reason: str = "") -> None:
    """Take an entry out of use; ``NotFound("thesaurus_entry_not_found")`` when there is none in use of that number."""
    unit.require("thesaurus.edit")
    row = unit.session.get(ThesaurusEntry, entry_id)
    if row is None or row.withdrawn_at is not None:
        raise NotFound("thesaurus_entry_not_found", id=entry_id)
    row.withdrawn_at, row.withdrawn_reason = unit.now, reason.strip()[:500] or "withdrawn"
    unit.session.flush()
    append_event(unit, "thesaurus.withdrawn", "thesaurus_entries", row.id)


def find_meanings(unit: Unit, word: str, most: int = 60) -> list[Meaning]:
    """Pairs in use whose plain or patent word holds ``word``."""
    unit.require("thesaurus.read")
    plain, entries = normalise(word).strip(), _entries(unit)
    own = {(each.plain, target) for each in entries for target in each.patent_words if each.trust}
    thesaurus = thesaurus_with(entries, learned_words(unit))
    layers = [(thesaurus, False)] if thesaurus.learned is None else [(thesaurus, False), (thesaurus.learned, True)]
    pairs = (
        Meaning(source, target, trust, (source, target) in own, learned)
        for layer, learned in layers
        for source, targets in layer.meanings.items()
        for target, trust in targets.items()
        if plain and (plain in source or plain in target)
    )
    return sorted(pairs, key=lambda each: (not each.own, each.plain != plain, each.plain, each.patent_word))[:most]


def with_own_words(unit: Unit, matcher: Matcher) -> Matcher:
    """The matcher under the operator's entries and the learned words; the same object while none of them change."""
    entries = once(unit, "thesaurus", lambda: _entries(unit))
    learned = once(unit, "learned words", lambda: learned_words(unit))
    return matcher if not entries and not learned else fitted(matcher, entries, learned)


def learned_words(unit: Unit) -> tuple[Entry, ...]:
    """What the latest training learned from accepted matches, without what was struck out."""
    columns = select(LearnedEntry.plain, LearnedEntry.patent_word, LearnedEntry.trust)
    chosen = columns.where(LearnedEntry.withdrawn_at.is_(None)).order_by(
        LearnedEntry.plain, LearnedEntry.patent_word, LearnedEntry.id
    )
    rows = unit.session.execute(chosen)
    return tuple(Entry((plain,), (patent_word,), trust, LEARNED) for plain, patent_word, trust in rows)


def fitted(matcher: Matcher, entries: Sequence[OwnEntry], learned: Sequence[Entry] = ()) -> Matcher:
    """A matcher over the same index under the shipped thesaurus with these entries and learned words."""
    stamp = _stamp(entries, learned)
    with _making:
        held = _fitted.get((id(matcher), stamp))
        if held is not None and held[0] is matcher:
            return held[1]
    made = Matcher(matcher.index, thesaurus_with(entries, learned), ranker=matcher.ranker)
    with _making:
        _fitted[id(matcher), stamp] = (matcher, made)
        while len(_fitted) > _KEPT:
            _fitted.popitem(last=False)
    return made


def thesaurus_with(entries: Sequence[OwnEntry], learned: Sequence[Entry] = ()) -> Thesaurus:
    """The shipped thesaurus with these entries added and the pairs they switch off left out.

    The learned words stand beside it, without those that entries write or switch off themselves.
    """
    if not entries and not learned:
        return shipped()
    stamp = _stamp(entries, learned)
    with _making:
        if stamp in _made:
            return _made[stamp]
    off = {(each.plain, target) for each in entries if not each.trust for target in each.patent_words}
    made = _written(entries, off)
    made = made.with_learned(
        each
        for each in learned
        for pair in [(each.sources[0], each.targets[0])]
        if pair not in off and pair[1] not in made.meanings.get(pair[0], {})
    )
    with _making:
        _made[stamp] = made
        while len(_made) > _KEPT:
            _made.popitem(last=False)
    return made


def _written(entries: Sequence[OwnEntry], off: set[tuple[str, str]]) -> Thesaurus:
    if not entries:
        return shipped()
    added = [Entry((each.plain,), each.patent_words, each.trust, OWN) for each in entries if each.trust]
    return Thesaurus.of([*_without(shipped().entries, off), *added])


def _without(entries: Iterable[Entry], off: set[tuple[str, str]]) -> Iterable[Entry]:
    for entry in entries:
        struck = [source for source in entry.sources if any((source, target) in off for target in entry.targets)]
        kept = tuple(source for source in entry.sources if source not in struck)
        if kept:
            yield replace(entry, sources=kept) if struck else entry
        for source in struck:
            targets = tuple(target for target in entry.targets if (source, target) not in off)
            if targets:
                yield replace(entry, sources=(source,), targets=targets)


def _entries(unit: Unit) -> list[OwnEntry]:
    columns = select(ThesaurusEntry.plain, ThesaurusEntry.patent_words, ThesaurusEntry.trust)
    chosen = columns.where(ThesaurusEntry.withdrawn_at.is_(None)).order_by(ThesaurusEntry.id)
    return [OwnEntry(plain, tuple(words), trust) for plain, words, trust in unit.session.execute(chosen)]


def own_entry(row: ThesaurusEntry) -> OwnEntry:
    """What a recorded entry says."""
    return OwnEntry(row.plain, tuple(row.patent_words), row.trust)


def _stamp(entries: Sequence[OwnEntry], learned: Sequence[Entry]) -> Stamp:
    return (
        *((each.plain, each.patent_words, each.trust, OWN) for each in entries),
        *((each.sources[0], each.targets, each.trust, LEARNED) for each in learned),
    )
