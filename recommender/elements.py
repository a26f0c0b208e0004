"""What a demand is about and what it wants, word by word: the object, and beside it problem, means and effect.

The thesaurus says what role a word has where it knows the word; for the others the part of speech decides: a noun names
the object, verbs and adjectives say what is wrong or wanted. A patent that meets the object alone is of the same kind
and no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from recommender.stop_words import stop_words
from recommender.text import tagged_words
from recommender.thesaurus import Thesaurus
from recommender.thesaurus.loading import EFFECT, MEANS, OBJECT, PROBLEM

SYNONYM, BROADER, FRAGMENT, WHOLE = 0.7, 0.4, 0.6, 1.0
"""How far a word counts as met: by a patent word of it, by a part of it that is a patent word (眼镜 for 隐形眼镜), by
all of its pairs of neighbours, and literally."""
MET = 0.6
KIND = 0.4
"""From here up an object is at least of the kind asked for."""
NEITHER = 0.5
"""What counts where a demand names no object, or nothing beside it."""
MOST = 24
_MOST_PIECES = 4
_TELLING = 0.2
"""Rarity from which on a patent word says that a word is met; 连接 stands in every second patent and says nothing."""
_SINGLE_KINDS = ("n", "v", "a")
_SHORT = 12
"""Characters up to which every noun of a demand is what it is about; in longer ones many are talk (品牌, 国内)."""
_NUMBERS = ("m", "q", "x")
Rarity = Callable[[Sequence[str]], Mapping[str, float]]


@dataclass(frozen=True)
class Element:
    """One word of a demand: its ``role``, its ``rarity`` in the base (0..1; unknown words 1), and the ``targets`` that
    patents may say instead. ``named``: a word of the trades, of which a person may be told that it is not met."""

    word: str
    role: str
    rarity: float
    targets: tuple[str, ...] = ()
    named: bool = True

    def met(self, text: str) -> float:
        """How far the normalised ``text`` speaks of it, 0..1."""
        if self.word in text:
            return WHOLE
        near = 0.0
        for target in self.targets:
            if target in text:
                if target not in self.word:
                    return SYNONYM
                near = BROADER
        pairs = len(self.word) - 1
        if pairs < 2:
            return near
        return max(near, FRAGMENT * sum(self.word[place : place + 2] in text for place in range(pairs)) / pairs)


@dataclass(frozen=True)
class Asked:
    """The elements of one demand: ``objects``, and the ``wishes`` beside them: problem and effect, or where it names
    neither, means. ``every`` holds all of them in the order of the demand."""

    every: tuple[Element, ...] = ()
    objects: tuple[Element, ...] = ()
    wishes: tuple[Element, ...] = ()

    @classmethod
    def of(cls, every: Sequence[Element]) -> Asked:
        """From the elements of a demand."""
        wishes = [one for one in every if one.role in (PROBLEM, EFFECT)]
        means = [one for one in every if one.role == MEANS]
        return cls(tuple(every), tuple(one for one in every if one.role == OBJECT), tuple(wishes or means))

    def in_title(self, title: str) -> tuple[float, float]:
        """How far (0..1) the best met object and the best met wish stand in a title."""
        return (
            max((one.met(title) for one in self.objects), default=NEITHER),
            max((one.met(title) for one in self.wishes), default=NEITHER),
        )

    def share_in(self, text: str) -> float:
        """How much of the demand a text speaks of, 0..1: the mean over its words, rare ones counting more."""
        total = sum(one.rarity for one in self.every)
        return sum(one.rarity * one.met(text) for one in self.every) / total if total else 0.0

    def object_met(self, text: str) -> bool:
        """Whether any object stands in a text; of a demand without objects, any word."""
        return any(one.met(text) >= KIND for one in self.objects or self.every)

    def wish_met(self, text: str) -> bool:
        """Whether any wish stands in a text; of a demand without wishes, any object."""
        return any(one.met(text) >= MET for one in self.wishes or self.objects)

    def unmet(self, text: str) -> tuple[Element, ...]:
        """The words that a text does not speak of; an object of the kind asked for counts as spoken of."""
        return tuple(one for one in self.every if one.met(text) < (KIND if one.role == OBJECT else MET))


def elements(text: str, thesaurus: Thesaurus, rarity: Rarity) -> Asked:
    """The words of a normalised demand that say something, at most ``MOST``, in its order."""
    words: dict[str, str] = {}
    for word, kind in _bared(_joined(tagged_words(text), thesaurus), thesaurus, rarity):
        if word not in stop_words() and _says_something(word, kind):
            words.setdefault(word, kind)
    kept = list(words.items())[:MOST]
    found = {one.source: one for one in thesaurus.matches(text)}
    rare = _rarities([word for word, _ in kept], rarity)
    common = rarity([target for one in found.values() for target, _ in one.targets]) if found else {}
    made = []
    for word, kind in kept:
        role = _role(word, kind, thesaurus)
        near = [found[source] for source in found if _speaks_for(source, word)]
        near = [one for one in near if one.source == word or _answers(thesaurus.role_of(one.source), role)]
        targets = dict.fromkeys(target for one in near for target, _ in one.targets)
        told = tuple(
            target
            for target in targets
            if _answers(thesaurus.role_of(target), role) and common.get(target, 1.0) >= _TELLING
        )
        named = len(word) > 1 and (bool(thesaurus.role_of(word)) or (role == OBJECT and len(text) <= _SHORT))
        made.append(Element(word, role, rare[word], told, named))
    return Asked.of(made)


def _joined(pieces: Sequence[tuple[str, str]], thesaurus: Thesaurus) -> Iterator[tuple[str, str]]:
    """The pieces of a text; neighbours that together are a word of the thesaurus (跑 and 偏) as that word.

    What names an object and says what is wrong with it (拉链卡齿) stays apart: the two are asked for separately.
    """
    place = 0
    while place < len(pieces):
        for end in range(min(len(pieces), place + _MOST_PIECES), place, -1):
            part = pieces[place:end]
            word = "".join(piece for piece, _ in part)
            if len(part) == 1 or (thesaurus.role_of(word) and not _holds_two(word, part, thesaurus)):
                yield word.strip(), part[-1][1]
                place = end
                break


def _holds_two(word: str, part: Sequence[tuple[str, str]], thesaurus: Thesaurus) -> bool:
    """Whether a word that is no object holds one beside something else."""
    if OBJECT in thesaurus.role_of(word):
        return False
    return any(len(piece) > 1 and kind != "eng" and _role(piece, kind, thesaurus) == OBJECT for piece, kind in part)


def _bared(words: Iterable[tuple[str, str]], thesaurus: Thesaurus, rarity: Rarity) -> Iterator[tuple[str, str]]:
    """The words; those that nobody knows without the talk at their ends (老漏 is 漏, 想加 is 加)."""
    every = list(words)
    known = rarity([word for word, _ in every if len(word) > 1])
    for word, kind in every:
        if len(word) > 1 and word not in known and not thesaurus.role_of(word):
            while len(word) > 1 and word[0] in stop_words():
                word = word[1:]
            while len(word) > 1 and word[-1] in stop_words():
                word = word[:-1]
        yield word, kind


def _rarities(words: Sequence[str], rarity: Rarity) -> dict[str, float]:
    """The rarity of each word; of a longer one that the base does not hold as a word, that of its rarest pair."""
    pairs = {word: [word[at : at + 2] for at in range(len(word) - 1)] for word in words if len(word) > 2}
    known = rarity(list(dict.fromkeys([*words, *(pair for each in pairs.values() for pair in each)])))
    unknown = 1.0
    return {
        word: known.get(word, max((known.get(pair, unknown) for pair in pairs.get(word, ())), default=unknown))
        for word in words
    }


def _answers(roles: frozenset[str], role: str) -> bool:
    """Whether a patent word of these roles speaks of a word in this one: no object does of a wish, or the reverse."""
    return not roles or (OBJECT in roles if role == OBJECT else roles != {OBJECT})


def _role(word: str, kind: str, thesaurus: Thesaurus) -> str:
    """What the thesaurus says; of several roles and for words it does not know the part of speech decides."""
    roles, noun = thesaurus.role_of(word), kind.startswith("n") or kind in ("eng", "j")
    if OBJECT in roles and (noun or len(roles) == 1):
        return OBJECT
    return next((role for role in (PROBLEM, EFFECT, MEANS) if role in roles), OBJECT if noun else PROBLEM)


def _says_something(word: str, kind: str) -> bool:
    if kind in _NUMBERS or not any(char.isalnum() for char in word):
        return False
    return len(word) > 1 or kind.startswith(_SINGLE_KINDS)


def _speaks_for(source: str, word: str) -> bool:
    """Whether a plain word of the thesaurus is the same thing as a word of the demand: more than half of it."""
    if len(source) == 1 and len(word) > 1:
        return False
    common = len(set(source) & set(word))
    return common * 2 >= len(word) and (source in word or word in source or common >= 2)
