"""Words that accepted matches teach everybody: three enterprises are needed, one alone moves nobody."""

from __future__ import annotations

import random

import pytest

from recommender import Document, Matcher, Query, Shown, Thesaurus, learn_words
from recommender.learning import LEAST_FIRMS, MOST_TRUST, MOST_WORDS, trust_of
from recommender.thesaurus import LEARNED, Entry, shipped
from tests.recommender.factories import PATENTS, many, matcher_of

SLANG, MEANT = "脱胶", "剥离强度"
GLUES = [
    Document(f"g{n}", f"一种{kind}胶粘剂", f"本发明公开了一种{kind}胶粘剂，剥离强度高。")
    for n, kind in enumerate(("聚氨酯", "氯丁橡胶", "环氧树脂", "丙烯酸酯", "热熔"))
]
TARGET = Document("t", "一种面料复合工艺", "本发明公开了一种面料复合工艺，剥离强度好。")
MATCHER = matcher_of([*PATENTS, *many(80), *GLUES, TARGET])
DEMANDS = ("童鞋穿几天就脱胶", "雨伞布边缘脱胶", "箱包贴皮脱胶", "皮带容易脱胶", "球拍手柄脱胶")


def shown(firm: int, *, accepted: bool = True, demand: str = "", document: Document | None = None) -> Shown:
    query = Query(f"d{firm}", "", demand or DEMANDS[firm % 5])
    return Shown(f"f{firm}", f"{firm}:{document or GLUES[firm % 5]}", query, document or GLUES[firm % 5], accepted)


def others(count: int = 6) -> list[Shown]:
    """What other enterprises accepted for other things."""
    return [Shown(f"o{n}", f"o{n}", Query(f"o{n}", "", "运动鞋底打滑"), PATENTS[n % 6], True) for n in range(count)]


def pairs(matches: list[Shown]) -> set[tuple[str, str]]:
    return {(word.plain, word.patent_word) for word in learn_words(matches, MATCHER)}


def taught(matches: list[Shown]) -> Matcher:
    """The matcher after learning from these matches."""
    entries = [Entry((word.plain,), (word.patent_word,), word.trust, LEARNED) for word in learn_words(matches, MATCHER)]
    return Matcher(MATCHER.index, MATCHER.thesaurus.with_learned(entries))


def ranking(matches: list[Shown], text: str = "拉链布脱胶") -> list[tuple[str, float]]:
    return [(name, score) for _, name, score in taught(matches).match([Query("q", "", text)], 50)]


@pytest.mark.parametrize("firms", [LEAST_FIRMS - 1, LEAST_FIRMS, LEAST_FIRMS + 1])
def test_three_enterprises_teach_a_word(firms: int) -> None:
    learned = pairs([*others(), *(shown(n) for n in range(firms))])
    assert ((SLANG, MEANT) in learned) is (firms >= LEAST_FIRMS)


def test_the_word_leads_others_to_patents_that_say_it_the_other_way() -> None:
    lessons = [*others(), *(shown(n) for n in range(3))]
    before, after = dict(ranking(others())), dict(ranking(lessons))
    assert after["t"] > before.get("t", 0.0)
    assert all(after[name] >= score for name, score in before.items() if name in after), "nothing falls"


def test_500_answers_of_one_enterprise_change_nothing_for_others() -> None:
    eager = [shown(0, demand=text, document=document) for text in DEMANDS for document in [*GLUES, *many(95)]]
    assert len(eager) == 500
    assert ranking([*others(), *eager]) == ranking(others())
    angry = [shown(0, demand=one.demand.text, document=one.document, accepted=False) for one in eager]
    assert ranking([*others(), *angry]) == ranking(others())


@pytest.mark.parametrize("accepted", [True, False])
def test_500_answers_of_one_enterprise_leave_what_three_others_taught(accepted: bool) -> None:
    lessons = [*others(), *(shown(n) for n in range(1, 4))]
    loud = [
        Shown("loud", f"{n}", Query(f"l{n}", "", text), document, accepted)
        for n, (text, document) in enumerate((text, document) for text in DEMANDS for document in [*PATENTS, *many(94)])
    ]
    assert len(loud) == 500 and (SLANG, MEANT) in pairs(lessons)
    assert ranking([*lessons, *loud]) == ranking(lessons)


@pytest.mark.parametrize(("against", "kept"), [(1, True), (2, True), (3, False)])
def test_a_word_needs_twice_as_many_for_it_as_against_it(against: int, kept: bool) -> None:
    declined = [Shown(f"n{n}", f"n{n}", Query(f"n{n}", "", "鞋头脱胶"), GLUES[n], False) for n in range(against)]
    assert ((SLANG, MEANT) in pairs([*others(), *(shown(n) for n in range(5)), *declined])) is kept


