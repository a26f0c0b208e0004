"""What an index and the matcher over it promise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from recommender import (
    Document,
    IndexFault,
    Matcher,
    Query,
    Settings,
    Thesaurus,
    add_documents,
    build_index,
    building,
    open_index,
    save_index,
)
from recommender.text import normalise, term_keys, term_spans
from recommender.thesaurus import Entry
from recommender.weighting import LEAST_IDF
from tests.recommender.factories import DEMAND, PATENTS, many, matcher_of


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return matcher_of(PATENTS)


def test_the_patent_that_answers_comes_first(matcher: Matcher) -> None:
    assert matcher.search(DEMAND)[0].document_id == "p1"


def test_scores_lie_between_0_and_1_in_falling_order(matcher: Matcher) -> None:
    scores = [hit.score for hit in matcher.search(DEMAND)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores)


def test_a_patent_without_title_is_found(matcher: Matcher) -> None:
    assert matcher.search(Query("q", "", "纸尿裤吸得慢"))[0].document_id == "p5"


def test_a_short_word_of_two_characters_is_found(matcher: Matcher) -> None:
    assert [hit.document_id for hit in matcher.search(Query("q", "", "", ("紫菜",)))] == ["p6"]


def test_full_width_and_capital_letters_meet_their_plain_forms(matcher: Matcher) -> None:
    assert matcher.search(Query("q", "", "ＥＶＡ"))[0].document_id == "p1"


def test_batch_and_single_search_agree(matcher: Matcher) -> None:
    queries = [DEMAND, Query("d2", "", "拉链头装不准"), Query("d3", "", "", ("面料", "起球"))]
    expected = [
        (query.id, hit.document_id, pytest.approx(hit.score, abs=1e-5))
        for query in queries
        for hit in matcher.search(query, 3)
    ]
    assert list(matcher.match(queries, 3)) == expected


def test_the_answer_does_not_depend_on_how_many_segments_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = many(30)
    whole = Matcher(build_index(documents))
    monkeypatch.setattr(building, "CHUNK", 7)
    monkeypatch.setattr(building, "LARGEST_SEGMENT", 14)
    cut = Matcher(build_index(documents))
    assert len(cut.index.segments) == 3
    assert list(cut.match([DEMAND], 9)) == list(whole.match([DEMAND], 9))
    assert cut.search(DEMAND, 9) == whole.search(DEMAND, 9)


def test_of_equal_documents_the_first_ones_are_kept() -> None:
    same = [Document(f"e{number}", PATENTS[0].title, PATENTS[0].abstract) for number in range(40)]
    matcher = matcher_of([*same, *PATENTS[1:]])
    expected = [f"e{number}" for number in range(7)]
    assert matcher.match([DEMAND], 7).document_ids == expected
    assert [hit.document_id for hit in matcher.search(DEMAND, 7)] == expected


def test_two_processes_count_as_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "CHUNK", 4)
    one, two = build_index(many(9)), build_index(many(9), workers=2)
    assert np.array_equal(one.vocabulary, two.vocabulary)
    assert np.array_equal(one.idf, two.idf)


def test_an_added_document_is_found_and_frequencies_stay_frozen(matcher: Matcher) -> None:
    larger = add_documents(matcher.index, [Document("p7", "一种紫菜压饼机", "紫菜压饼机，包括压板。")])
    assert "p7" in {hit.document_id for hit in Matcher(larger, Thesaurus()).search(Query("q", "", "", ("紫菜",)))}
    assert larger.idf is matcher.index.idf
    assert (len(matcher.index), len(larger)) == (6, 7)


def test_adding_an_id_again_replaces_the_document(matcher: Matcher) -> None:
    changed = add_documents(matcher.index, [Document("p6", "一种海带切丝机", "海带切丝机，鞋底防滑。")])
    assert len(changed) == 6
    assert Matcher(changed, Thesaurus()).search(Query("q", "", "", ("紫菜",))) == []
    assert changed.document("p6").title == "一种海带切丝机"


def test_adding_nothing_returns_the_same_index(matcher: Matcher) -> None:
    assert add_documents(matcher.index, []) is matcher.index


def test_a_removed_document_is_not_found_in_single_or_batch(matcher: Matcher) -> None:
    index = matcher.index.remove(["p1", "unknown"])
    assert len(index) == 5
    assert "p1" not in index
    smaller = Matcher(index, Thesaurus())
    assert "p1" not in [hit.document_id for hit in smaller.search(DEMAND)]
    assert "p1" not in smaller.match([DEMAND]).document_ids
    assert "p1" in matcher.index


@pytest.mark.parametrize("as_mask", [False, True])
def test_only_allowed_documents_are_answered(matcher: Matcher, as_mask: bool) -> None:
    allowed = matcher.index.mask(["p3", "p4", "nobody"]) if as_mask else {"p3", "p4", "nobody"}
    everything = Query("q", "", "一种本发明公开了包括的运动鞋底拉链雨伞面料")
    assert {hit.document_id for hit in matcher.search(everything, allowed=allowed)} == {"p3", "p4"}
    assert set(matcher.match([everything], allowed=allowed).document_ids) == {"p3", "p4"}


def test_a_mask_of_another_length_is_refused(matcher: Matcher) -> None:
    with pytest.raises(ValueError, match="mask of 5"):
        matcher.search(DEMAND, allowed=np.ones(5, dtype=bool))


def test_an_empty_demand_and_an_empty_index_answer_nothing(matcher: Matcher) -> None:
    assert matcher.search(Query("q", "", "")) == []
    assert list(matcher.match([Query("q", "", "。，")])) == []
    empty = matcher_of([])
    assert len(empty.index) == 0
    assert empty.search(DEMAND) == []
    assert list(empty.match([DEMAND])) == []


def test_top_limits_the_answer(matcher: Matcher) -> None:
    for top in (1, 2, 3):
        assert len(matcher.search(DEMAND, top)) == top
        assert len(matcher.match([DEMAND], top)) == top


def test_an_opened_index_answers_as_the_saved_one(matcher: Matcher, tmp_path: Path) -> None:
    index = add_documents(matcher.index, [Document("p8", "一种伞骨", "伞骨防滑。")]).remove(["p2"])
    save_index(index, tmp_path / "base")
    saved, opened = Matcher(index), Matcher(open_index(tmp_path / "base"))
    assert opened.search(DEMAND) == saved.search(DEMAND)
    assert list(opened.match([DEMAND])) == list(saved.match([DEMAND]))
    names = ["p8", *(document.id for document in PATENTS)]
    assert opened.index.places(names) == index.places(names) and "p2" not in opened.index
    assert opened.index.document("p1") == PATENTS[0]
    assert opened.model == saved.model
    assert len(add_documents(opened.index, [Document("p9", "一种伞面", "伞面。")])) == 7


def test_saving_again_replaces_the_old_index(matcher: Matcher, tmp_path: Path) -> None:
    save_index(matcher.index, tmp_path / "base")
    save_index(matcher.index.remove(["p1"]), tmp_path / "base")
    assert len(open_index(tmp_path / "base")) == 5
    assert [path.name for path in tmp_path.iterdir()] == ["base"]


def test_a_missing_index_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(IndexFault) as fault:
        open_index(tmp_path / "none")
    assert fault.value.code == "index_missing"


def test_a_cut_file_is_noticed_when_opening(matcher: Matcher, tmp_path: Path) -> None:
    save_index(matcher.index, tmp_path / "base")
    part = tmp_path / "base" / "segment000_weights.npy"
    part.write_bytes(part.read_bytes()[:-4])
    with pytest.raises(IndexFault) as fault:
        open_index(tmp_path / "base")
    assert (fault.value.code, fault.value.part) == ("index_damaged", "segment000_weights")


@pytest.mark.parametrize(("content", "code"), [("{", "index_damaged"), ('{"format": 0}', "index_version")])
def test_a_foreign_manifest_is_noticed(matcher: Matcher, tmp_path: Path, content: str, code: str) -> None:
    save_index(matcher.index, tmp_path / "base")
    (tmp_path / "base" / "manifest.json").write_text(content)
    with pytest.raises(IndexFault) as fault:
        open_index(tmp_path / "base")
    assert fault.value.code == code


def test_the_model_name_changes_with_settings_and_thesaurus(matcher: Matcher) -> None:
    others = {
        matcher_of(PATENTS, settings=Settings(k1=1.3)).model,
        Matcher(matcher.index, Thesaurus.of([Entry(("甲",), ("乙",))])).model,
        Matcher(matcher.index, Thesaurus.of([Entry(("甲",), ("丙",))])).model,
    }
    assert len(others | {matcher.model}) == 4


def test_a_base_of_one_document_can_be_searched() -> None:
    assert [hit.document_id for hit in matcher_of(PATENTS[:1]).search(DEMAND)] == ["p1"]


def test_inverse_document_frequencies_are_scikit_learns_less_one() -> None:
    def analyse(document: Document) -> list[str]:
        spans = term_spans([normalise(document.title), normalise(document.abstract)])
        return [spans.joined[start:end] for start, end in zip(spans.starts, spans.ends, strict=True)]

    titled = [document for document in PATENTS if document.title]
    vectorizer = TfidfVectorizer(analyzer=analyse).fit(titled)
    built = build_index(titled)
    places = np.searchsorted(built.vocabulary, term_keys(list(vectorizer.get_feature_names_out())))
    assert len(built.vocabulary) == len(vectorizer.vocabulary_)
    np.testing.assert_allclose(built.idf[places], vectorizer.idf_ - 1 + LEAST_IDF, rtol=1e-5)


def test_an_index_without_documents_answers_nothing_under_a_mask_too() -> None:
    matcher = Matcher(build_index([]))
    assert matcher.search(Query("", "", "鞋底开胶"), 5, []) == []
