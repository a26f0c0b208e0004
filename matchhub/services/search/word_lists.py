"""Words of an index for reading what stands nowhere in it, made at the first question that needs them."""

from __future__ import annotations

import threading
from typing import Any

from recommender import Index
from recommender.spelling import WordList, titles_of

_KEPT = 24
_SMALL = 5_000  # of so few documents the list is made again whenever some are added
_made: dict[tuple[int, int], tuple[Any, WordList]] = {}
_making = threading.Lock()


def word_list(index: Index) -> WordList:
    """The words of an index; of a large one as they were when it was built."""
    key = (id(index.vocabulary), len(index.segments) if len(index) < _SMALL else 0)
    with _making:
        if key not in _made:  # the vocabulary is kept with the list, so that its id stays its own
            _made[key] = (index.vocabulary, WordList.of(titles_of(index), index.tokenizer))
            while len(_made) > _KEPT:
                _made.pop(next(iter(_made)))
        return _made[key][1]