def test_declined_matches_alone_teach_nothing() -> None:
    assert learn_words([shown(n, accepted=False) for n in range(5)], MATCHER) == []


def test_a_word_that_everybody_accepts_belongs_to_no_plain_word() -> None:
    everywhere = [
        Shown(f"o{n}", f"o{n}", Query(f"o{n}", "", f"找{thing}"), GLUES[n % 5], True)
        for n, thing in enumerate(("雨伞", "拉链", "紫菜", "石材", "卫浴", "陶瓷", "茶叶", "服装"))
    ]
    assert (SLANG, MEANT) not in pairs([*everywhere, *(shown(n) for n in range(3))])


def test_a_written_pair_is_not_learned_again() -> None:
    matcher = Matcher(MATCHER.index, Thesaurus.of([Entry((SLANG,), (MEANT,))]))
    learned = learn_words([*others(), *(shown(n) for n in range(3))], matcher)
    assert (SLANG, MEANT) not in {(word.plain, word.patent_word) for word in learned}


def test_what_a_word_came_from_is_told_one_match_per_enterprise() -> None:
    matches = [*others(), *(shown(n) for n in range(3)), shown(0, document=GLUES[4])]
    (word,) = [word for word in learn_words(matches, MATCHER) if (word.plain, word.patent_word) == (SLANG, MEANT)]
    assert word.matches == tuple(shown(n).match for n in range(3))
    assert (word.firms, word.against, word.trust) == (3, 0, trust_of(3))


def test_the_order_of_the_matches_does_not_matter() -> None:
    matches = [*others(), *(shown(n) for n in range(4))]
    shuffled = random.Random(1).sample(matches, len(matches))
    assert learn_words(shuffled, MATCHER) == learn_words(matches, MATCHER)


@pytest.mark.parametrize(("firms", "trust"), [(3, 0.3), (4, MOST_TRUST), (500, MOST_TRUST)])
def test_trust_is_bounded_and_below_every_written_entry(firms: int, trust: float) -> None:
    assert trust_of(firms) == trust < min(entry.trust for entry in shipped().entries)


def test_few_words_are_learned_for_one_word() -> None:
    rich = [Document(f"r{n}", f"一种{n}号胶", "固化剂、增粘树脂、交联剂、耐水性、剥离强度、抗氧剂") for n in range(3)]
    matcher = matcher_of([*PATENTS, *many(80), *rich])
    matches = [shown(n, demand=f"{DEMANDS[n]}，散架，起翘，掉渣，分家", document=rich[n]) for n in range(3)]
    learned = learn_words([*others(), *matches], matcher)
    for side in ("plain", "patent_word"):
        words = [getattr(word, side) for word in learned]
        assert max(words.count(word) for word in words) == MOST_WORDS


def test_a_learned_word_is_named_as_the_reason_and_the_summands_add_up() -> None:
    hits = taught([*others(), *(shown(n) for n in range(3))]).search(Query("q", "", "拉链布脱胶"), 50)
    for hit in hits:
        assert sum(reason.weight for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-12)
    (found,) = [hit for hit in hits if hit.document_id == "t"]
    assert (SLANG, MEANT) in {(r.demand_text, r.patent_text) for r in found.reasons if r.feature == "learned"}


def test_learned_words_change_the_models_name_and_hide_no_written_word() -> None:
    written = Thesaurus.of([Entry(("开胶",), ("粘合",))])
    both = written.with_learned([Entry(("鞋底开胶", "开胶"), ("剥离强度",), 0.2)])
    assert Matcher(MATCHER.index, both).model != Matcher(MATCHER.index, written).model
    assert both.with_learned(()) == written
    found = [(one.source, one.feature, one.targets) for one in both.matches("鞋底开胶")]
    assert found == [("开胶", "thesaurus", (("粘合", 1.0),)), ("鞋底开胶", "learned", (("剥离强度", 0.2),))]


def test_a_written_word_adds_as_much_beside_a_learned_one_for_the_same_plain_word() -> None:
    written = Thesaurus.of([Entry((SLANG,), ("胶粘剂",))])
    both = written.with_learned([Entry((SLANG,), (MEANT,), MOST_TRUST)])
    query = Query("q", "", "拉链布脱胶")

    def weights(thesaurus: Thesaurus) -> dict[tuple[str, str], float]:
        terms = Matcher(MATCHER.index, thesaurus).query_terms(query)
        return {(o.feature, t): w for t, o, w in zip(terms.terms, terms.origins, terms.weights.tolist(), strict=True)}

    before, after = weights(written), weights(both)
    assert {key: after[key] for key in before} == before
    assert {feature for feature, _ in after.keys() - before.keys()} == {"learned"}
