"""The thesaurus: its files, its matches, what it adds to a demand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from recommender import Query, Settings, Thesaurus, suggest_terms
from recommender.stop_words import stop_words
from recommender.thesaurus import EFFECT, MEANS, OBJECT, PROBLEM, ROLES, Entry, ThesaurusFault, load, parse, shipped
from recommender.thesaurus.loading import SIBLING_TRUST
from tests.recommender.factories import PATENTS, matcher_of

BOOK = Thesaurus.of([Entry(("起疙瘩", "疙瘩"), ("起球",)), Entry(("pu",), ("聚氨酯",), 0.5)])


FUNCTION_WORDS = {"我们", "想要", "有没有", "的", "了", "太", "不", "很", "老是", "怎么", "一种", "可以"}
TRADES = {
    "shoes", "apparel", "zippers", "umbrellas", "sanitary", "food", "ceramics", "stone", "machinery", "packaging",
    "printing", "chemicals", "coatings", "textiles", "dyeing", "toys_sports", "furniture", "appliances",
    "plastics_rubber", "building", "materials_short", "units", "farming", "livestock", "aquaculture", "general",
}  # fmt: skip


def test_the_shipped_thesaurus_holds_thousands_of_lines_of_all_trades() -> None:
    book = shipped()
    assert len(book.entries) > 4000
    assert len(book) > 10_000
    assert {entry.trade for entry in book.entries} >= TRADES
    roles = Counter(entry.role for entry in book.entries)
    assert all(roles[role] > 200 for role in ROLES)


def test_the_shipped_lines_are_tidy() -> None:
    """No word twice in a cell, no function word explained, one trust for a pair, complaints are no wishes, and every
    word of every line adds something (a word that is its own patent word may stand there to have a role)."""
    book, trusts = shipped(), dict[tuple[str, str], float]()
    for entry in book.entries:
        assert len(set(entry.sources)) == len(entry.sources), entry
        assert len(set(entry.targets)) == len(entry.targets), entry
        assert not set(entry.sources) & FUNCTION_WORDS, entry
        assert all(len(word) <= 30 and any(map(str.isalnum, word)) for word in (*entry.sources, *entry.targets)), entry
        for source in entry.sources:
            fresh = [target for target in entry.targets if target != source and (source, target) not in trusts]
            assert fresh or source in entry.targets, (source, entry)
            for target in entry.targets:
                assert trusts.setdefault((source, target), entry.trust) == entry.trust, (source, target)
    own = {word: book.role_of(word) for word in book.meanings}
    assert [word for word, roles in own.items() if {PROBLEM, EFFECT} <= roles] == []


def test_a_line_gives_every_pair_of_its_words() -> None:
    entry = next(parse("掉色|褪色\t色牢度|固色\tproblem\t0.5 # dyeing"))
    assert (entry.sources, entry.targets) == (("掉色", "褪色"), ("色牢度", "固色"))
    assert (entry.role, entry.trust) == ("problem", 0.5)


def test_an_equals_sign_makes_a_line_work_both_ways() -> None:
    assert [(one.sources, one.targets) for one in parse("=甲\t乙\tobject")] == [(("甲",), ("乙",)), (("乙",), ("甲",))]


@pytest.mark.parametrize(
    "line",
    [
        "甲",
        "甲\t",
        "甲\t乙",
        "\t乙\tmeans",
        "甲\t\tmeans",
        "甲\t乙\tx",
        "甲\t乙\tmeans\tx",
        "甲\t乙\tmeans\t0",
        "甲\t乙\tmeans\t1.1",
        "甲\t乙\tmeans\t1\t2",
    ],
)
def test_a_line_that_is_no_entry_is_named(line: str) -> None:
    with pytest.raises(ThesaurusFault) as fault:
        list(parse(f"# comment\n\n{line}", "a.tsv"))
    assert (fault.value.file, fault.value.line) == ("a.tsv", 3)


def test_a_folder_is_read_in_order_of_name(tmp_path: Path) -> None:
    (tmp_path / "b.tsv").write_text("甲\t乙\tobject\n", encoding="utf-8")
    (tmp_path / "a.tsv").write_text("丙\t丁\tobject\n", encoding="utf-8")
    assert [entry.trade for entry in load(tmp_path).entries] == ["a", "b"]


def test_a_word_has_the_roles_of_the_lines_that_explain_it() -> None:
    book = Thesaurus.of(
        [
            Entry(("起疙瘩",), ("抗起球", "布"), role=PROBLEM),
            Entry(("布",), ("织物",), role=OBJECT),
            Entry(("鞋底",), ("鞋底",), role=OBJECT),
            Entry(("鞋底",), ("大底",), role=MEANS),
            Entry(("own",), ("eigen",)),
        ]
    )
    assert book.role_of("起疙瘩") == {PROBLEM}
    assert book.role_of("抗起球") == {EFFECT}  # only named as what cures a problem
    assert book.role_of("布") == {OBJECT}  # its own line counts for more than where it is named
    assert book.role_of("鞋底") == {OBJECT, MEANS}
    assert book.role_of("own") == book.role_of("eigen") == book.role_of("无") == frozenset()


def test_every_shipped_word_has_a_role() -> None:
    book = shipped()
    words = {word for entry in book.entries for word in (*entry.sources, *entry.targets)}
    assert {word for word in words if not book.role_of(word) <= set(ROLES) or not book.role_of(word)} == set()


def test_the_longest_word_wins_and_counts_once() -> None:
    assert [found.source for found in BOOK.matches("起疙瘩又起疙瘩")] == ["起疙瘩"]


@pytest.mark.parametrize(("text", "found"), [("pu底", ["pu"]), ("pump", []), ("tpu", [])])
def test_a_latin_word_counts_only_alone(text: str, found: list[str]) -> None:
    assert [one.source for one in BOOK.matches(text)] == found


def weight_of(source: str, text: str, book: Thesaurus, settings: Settings | None = None) -> float:
    terms = matcher_of(PATENTS, book, settings).query_terms(Query("q", "", text))
    pairs = zip(terms.origins, terms.weights, strict=True)
    return float(sum(weight for origin, weight in pairs if origin.feature == "thesaurus" and origin.source == source))


def test_a_plain_word_is_expanded_to_its_patent_words() -> None:
    assert weight_of("起疙瘩", "布面起疙瘩", BOOK) > 0


def test_trust_scales_the_expansion() -> None:
    halved = Thesaurus.of([Entry(("起疙瘩",), ("起球",), 0.5)])
    whole = Thesaurus.of([Entry(("起疙瘩",), ("起球",), 1.0)])
    assert weight_of("起疙瘩", "布面起疙瘩", halved) == pytest.approx(weight_of("起疙瘩", "布面起疙瘩", whole) / 2)


def test_many_patent_words_share_the_expansion() -> None:
    alone = Thesaurus.of([Entry(("起疙瘩",), ("起球",))])
    several = Thesaurus.of([Entry(("起疙瘩",), ("起球", "无此词甲", "无此词乙", "无此词丙"))])
    assert weight_of("起疙瘩", "布面起疙瘩", several) == pytest.approx(weight_of("起疙瘩", "布面起疙瘩", alone) / 2)


def test_what_the_demand_contains_is_not_added_again() -> None:
    assert weight_of("起疙瘩", "布面起疙瘩，要抗起球", BOOK) == 0


def test_without_expansion_the_thesaurus_adds_nothing() -> None:
    assert weight_of("起疙瘩", "布面起疙瘩", BOOK, Settings(expansion_text=0)) == 0


def test_stop_words_weigh_nothing() -> None:
    assert {"想要", "有没有", "我们"} <= stop_words()
    terms = matcher_of(PATENTS, shipped()).query_terms(Query("q", "", "我们想要防滑鞋底"))
    assert "想要" not in terms.terms
    assert "防滑" in terms.terms


def test_in_a_list_of_keywords_every_word_is_meant() -> None:
    assert "设备" in matcher_of(PATENTS, shipped()).query_terms(Query("q", "", "", ("设备",))).terms


def test_own_weights_add_up_to_1_and_unknown_words_count_as_the_rarest() -> None:
    terms = matcher_of(PATENTS).query_terms(Query("q", "", "鞋底wifi"))
    assert float(terms.weights.sum()) == pytest.approx(1.0, abs=1e-6)
    weights = dict(zip(terms.terms, terms.weights, strict=True))
    assert weights["wifi"] > weights["鞋"]


def test_suggestions_are_words_of_the_base_that_the_demand_lacks() -> None:
    matcher = matcher_of(
        [*PATENTS, *(PATENTS[0].__class__(f"x{n}", one.title, one.abstract) for n, one in enumerate(PATENTS))],
        BOOK,
    )
    offered = suggest_terms(matcher, Query("q", "", "布面起疙瘩"), 6)
    assert offered[0].word == "起球"
    assert (offered[0].source, offered[0].because) == ("thesaurus", "起疙瘩")
    others = suggest_terms(matcher, Query("q", "", "鞋底防滑"), 6)
    assert others
    assert all(one.source == "patents" and one.word not in "鞋底防滑" for one in others)
    assert len(others) <= 6


def test_of_two_equal_expansions_the_first_entry_is_named() -> None:
    book = Thesaurus.of([Entry(("疙瘩",), ("起球甲", "起球乙"))])
    terms = matcher_of(PATENTS, book).query_terms(Query("q", "", "疙瘩"))
    named = {origin.target for origin in terms.origins if origin.feature == "thesaurus"}
    assert named == {"起球甲"}


def test_patent_words_of_a_short_line_stand_for_one_another_unless_they_are_objects() -> None:
    known = Thesaurus.of([
        Entry(("防伪",), ("追溯", "溯源"), role="effect"), Entry(("雨伞",), ("伞骨", "伞面"), role="object"),
        Entry(("费电",), ("节能", "能耗", "省电", "节电", "变频"), role="problem"),
    ])  # fmt: skip
    assert [dict(one.targets) for one in known.matches("溯源")] == [{"追溯": SIBLING_TRUST}]
    assert not list(known.matches("伞骨")) and not list(known.matches("变频"))
    assert [one.targets for one in known.matches("防伪")] == [(("追溯", 1.0), ("溯源", 1.0))]
