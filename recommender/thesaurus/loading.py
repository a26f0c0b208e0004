"""Reading the thesaurus and finding its words in a demand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

from recommender.text import normalise

WRITTEN, LEARNED = "thesaurus", "learned"
OBJECT, PROBLEM, MEANS, EFFECT = "object", "problem", "means", "effect"
ROLES = (OBJECT, PROBLEM, MEANS, EFFECT)
SIBLING_TRUST, MOST_SIBLINGS = 0.5, 4
"""How far the patent words of a line stand for one another, and how many a line may have for that."""
# What a patent word is when only its line's plain words have a role: patents name the cure, not the complaint.
_ROLE_OF_TARGETS = {OBJECT: OBJECT, PROBLEM: EFFECT, MEANS: MEANS, EFFECT: EFFECT}


class ThesaurusFault(ValueError):
    """A line that is no entry: ``code`` (``thesaurus_line``), name of the ``file``, number of the ``line`` from 1."""

    def __init__(self, file: str, line: int) -> None:
        self.code, self.file, self.line = "thesaurus_line", file, line
        super().__init__(self.code, file, line)


@dataclass(frozen=True)
class Entry:
    """Each of ``sources`` (normalised plain words) may be expanded to each of ``targets`` (normalised patent words).

    ``role`` says what the plain words are in a demand: ``object`` (what it is about: product, part, material, plant,
    machine), ``problem`` (what is wrong with it), ``means`` (a process or a way to do it), ``effect`` (what is to be
    reached); empty for entries nobody gave a role (an operator's own ones, learned ones).
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    trust: float = 1.0
    trade: str = ""
    role: str = ""


@dataclass(frozen=True)
class Found:
    """A plain word that occurs in a demand, and the patent words to look for, each with its trust in 0..1.

    ``feature``: ``thesaurus`` (written) or ``learned`` (from accepted matches).
    """

    source: str
    targets: tuple[tuple[str, float], ...]
    feature: str = WRITTEN


@dataclass(frozen=True)
class Thesaurus:
    """Plain words with the patent words they may be expanded to; immutable.

    ``meanings``: plain word -> patent words with their trust; ``lengths``: first character -> lengths of the plain
    words that begin with it, longest first; ``learned``: words that accepted matches taught, kept apart from the
    written ones.
    """

    entries: tuple[Entry, ...] = ()
    meanings: dict[str, dict[str, float]] = field(default_factory=dict)
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)
    learned: Thesaurus | None = None

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Thesaurus:
        """The thesaurus of these entries; of a pair that occurs twice the higher trust counts."""
        kept = tuple(entries)
        meanings: dict[str, dict[str, float]] = {}
        for entry in kept:
            targets = dict.fromkeys(entry.targets, entry.trust)
            for source in entry.sources:
                known = meanings.get(source)
                meanings[source] = targets.copy() if known is None else _trusted_most(known, targets)
                meanings[source].pop(source, None)
        for word, siblings in _siblings(kept, meanings).items():
            meanings[word] = siblings
        lengths: dict[str, set[int]] = {}
        for source in meanings:
            lengths.setdefault(source[0], set()).add(len(source))
        return cls(kept, meanings, {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()})

    def __len__(self) -> int:
        """How many plain words it knows."""
        return len(self.meanings)

    def with_learned(self, entries: Iterable[Entry]) -> Thesaurus:
        """The same written entries with these learned ones, which neither hide them nor reduce their weight."""
        learned = Thesaurus.of(entries)
        return replace(self, learned=learned if len(learned) else None)

    def words(self) -> set[str]:
        """Every plain word and every patent word, learned ones included."""
        layers = [self.meanings] if self.learned is None else [self.meanings, self.learned.meanings]
        return {word for layer in layers for source, targets in layer.items() for word in (source, *targets)}

    def role_of(self, word: str) -> frozenset[str]:
        """The roles (of ``ROLES``) of a normalised word; empty when the thesaurus does not know it or gave it none.

        A word has the roles of the lines that explain it as a plain word. A word that stands only among the patent
        words has its role from those lines: what cures a ``problem`` is an ``effect``.
        """
        return self._roles.get(word, frozenset())

    @cached_property
    def _roles(self) -> dict[str, frozenset[str]]:
        own: dict[str, set[str]] = {}
        named: dict[str, set[str]] = {}
        for entry in self.entries:
            if entry.role:
                for source in entry.sources:
                    own.setdefault(source, set()).add(entry.role)
                for target in entry.targets:
                    named.setdefault(target, set()).add(_ROLE_OF_TARGETS[entry.role])
        shared = {frozenset(roles): frozenset(roles) for roles in (*own.values(), *named.values())}
        return {word: shared[frozenset(roles)] for word, roles in (named | own).items()}

    def digest(self) -> str:
        """A checksum of meanings and roles: part of the model's name, since both change scores."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        lines = sorted(
            f"{source}\t{target}\t{trust:g}"
            for source, targets in self.meanings.items()
            for target, trust in targets.items()
        )
        lines += sorted(f"{word}\t{','.join(sorted(roles))}" for word, roles in self._roles.items())
        if self.learned is not None:
            lines.append(f"learned\t{self.learned.digest()}")
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def matches(self, text: str) -> Iterator[Found]:
        """The plain words in a normalised text, each once, the longest at every place, none inside another one.

        A Latin or numeric word only counts when it stands alone (``pu`` is not found in ``pump``). The learned words
        are looked for by themselves, after the written ones.
        """
        yield from self._matches(text, WRITTEN)
        if self.learned is not None:
            yield from self.learned._matches(text, LEARNED)

    def _matches(self, text: str, feature: str) -> Iterator[Found]:
        seen: set[str] = set()
        place, size, lengths = 0, len(text), self.lengths
        while place < size:
            if text[place] not in lengths:
                place += 1
                continue
            word = self._word_at(text, place)
            if word and word not in seen:
                seen.add(word)
                yield Found(word, tuple(self.meanings[word].items()), feature)
            place += max(1, len(word))

    def _word_at(self, text: str, place: int) -> str:
        """The longest plain word that begins at this place; empty when there is none."""
        for length in self.lengths.get(text[place], ()):
            word = text[place : place + length]
            if word in self.meanings and _stands_alone(text, place, place + length):
                return word
        return ""


def _siblings(entries: Iterable[Entry], known: Mapping[str, object]) -> dict[str, dict[str, float]]:
    """What patent words mean that a person may type as they are (溯源) and that no line explains: the other patent
    words of their lines (追溯). Objects are left out, because the parts of a product are not the product."""
    found: dict[str, dict[str, float]] = {}
    for entry in entries:
        if entry.role in ("", OBJECT) or len(entry.targets) > MOST_SIBLINGS:
            continue
        for word in entry.targets:
            others = {other: SIBLING_TRUST * entry.trust for other in entry.targets if other != word}
            if others and len(word) > 1 and word not in known:
                found[word] = _trusted_most(found.get(word, {}), others)
    return found


def _trusted_most(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    """The words of both, each with its higher trust."""
    return one | {word: max(trust, one.get(word, 0.0)) for word, trust in other.items()}


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no Latin letter or digit continues a word that begins or ends with one."""
    glued_left = start > 0 and _is_latin(text[start - 1]) and _is_latin(text[start])
    glued_right = end < len(text) and _is_latin(text[end]) and _is_latin(text[end - 1])
    return not (glued_left or glued_right)


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word for part in cell.split("|") if (word := part.strip()))


