"""The likeness of names, and what of a name survives in the names like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from matchhub.domain.similar_names import indel_ratio, surviving_pieces


@given(st.text("abcdef", max_size=80), st.text("abcdef", max_size=80))
def test_the_ratio_is_rapidfuzzs(left: str, right: str) -> None:
    assert indel_ratio(left, right) == pytest.approx(fuzz.ratio(left, right))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("恒步", ["恒步"]),
        ("锋动体育用品制造", ["锋动体育", "用品制造"]),  # one character more or less
        ("锋动体育用品制造厂", ["锋动体", "育用品", "制造厂"]),  # or two: nine of eleven
    ],
)
def test_there_is_one_piece_more_than_changes_at_ninety(text: str, pieces: list[str]) -> None:
    assert surviving_pieces(text, 90.0) == pieces


@st.composite
def changed(draw: st.DrawFn) -> tuple[str, str]:
    """A text and the same after some characters were put in and left out."""
    text = draw(st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=30))
    other = text
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(other)))
        other = other[:at] + draw(st.sampled_from(["甲", "子", ""])) + other[at + draw(st.integers(0, 1)) :]
    return text, other


@given(changed(), st.sampled_from([60.0, 75.0, 80.0, 90.0, 100.0]))
def test_one_piece_stands_whole_in_every_text_that_is_like(pair: tuple[str, str], threshold: float) -> None:
    text, other = pair
    if indel_ratio(text, other) >= threshold:
        assert any(piece in other for piece in surviving_pieces(text, threshold))


@given(changed(), st.integers(0, 30))
def test_one_piece_stands_whole_even_around_a_bracket(pair: tuple[str, str], place: int) -> None:
    text, other = pair
    if indel_ratio(text, other) >= 90.0 and len(text) > 1:
        bracketed = f"{other[:place]}(中国){other[place:]}"
        assert any(piece in bracketed for piece in surviving_pieces(text, 90.0, 1))
