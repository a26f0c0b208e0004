"""Several pushes due to one recipient on one day are one letter: a digest with a part for each push.

Each push stays a record of its own, with its score, its answers and its place in the inbox; the letter is what carries
them. It bears the Message-ID and the links of its first push, so that the same pushes sent again are the same letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matchhub.services.pushes.delivery import Outgoing


@dataclass(frozen=True, slots=True)
class DueLetter:
    """One letter: its pushes in the order in which they were planned, the best first."""

    parts: tuple[Outgoing, ...]

    @property
    def first(self) -> Outgoing:
        """The push whose Message-ID, address and links the letter bears."""
        return self.parts[0]

    @property
    def push_ids(self) -> tuple[int, ...]:
        """The pushes it carries."""
        return tuple(part.push_id for part in self.parts)


def letters_of(outgoing: Iterable[Outgoing]) -> tuple[DueLetter, ...]:
    """The letters that carry these pushes: one per firm, address and round of claiming (``Outgoing.again``).

    A push that was tried before goes in the letter it went in then: what a mail reader may have already must come
    under the same Message-ID with the same content.
    """
    groups: dict[tuple[object, ...], list[Outgoing]] = {}
    for each in outgoing:
        groups.setdefault((each.enterprise, each.address, each.again), []).append(each)
    return tuple(DueLetter(tuple(sorted(parts, key=lambda part: part.push_id))) for parts in groups.values())
