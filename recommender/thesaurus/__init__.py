"""The domain thesaurus: plain words of the shop floor and the words patents use for the same thing, as reviewable data.

Each ``*.tsv`` beside this file holds one trade: ``plain words<TAB>patent words[<TAB>trust]``, words separated by
``|``, trust in 0..1 (1 when left out), ``#`` starts a comment, ``=`` as the first column's first character makes the
line work in both directions. Written from knowledge of the trades, never from judged pairs.
"""

from recommender.thesaurus.loading import LEARNED, Entry, Found, Thesaurus, ThesaurusFault, load, parse, shipped, talk

__all__ = ["LEARNED", "Entry", "Found", "Thesaurus", "ThesaurusFault", "load", "parse", "shipped", "talk"]
