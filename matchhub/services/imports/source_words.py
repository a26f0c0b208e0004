"""What words of a source mean: said by a person, remembered for the source, applied when it comes again."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from matchhub.db.tables import SourceWord
from matchhub.domain.existence import EXISTENCES
from matchhub.domain.legal_status import VALIDITIES
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import Kind
from matchhub.errors import Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit

# Kinds whose words may be explained, and what a word may mean there.
MEANINGS: Mapping[Kind, tuple[str, ...]] = {
    "patents": VALIDITIES,
    "enterprises": EXISTENCES,
    "agencies": EXISTENCES,
}
LONGEST_WORD = 255
Words = tuple[tuple[str, str], ...]


def check_words(kind: Kind, words: Mapping[str, str]) -> None:
    """Raise ``Refusal("word_meaning_unknown")`` where a word is given a meaning that its kind does not have."""
    for word, meaning in words.items():
        if meaning not in MEANINGS.get(kind, ()) or not word.strip() or len(word) > LONGEST_WORD:
            raise Refusal("word_meaning_unknown", word=word, meaning=meaning, known="、".join(MEANINGS.get(kind, ())))


def remember_words(unit: Unit, source_name: str, kind: Kind, words: Mapping[str, str]) -> int:
    """Keep what words of a source mean, the newest word replacing the one before; returns how many were kept.

    None is kept without the source's name. Raises as ``check_words``.
    """
    unit.require("import.run")
    check_words(kind, words)
    source_key = normalise_name(source_name)
    if not source_key or not words:
        return 0
    chosen = select(SourceWord).where(SourceWord.source_key == source_key, SourceWord.kind == kind)
    known = {row.word: row for row in unit.session.execute(chosen).scalars()}
    for word, meaning in words.items():
        row = known.get(word) or SourceWord(source_key=source_key, kind=kind, word=word)
        row.source_name, row.meaning = source_name.strip(), meaning
        row.decided_at, row.decided_by = unit.now, unit.actor.account_id
        unit.session.add(row)
    unit.session.flush()
    append_event(unit, "words.remembered", kind, words=len(words))
    return len(words)


def remembered_words(unit: Unit, source_name: str, kind: Kind) -> Words:
    """What is remembered of the words of a source: pairs of word and meaning."""
    chosen = select(SourceWord.word, SourceWord.meaning).where(
        SourceWord.source_key == normalise_name(source_name), SourceWord.kind == kind
    )
    return tuple((word, meaning) for word, meaning in unit.session.execute(chosen.order_by(SourceWord.id)))
