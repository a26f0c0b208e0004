"""Confidence: a score is a measured chance, and what only shares the object of a demand is no match."""

from __future__ import annotations

import numpy as np
import pytest

from matchhub.policy import load_pack
from recommender import ANSWER_FLOOR, MODEL, Document, Matcher, Query, Thesaurus, build_index
from recommender.confidence import length_class, lifts, parse, shipped_confidence
from recommender.elements import BROADER, SYNONYM, Asked, elements
from recommender.thesaurus import Entry

KNOWN = shipped_confidence()
WORDS = Thesaurus.of([
    Entry(("拉链",), ("拉链", "链牙"), role="object"), Entry(("卡齿",), ("卡滞", "啮合不良"), role="problem"),
    Entry(("注塑",), ("成型",), role="means"), Entry(("顺滑",), ("顺滑",), role="effect"),
])  # fmt: skip
SAME_KIND = Document("same", "一种报警拉链", "本实用新型公开了一种报警拉链,拉链上设有报警器。")
ANSWER = Document("answer", "一种防卡齿拉链", "本发明公开了一种防卡齿拉链,拉链拉合时不卡齿。")
STRANGER = Document("stranger", "一种齿轮", "一种齿轮,齿面经淬火处理,齿与齿之间卡住时报警。")


def base() -> Matcher:
    fill = [Document(f"f{number}", f"一种水泵{number}", f"水泵的叶轮经过处理{number}。") for number in range(60)]
    return Matcher(build_index([SAME_KIND, ANSWER, STRANGER, *fill]), WORDS)


def test_more_coverage_is_more_chance_at_every_length_and_a_longer_demand_needs_less_of_it() -> None:
    for length in (4, 12, 30, 90, 400):
        chances = KNOWN.at_first(np.linspace(0, 1, 50), np.full(50, length))
        assert (np.diff(chances) > 0).all() and chances[0] > 0 and chances[-1] < 1
    assert (np.diff(KNOWN.at_first(np.full(4, 0.3), np.array([5, 12, 40, 120]))) > 0).all()


def test_what_is_no_match_keeps_its_order_below_the_floor() -> None:
    under = KNOWN.under(np.linspace(0, 1, 200))
    assert (np.diff(under) > 0).all() and under[-1] < KNOWN.floor
    assert KNOWN.under(np.array([0.1]))[0] == pytest.approx(0.1)


def test_a_patent_that_only_shares_the_object_is_of_the_same_kind_and_the_one_that_solves_it_is_a_match() -> None:
    asked = Query("q", "拉链拉合时卡齿,想要防卡齿拉链", "")
    hits = {hit.document_id: hit for hit in base().search(asked)}
    assert hits["answer"].band in ("likely", "possible") and hits["answer"].score >= ANSWER_FLOOR
    assert hits["same"].band == "same_kind" and hits["same"].score < ANSWER_FLOOR
    assert ("卡齿", "problem") in hits["same"].unmet and ("卡齿", "problem") not in hits["answer"].unmet
    assert hits["stranger"].band == "weak"


def test_only_words_of_the_trades_are_told_as_not_met_and_of_a_short_demand_every_noun() -> None:
    long = Query("q", "", "我们给国内几个品牌做贴牌,拉链拉合时严重卡齿,行业里都要求顺滑。")
    told = {hit.document_id: dict(hit.unmet) for hit in base().search(long)}
    assert told["same"] == {"卡齿": "problem", "顺滑": "effect"}
    short = {hit.document_id: dict(hit.unmet) for hit in base().search(Query("q", "拉链的品牌", ""))}
    assert short["same"] == {"品牌": "object"}


def test_single_batch_and_explained_scores_of_matches_agree() -> None:
    matcher, query = base(), Query("q", "拉链卡齿", "")
    single = [(hit.document_id, pytest.approx(hit.score)) for hit in matcher.search(query)]
    assert [(name, score) for _, name, score in matcher.match([query])] == single
    assert matcher.explain(query, ["answer"])[0].score == single[0][1]


