"""Three short answers become a title and a text; a pattern is no demand, whatever numbers stand in it."""

from __future__ import annotations

import pytest

from matchhub.domain.demand_answers import composed_text, example_repeated, examples, proposed_targets, proposed_title
from matchhub.domain.targets import measurable_targets
from tests.policy.packs import changed_pack


def test_every_pattern_belongs_to_an_industry_of_the_pack_and_stands_in_both_languages() -> None:
    industries = changed_pack().industries
    keys = {each.industry for each in examples()}
    assert {"footwear", "zippers", "umbrellas", "sanitary", "food", "ceramics", "machinery"} <= keys <= set(industries)
    assert {(each.industry, each.language) for each in examples()} == {
        (key, lang) for key in keys for lang in ("zh", "en")
    }
    assert all(measurable_targets(each.wish) for each in examples() if each.language == "zh"), "a wish shows numbers"


@pytest.mark.parametrize("index", range(16))
def test_a_pattern_is_known_again_whole_with_other_numbers_and_with_small_edits(index: int) -> None:
    each = examples()[index]
    assert example_repeated(each.problem, each.wish) is each
    assert example_repeated(f"{each.problem}{each.wish}", "") is each
    digits = str.maketrans("123456789", "234567891")
    assert example_repeated(each.problem.translate(digits), each.wish.translate(digits)) is each
    assert example_repeated(f"{each.problem}！", f" {each.wish}") is each


def test_a_demand_of_one_s_own_words_is_no_pattern() -> None:
    assert example_repeated("运动鞋在潮湿环境穿着后鞋底与鞋面开胶，需要更好的胶粘剂。", "剥离强度不低于 4 N/mm") is None
    assert example_repeated("", "") is None


@pytest.mark.parametrize(
    ("product", "problem", "title"),
    [
        ("户外跑鞋，橡胶底", "存放后脱胶，返工多", "户外跑鞋：存放后脱胶"),
        ("鞋底", "鞋底脱胶。", "鞋底脱胶"),
        ("", "脱胶", "脱胶"),
        (None, None, ""),
        ("长" * 60, "短", "长" * 40),
    ],
)
def test_a_title_is_made_of_the_first_words_of_product_and_problem(
    product: str | None, problem: str | None, title: str
) -> None:
    assert proposed_title(product, problem) == title


def test_parts_of_the_answers_with_numbers_are_proposed_as_targets_each_once() -> None:
    wish = "强度不低于 4 N/mm，手感好，成本降低 10%。"
    assert proposed_targets(wish, "返工占 5%，强度不低于 4 N/mm") == "强度不低于 4 N/mm；成本降低 10%；返工占 5%"
    assert proposed_targets("更牢", None) == ""


@pytest.mark.parametrize(
    ("problem", "least", "text"),
    [
        ("脱胶", 10, "户外跑鞋：脱胶。希望半年不脱胶。"),
        ("脱" * 9, 10, f"户外跑鞋：{'脱' * 9}。希望半年不脱胶。"),
        ("脱" * 10, 10, "脱" * 10),
        ("户外跑鞋脱胶", 10, "户外跑鞋脱胶。希望半年不脱胶。"),
        ("", 10, ""),
    ],
)
def test_a_short_problem_is_told_with_the_answers_around_it_and_a_long_one_as_written(
    problem: str, least: int, text: str
) -> None:
    assert composed_text("户外跑鞋", problem, "半年不脱胶。", least) == text


def test_composing_twice_changes_nothing_and_adds_nothing_that_was_not_said() -> None:
    once = composed_text("户外跑鞋", "脱胶", "半年不脱胶", 30)
    assert composed_text("户外跑鞋", once, "半年不脱胶", 30) == once
    assert composed_text(None, "脱胶", None, 10) == "脱胶"