def _entry(cells: list[str], trade: str) -> Entry:
    """The entry of a line's cells; ValueError when they are none."""
    sources, targets, role, *more = cells
    trust = float(more[0]) if more else 1.0
    entry = Entry(_words(sources), _words(targets), trust, trade, role.strip())
    if not entry.sources or not entry.targets or entry.role not in ROLES or len(more) > 1 or not 0 < trust <= 1:
        raise ValueError(cells)
    return entry


def parse(text: str, file: str = "") -> Iterator[Entry]:
    """Entries of a thesaurus file. Raises ThesaurusFault at the first line that is none."""
    trade = Path(file).stem
    for number, line in enumerate(normalise(text).split("\n"), start=1):
        line = line.split("#", 1)[0].rstrip()
        if not line:
            continue
        try:
            entry = _entry(line.removeprefix("=").split("\t"), trade)
        except ValueError:
            raise ThesaurusFault(file, number) from None
        yield entry
        if line.startswith("="):
            yield replace(entry, sources=entry.targets, targets=entry.sources)


def load(folder: Path) -> Thesaurus:
    """The entries of every ``*.tsv`` (UTF-8) of a folder in order of name. Raises ThesaurusFault."""
    entries: list[Entry] = []
    for path in sorted(folder.glob("*.tsv")):
        entries.extend(parse(path.read_text(encoding="utf-8"), path.name))
    return Thesaurus.of(entries)


@lru_cache(maxsize=1)
def shipped() -> Thesaurus:
    """The thesaurus that comes with the package; it is read once per process."""
    return load(Path(__file__).parent)
