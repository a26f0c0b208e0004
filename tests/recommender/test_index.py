"""What an index promises to whoever searches it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from recommender import Document, Index, IndexFault, Query, Settings, Thesaurus, build_index, building
from recommender.text import normalise, term_keys, term_spans
from recommender.thesaurus import Entry
from recommender.weighting import LEAST_IDF
from tests.recommender.factories import DEMAND, PATENTS, many


@pytest.fixture(scope="module")
def index() -> Index:
    return build_index(PATENTS, thesaurus=Thesaurus())


def test_the_patent_that_answers_comes_first(index: Index) -> None:
    assert index.search(DEMAND)[0].document_id == "p1"


def test_scores_lie_between_0_and_1_in_falling_order(index: Index) -> None:
    scores = [hit.score for hit in index.search(DEMAND)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores)


def test_a_patent_without_title_is_found(index: Index) -> None:
    assert index.search(Query("q", "", "纸尿裤吸得慢"))[0].document_id == "p5"


def test_a_short_word_of_two_characters_is_found(index: Index) -> None:
    assert [hit.document_id for hit in index.search(Query("q", "", "", ("紫菜",)))] == ["p6"]


def test_full_width_and_capital_letters_meet_their_plain_forms(index: Index) -> None:
    assert index.search(Query("q", "", "ＥＶＡ"))[0].document_id == "p1"


def test_batch_and_single_search_agree(index: Index) -> None:
    queries = [DEMAND, Query("d2", "", "拉链头装不准"), Query("d3", "", "", ("面料", "起球"))]
    expected = [
        (query.id, hit.document_id, pytest.approx(hit.score, abs=1e-5))
        for query in queries
        for hit in index.search(query, 3)
    ]
    assert list(index.match(queries, 3)) == expected


def test_the_answer_does_not_depend_on_how_many_segments_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = many(30)
    whole = build_index(documents)
    monkeypatch.setattr(building, "CHUNK", 7)
    monkeypatch.setattr(building, "LARGEST_SEGMENT", 14)
    cut = build_index(documents)
    assert len(cut.segments) == 3
    assert list(cut.match([DEMAND], 9)) == list(whole.match([DEMAND], 9))
    assert cut.search(DEMAND, 9) == whole.search(DEMAND, 9)


def test_of_equal_documents_the_first_ones_are_kept() -> None:
    same = [Document(f"e{number}", PATENTS[0].title, PATENTS[0].abstract) for number in range(40)]
    index = build_index([*same, *PATENTS[1:]], thesaurus=Thesaurus())
    expected = [f"e{number}" for number in range(7)]
    assert index.match([DEMAND], 7).document_ids == expected
    assert [hit.document_id for hit in index.search(DEMAND, 7)] == expected


def test_two_processes_count_as_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "CHUNK", 4)
    one, two = build_index(many(9)), build_index(many(9), workers=2)
    assert np.array_equal(one.vocabulary, two.vocabulary)
    assert np.array_equal(one.idf, two.idf)


def test_an_added_document_is_found_and_frequencies_stay_frozen(index: Index) -> None:
    larger = index.add([Document("p7", "一种紫菜压饼机", "紫菜压饼机，包括压板。")])
    assert "p7" in {hit.document_id for hit in larger.search(Query("q", "", "", ("紫菜",)))}
    assert larger.idf is index.idf
    assert (len(index), len(larger)) == (6, 7)


def test_adding_an_id_again_replaces_the_document(index: Index) -> None:
    changed = index.add([Document("p6", "一种海带切丝机", "海带切丝机，鞋底防滑。")])
    assert len(changed) == 6
    assert changed.search(Query("q", "", "", ("紫菜",))) == []
    assert changed.document("p6").title == "一种海带切丝机"


def test_adding_nothing_returns_the_same_index(index: Index) -> None:
    assert index.add([]) is index


def test_a_removed_document_is_not_found_in_single_or_batch(index: Index) -> None:
    smaller = index.remove(["p1", "unknown"])
    assert len(smaller) == 5
    assert "p1" not in smaller
    assert "p1" not in [hit.document_id for hit in smaller.search(DEMAND)]
    assert "p1" not in smaller.match([DEMAND]).document_ids
    assert "p1" in index


@pytest.mark.parametrize("as_mask", [False, True])
def test_only_allowed_documents_are_answered(index: Index, as_mask: bool) -> None:
    allowed = index.mask(["p3", "p4", "nobody"]) if as_mask else {"p3", "p4", "nobody"}
    everything = Query("q", "", "一种本发明公开了包括的运动鞋底拉链雨伞面料")
    assert {hit.document_id for hit in index.search(everything, allowed=allowed)} == {"p3", "p4"}
    assert set(index.match([everything], allowed=allowed).document_ids) == {"p3", "p4"}


def test_a_mask_of_another_length_is_refused(index: Index) -> None:
    with pytest.raises(ValueError, match="mask of 5"):
        index.search(DEMAND, allowed=np.ones(5, dtype=bool))


def test_an_empty_demand_and_an_empty_index_answer_nothing(index: Index) -> None:
    assert index.search(Query("q", "", "")) == []
    assert list(index.match([Query("q", "", "。，")])) == []
    empty = build_index([])
    assert len(empty) == 0
    assert empty.search(DEMAND) == []
    assert list(empty.match([DEMAND])) == []


def test_top_limits_the_answer(index: Index) -> None:
    for top in (1, 2, 3):
        assert len(index.search(DEMAND, top)) == top
        assert len(index.match([DEMAND], top)) == top


def test_an_opened_index_answers_as_the_saved_one(index: Index, tmp_path: Path) -> None:
    smaller = index.add([Document("p8", "一种伞骨", "伞骨防滑。")]).remove(["p2"])
    smaller.save(tmp_path / "base")
    opened = Index.open(tmp_path / "base", smaller.thesaurus)
    assert opened.search(DEMAND) == smaller.search(DEMAND)
    assert list(opened.match([DEMAND])) == list(smaller.match([DEMAND]))
    assert list(opened.ids()) == list(smaller.ids())
    assert opened.document("p1") == PATENTS[0]
    assert opened.model == smaller.model
    assert len(opened.add([Document("p9", "一种伞面", "伞面。")])) == 7


def test_saving_again_replaces_the_old_index(index: Index, tmp_path: Path) -> None:
    index.save(tmp_path / "base")
    index.remove(["p1"]).save(tmp_path / "base")
    assert len(Index.open(tmp_path / "base")) == 5
    assert [path.name for path in tmp_path.iterdir()] == ["base"]


def test_a_missing_index_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(IndexFault) as fault:
        Index.open(tmp_path / "none")
    assert fault.value.code == "index_missing"


def test_a_cut_file_is_noticed_when_opening(index: Index, tmp_path: Path) -> None:
    index.save(tmp_path / "base")
    part = tmp_path / "base" / "segment000_weights.npy"
    part.write_bytes(part.read_bytes()[:-4])
    with pytest.raises(IndexFault) as fault:
        Index.open(tmp_path / "base")
    assert (fault.value.code, fault.value.part) == ("index_damaged", "segment000_weights")


def test_one_flipped_bit_is_noticed_by_verify(index: Index, tmp_path: Path) -> None:
    index.save(tmp_path / "base")
    Index.verify(tmp_path / "base")
    part = tmp_path / "base" / "segment000_indices.npy"
    content = bytearray(part.read_bytes())
    content[-1] ^= 1
    part.write_bytes(bytes(content))
    with pytest.raises(IndexFault) as fault:
        Index.verify(tmp_path / "base")
    assert (fault.value.code, fault.value.part) == ("index_damaged", "segment000_indices")


@pytest.mark.parametrize(("content", "code"), [("{", "index_damaged"), ('{"format": 0}', "index_version")])
def test_a_foreign_manifest_is_noticed(index: Index, tmp_path: Path, content: str, code: str) -> None:
    index.save(tmp_path / "base")
    (tmp_path / "base" / "manifest.json").write_text(content)
    with pytest.raises(IndexFault) as fault:
        Index.open(tmp_path / "base")
    assert fault.value.code == code


def test_the_model_name_changes_with_settings_and_thesaurus(index: Index) -> None:
    others = {
        build_index(PATENTS, Settings(k1=1.3)).model,
        index.with_thesaurus(Thesaurus.of([Entry(("甲",), ("乙",))])).model,
        index.with_thesaurus(Thesaurus.of([Entry(("甲",), ("丙",))])).model,
    }
    assert len(others | {index.model}) == 4


def test_a_base_of_one_document_can_be_searched() -> None:
    assert [hit.document_id for hit in build_index(PATENTS[:1], thesaurus=Thesaurus()).search(DEMAND)] == ["p1"]


def test_inverse_document_frequencies_are_scikit_learns_less_one(index: Index) -> None:
    def analyse(document: Document) -> list[str]:
        spans = term_spans([normalise(document.title), normalise(document.abstract)])
        return [spans.joined[start:end] for start, end in zip(spans.starts, spans.ends, strict=True)]

    titled = [document for document in PATENTS if document.title]
    vectorizer = TfidfVectorizer(analyzer=analyse).fit(titled)
    built = build_index(titled)
    places = np.searchsorted(built.vocabulary, term_keys(list(vectorizer.get_feature_names_out())))
    assert len(built.vocabulary) == len(vectorizer.vocabulary_)
    np.testing.assert_allclose(built.idf[places], vectorizer.idf_ - 1 + LEAST_IDF, rtol=1e-5)
