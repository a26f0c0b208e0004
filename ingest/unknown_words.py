"""Words of a table that nobody understood, counted, so that a person can say what they mean for this source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from matchhub.domain.records import Problem

# Code of the warning of a row -> code of the remark on its table.
_COUNTED = {"legal_status_unknown": "status_word_unknown", "existence_unknown": "existence_word_unknown"}
_MAX_WORDS = 50  # of one table; where there are more, the column is something else


class UnknownWords:
    """Counts the words of one table for which rows carry a warning."""

    def __init__(self) -> None:
        self._rows: Counter[tuple[str, str, str]] = Counter()

    def note(self, problems: Sequence[Problem]) -> None:
        """Take in the problems of one row."""
        for problem in problems:
            if problem.code in _COUNTED:
                self._rows[problem.code, problem.column, problem.value] += 1

    def remarks(self, file: str, sheet: str) -> Iterable[Problem]:
        """One remark for each word, the most frequent first."""
        for (code, column, word), rows in self._rows.most_common(_MAX_WORDS):
            yield Problem(file, 0, column, word, _COUNTED[code], "warning", sheet, rows)