def test_the_thesaurus_tells_object_and_wish_and_means_count_only_where_nothing_else_is_asked() -> None:
    asked = elements("拉链注塑卡齿", WORDS, base().index.rarity)
    assert [one.word for one in asked.objects] == ["拉链"]
    assert [one.word for one in asked.wishes] == ["卡齿"]
    assert [one.word for one in elements("拉链注塑", WORDS, base().index.rarity).wishes] == ["注塑"]
    assert not asked.wish_met("一种拉链的成型方法") and asked.wish_met("拉链啮合不良的检测")


def test_neighbours_that_together_are_a_word_of_the_trades_are_one_word_and_talk_is_taken_off_unknown_ones() -> None:
    words = Thesaurus.of([Entry(("跑偏",), ("纠偏",), role="problem"), Entry(("漏液",), ("密封",), role="problem")])
    assert [one.word for one in elements("皮带跑偏", words, base().index.rarity).every] == ["皮带", "跑偏"]
    assert "漏" in [one.word for one in elements("立柱老漏", words, base().index.rarity).every]


def test_an_object_and_what_is_wrong_with_it_are_asked_for_apart_even_where_a_line_holds_both() -> None:
    words = Thesaurus.of([*WORDS.entries, Entry(("拉链卡齿",), ("拉链", "卡滞"), role="problem")])
    asked = elements("拉链卡齿", words, base().index.rarity)
    assert [one.word for one in asked.objects] == ["拉链"] and [one.word for one in asked.wishes] == ["卡齿"]
    assert "卡滞" in asked.wishes[0].targets


def test_a_patent_word_that_stands_in_most_patents_does_not_say_that_a_problem_is_solved() -> None:
    words = Thesaurus.of([Entry(("异响",), ("处理", "啮合不良"), role="problem")])
    (asked,) = elements("异响", words, base().index.rarity).every
    assert asked.targets == ("啮合不良",) and not asked.met("水泵的叶轮经过处理")


def test_of_a_few_words_only_what_names_the_object_in_its_title_is_of_the_same_kind() -> None:
    earphone = Document("ear", "一种防缠绕耳机", "耳机线上设有拉链,拉链用于收纳耳机线。")
    matcher = Matcher(build_index([SAME_KIND, ANSWER, STRANGER, earphone]), WORDS)
    bands = {hit.document_id: hit.band for hit in matcher.search(Query("q", "拉链卡齿", ""))}
    assert bands["same"] == "same_kind" and bands["ear"] == "weak"


def test_no_word_is_found_across_two_words_of_a_title_nor_a_process_within_a_longer_word() -> None:
    words = Thesaurus.of([Entry(("染色",), ("着色",), role="means"), Entry(("色花",), ("色差",), role="problem")])
    titles = {"cauliflower": "亮白色花椰菜的种植", "chromosome": "诱导染色体加倍的方法", "dyeing": "羊毛染色的方法"}
    documents = [Document(name, title, f"{title},包括以下步骤。") for name, title in titles.items()]
    hits = Matcher(build_index([*documents, SAME_KIND, STRANGER]), words).search(Query("q", "染色色花", ""))
    assert {hit.document_id: hit.band for hit in hits if hit.document_id in titles} == {
        "cauliflower": "weak", "chromosome": "weak", "dyeing": "same_kind",
    }  # fmt: skip


def test_a_part_of_a_word_is_less_than_the_word_and_still_of_the_kind() -> None:
    words = Thesaurus.of([Entry(("隐形眼镜",), ("眼镜", "角膜接触镜"), role="object")])
    (asked,) = elements("隐形眼镜", words, base().index.rarity).every
    assert asked.met("一种运动眼镜") == BROADER < SYNONYM == asked.met("一种角膜接触镜") < asked.met("一种隐形眼镜")
    assert Asked.of([asked]).object_met("一种运动眼镜")


