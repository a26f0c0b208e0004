"""The domain thesaurus: plain words of the shop floor and the words that patents use for the same thing, as data.

Each ``*.tsv`` beside this file holds one trade, a line ``plain words<TAB>patent words<TAB>role[<TAB>trust]`` with
words set apart by ``|``. The role says what the plain words are in a demand: ``object``, ``problem``, ``means`` or
``effect``. Trust lies in 0..1 and is 1 when left out; ``#`` starts a comment; a line that begins with ``=`` works in
both directions. The entries were written from knowledge of the trades, never from judged pairs of demands and patents.
"""

from recommender.thesaurus.loading import (
    EFFECT,
    LEARNED,
    MEANS,
    OBJECT,
    PROBLEM,
    ROLES,
    Entry,
    Found,
    Thesaurus,
    ThesaurusFault,
    load,
    parse,
    shipped,
)

__all__ = [
    "EFFECT",
    "LEARNED",
    "MEANS",
    "OBJECT",
    "PROBLEM",
    "ROLES",
    "Entry",
    "Found",
    "Thesaurus",
    "ThesaurusFault",
    "load",
    "parse",
    "shipped",
]
