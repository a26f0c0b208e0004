"""What a holder's own word may say of its patent."""

from __future__ import annotations

import pytest

from matchhub.domain.own_lists import raises_status


@pytest.mark.parametrize(
    ("said", "known", "raises"),
    [
        ("in_force", "in_force", False),
        ("in_force", "pending", True),
        ("in_force", "dead", True),
        ("in_force", None, True),
        ("pending", "in_force", False),
        ("pending", "pending", False),
        ("pending", "dead", True),
        ("pending", None, True),
        ("dead", "in_force", False),
        ("dead", "dead", False),
        ("dead", None, False),
    ],
)
def test_it_may_lower_what_is_known_and_never_raise_it(said: str, known: str | None, raises: bool) -> None:
    assert raises_status(said, known) is raises
