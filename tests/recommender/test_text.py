"""Terms and their keys."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.text import BIGRAM, LATIN, UNIGRAM, WORD, bags, normalise, plain_offsets, term_keys, term_spans

KINDS = (1.0, 10.0, 100.0, 1000.0, 10000.0)


def terms(text: str, kind: int) -> list[str]:
    spans = term_spans([text])
    chosen = spans.kinds == kind
    return [text[start:end] for start, end in zip(spans.starts[chosen], spans.ends[chosen], strict=True)]


def test_full_width_and_capitals_become_plain() -> None:
    assert normalise("ＥＶＡ　１０％") == "eva 10%"


def test_words_and_characters_are_terms_and_punctuation_parts_them() -> None:
    text = "运动鞋，鞋底eva2"
    assert terms(text, UNIGRAM) == list("运动鞋鞋底")
    assert terms(text, BIGRAM) == ["运动", "动鞋", "鞋底"]
    assert terms(text, WORD) == ["运动鞋"]
    assert terms(text, LATIN) == ["eva2"]


def test_grams_never_cross_from_one_text_to_the_next() -> None:
    spans = term_spans(["鞋", "底"])
    assert spans.rows.tolist() == [0, 1]
    assert BIGRAM not in spans.kinds


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("鞋底防滑布料abc1，。 ", max_size=12), min_size=1, max_size=4))
def test_a_key_depends_on_the_characters_alone(texts: list[str]) -> None:
    spans = term_spans(texts)
    words = [spans.joined[start:end] for start, end in zip(spans.starts, spans.ends, strict=True)]
    assert np.array_equal(term_keys(words), spans.keys)
    assert len(set(spans.keys.tolist())) == len(set(words))


def test_keys_of_the_same_characters_in_another_order_differ() -> None:
    assert len(set(term_keys(["鞋底", "底鞋", "鞋", "底", "鞋底鞋"]).tolist())) == 5


def test_no_text_has_no_terms() -> None:
    assert len(term_spans([]).keys) == 0
    assert len(term_spans(["", ""]).keys) == 0
    assert len(term_keys([])) == 0


def test_a_tokenizer_that_loses_characters_is_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        term_spans(["鞋底"], lambda text: ["鞋"])


def test_any_tokenizer_that_cuts_may_be_plugged_in() -> None:
    spans = term_spans(["防滑鞋底"], lambda text: ["防滑鞋", "底"])
    assert (spans.kinds == WORD).sum() == 1


def test_each_kind_of_term_has_its_weight() -> None:
    bag = bags(["运动鞋用eva"], KINDS)[0]
    assert bag.weights["运"] == 1
    assert bag.weights["动鞋"] == 100
    assert bag.weights["运动鞋"] == 1000
    assert bag.weights["eva"] == 10000


def test_a_pair_that_is_a_word_outweighs_a_pair_across_words() -> None:
    bag = bags(["鞋底材料"], KINDS, lambda text: ["鞋底", "材料"])[0]
    assert (bag.weights["鞋底"], bag.weights["底材"], bag.weights["材料"]) == (10, 100, 10)


def test_stop_words_and_what_touches_them_count_less() -> None:
    bag = bags(["想要鞋底"], KINDS, lambda text: ["想要", "鞋底"], {"想要"}, 0.5)[0]
    assert (bag.weights["想"], bag.weights["想要"], bag.weights["要鞋"]) == (0.5, 5, 50)
    assert (bag.weights["鞋"], bag.weights["鞋底"]) == (1, 10)


def test_offsets_lead_back_to_the_text_as_written() -> None:
    plain, places = plain_offsets("㎜Ａ鞋")
    assert plain == "mma鞋"
    assert places == [0, 0, 1, 2, 3]