def test_titles_lift_short_demands_alone_and_only_by_what_they_say() -> None:
    lengths = np.array([4, 40, 60, 80, 300])
    assert (np.diff(lifts(lengths)) <= 0).all() and lifts(lengths)[0] > 0 and not lifts(lengths)[3:].any()
    told = Document("told", "一种防卡齿拉链", "拉链在拉合时不卡齿,拉链寿命长,拉链的链牙经过处理,链牙表面光滑。")
    hidden = Document("hidden", "一种箱包", "箱包上设有拉链,拉链不卡齿,拉链寿命长,拉链的链牙经过处理,链牙表面光滑。")
    matcher = Matcher(build_index([told, hidden, SAME_KIND, STRANGER]), WORDS)
    judge = matcher._judge([Query("q", "拉链卡齿", "")], ["拉链卡齿"])
    places = [matcher.index.places([name])[name] for name in ("told", "hidden")]
    reach = judge.reach(np.zeros(2, dtype=np.int64), places, np.array([0.5, 0.5]))
    assert reach[0] > reach[1] >= 0.5


def test_what_is_asked_beside_a_demand_and_how_many_answers_are_wanted_change_no_order() -> None:
    fill = [Document(f"z{number}", f"一种拉链{number}", f"拉链上设有部件{number},不易卡齿。") for number in range(90)]
    matcher = Matcher(build_index([SAME_KIND, ANSWER, STRANGER, *fill]), WORDS)
    short, long = Query("s", "拉链卡齿", ""), Query("l", "", "拉链拉合时卡齿,想要顺滑的拉链。" * 8)
    together = [(name, hit) for name, hit, _ in matcher.match([short, long], 10)]
    for query in (short, long):
        alone = [hit.document_id for hit in matcher.search(query, 10)]
        assert [hit for name, hit in together if name == query.id] == alone
        assert [hit.document_id for hit in matcher.search(query, 20)][:10] == alone


def test_the_line_of_matches_keeps_their_order_and_never_falls_below_the_floor() -> None:
    told = KNOWN.of_matches(np.linspace(0, 1, 200))
    assert (np.diff(told) >= 0).all() and told[0] == KNOWN.floor and told[-1] < 1


def test_another_role_of_a_word_is_another_model() -> None:
    other = Thesaurus.of([Entry(("拉链",), ("拉链", "链牙"), role="means"), *WORDS.entries[1:]])
    assert Matcher(base().index, WORDS).model != Matcher(base().index, other).model


def test_a_list_of_keywords_has_no_wish_and_is_judged_by_coverage_alone() -> None:
    table = base().match([Query("q", "", "", ("拉链", "报警"))], 3)
    assert table.document_ids[0] == "same" and table.scores[0] > 0


@pytest.mark.parametrize(("characters", "name"), [(8, "short"), (9, "medium"), (19, "long"), (41, "text")])
def test_length_classes(characters: int, name: str) -> None:
    assert length_class(characters) == name


def test_the_pack_publishes_the_measured_floor_of_this_model_and_the_bands_carry_their_counts() -> None:
    assert load_pack("jinjiang-2023-6").pushes.floor_of(MODEL) == KNOWN.floor == ANSWER_FLOOR
    for name in ("likely", "possible"):
        share = KNOWN.bands[name]
        assert share.labels >= 10 and share.at_least <= share.share <= share.at_most
    assert 0 < KNOWN.check < KNOWN.floor < KNOWN.likely < 1


def test_another_floor_is_another_model() -> None:
    text = "first = [0.0, 0.0, 0.0, 1.0]\nsecond = [0.0, 0.0, 1.0, 0.0, 0.0]\nmatch = [0.0, 1.0]\n"
    text += "check = 0.2\nlikely = 0.6\n[bands]\n"
    one, other = parse(f"floor = 0.5\n{text}"), parse(f"floor = 0.55\n{text}")
    index = base().index
    assert Matcher(index, WORDS, one).model != Matcher(index, WORDS, other).model
