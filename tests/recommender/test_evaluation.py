"""The measures by hand, the files, and the quality goals on the shared sets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.calibration import choose_floor
from recommender import Matcher, Query, build_index, evaluate, judge_rule, read_corpus, read_qrels, read_queries
from recommender.evaluation import EvaluationFault, least_relevant, measure, ndcg, query_measures, rank_all
from recommender.records import Document
from tests.recommender.factories import PATENTS


def test_ndcg_by_hand() -> None:
    grades = {"a": 3, "b": 2, "c": 1}
    ideal = 7 / 1 + 3 / 1.5849625 + 1 / 2
    assert ndcg(["b", "x", "a"], grades) == pytest.approx((3 / 1 + 7 / 2) / ideal)
    assert ndcg(["a", "b", "c"], grades) == pytest.approx(1.0)
    assert ndcg(["x"], {"x": 0}) == 0.0


def test_measures_of_one_query_by_hand() -> None:
    ranked = [f"n{number}" for number in range(10)] + ["b"]
    measures = query_measures(["x", "a", *ranked[2:]], {"a": 2, "b": 3, "x": 0}, 2)
    assert (measures["recall@1"], measures["recall@10"], measures["recall@20"]) == (0, 0.5, 1.0)
    assert measures["mrr@10"] == 0.5
    assert measures["p@5"] == 0.2
    assert measures["judged@10"] == 0.2


@pytest.mark.parametrize(("rank", "expected"), [(9, 1 / 9), (10, 1 / 10), (11, 0.0)])
def test_reciprocal_rank_ends_at_10(rank: int, expected: float) -> None:
    ranked = [f"n{number}" for number in range(1, rank)] + ["a"]
    assert query_measures(ranked, {"a": 1}, 1)["mrr@10"] == expected


@pytest.mark.parametrize(("grades", "least"), [({"a": 1}, 1), ({"a": 2}, 2), ({"a": 3, "b": 1}, 2), ({}, 1)])
def test_relevant_means_2_in_graded_sets_and_1_elsewhere(grades: dict[str, int], least: int) -> None:
    assert least_relevant({"q": grades}) == least


def test_only_queries_with_a_relevant_document_count() -> None:
    result = measure({"q": [("a", 1.0)]}, {"q": {"a": 3}, "unanswered": {"a": 1}, "silent": {"b": 2}})
    assert result["queries"] == 2
    assert result["recall@1"] == 0.5


def write(path: Path, lines: list[object]) -> Path:
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def test_files_are_read_evaluated_and_the_run_written(tmp_path: Path) -> None:
    corpus = write(
        tmp_path / "c.jsonl", [{"id": one.id, "title": one.title, "abstract": one.abstract} for one in PATENTS]
    )
    queries = write(
        tmp_path / "q.jsonl",
        [
            {"qid": "k", "keywords": ["雨伞", "弹簧"]},
            {"qid": "t", "text": "紫菜烘干"},
            {"qid": "d", "title": "鞋底打滑", "text": "想找防滑鞋底"},
            {"qid": "unjudged", "text": "x"},
        ],
    )
    (tmp_path / "r.tsv").write_text("k 0 p3 1\nt\t0\tp6\t1\nd 0 p1 1\n", encoding="utf-8")
    result = evaluate(read_corpus(corpus), read_queries(queries), read_qrels(tmp_path / "r.tsv"), tmp_path / "out.trec")
    assert list(result) == [
        "queries",
        "recall@1",
        "recall@10",
        "recall@20",
        "recall@50",
        "mrr@10",
        "p@5",
        "ndcg@10",
        "judged@10",
        "seconds",
    ]
    assert (result["queries"], result["mrr@10"], result["ndcg@10"]) == (3, 1.0, 1.0)
    first = (tmp_path / "out.trec").read_text(encoding="utf-8").splitlines()[0].split()
    assert (first[0], first[1], first[2], first[3], len(first)) == ("k", "Q0", "p3", "1", 6)


def test_demands_keyword_lists_and_texts_are_told_apart(tmp_path: Path) -> None:
    lines = [{"qid": "d", "title": "甲", "text": "乙"}, {"qid": "k", "keywords": ["丙"]}, {"qid": "t", "text": "丁"}]
    assert read_queries(write(tmp_path / "q.jsonl", lines)) == [
        Query("d", "甲", "乙"),
        Query("k", "", "", ("丙",)),
        Query("t", "", "丁"),
    ]


@pytest.mark.parametrize("line", ["{", "[]", '{"title": "x"}'])
def test_a_damaged_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text('{"id": "a"}\n' + line, encoding="utf-8")
    with pytest.raises(EvaluationFault) as fault:
        read_corpus(path)
    assert (fault.value.code, fault.value.file, fault.value.line) == ("evaluation_line", "c.jsonl", 2)


def test_a_damaged_qrels_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "r.tsv").write_text("q 0 a 1\nq 0 a\n", encoding="utf-8")
    with pytest.raises(EvaluationFault) as fault:
        read_qrels(tmp_path / "r.tsv")
    assert fault.value.line == 2


def test_keyword_lists_find_their_patent_as_well_as_promised(shared: Path) -> None:
    from bench.quality import keyword_set

    documents, queries, grades = keyword_set()
    result = evaluate(documents, queries, grades)
    assert result["queries"] == 1000
    assert result["mrr@10"] >= 0.76


@pytest.fixture(scope="module")
def demand_matcher(shared: Path) -> Matcher:
    from bench.quality import demand_set

    return Matcher(build_index(demand_set()[0]))


def test_demands_in_shop_floor_words_find_patents_as_well_as_promised(shared: Path, demand_matcher: Matcher) -> None:
    from bench.quality import demand_set

    _, queries, grades = demand_set()
    result = measure(rank_all(demand_matcher, queries), grades)
    assert result["queries"] == 38
    assert result["ndcg@10"] >= 0.60
    assert result["recall@20"] >= 0.72


def test_no_good_match_yet_is_right_more_often_than_not(shared: Path, demand_matcher: Matcher) -> None:
    from bench.quality import demand_set, has_answers

    exists = has_answers()
    queries = demand_set()[1]
    scores = {qid: score for qid, _, score in demand_matcher.match(queries, 1)}
    best = [(scores.get(query.id, 0.0), exists[query.id]) for query in queries]
    rule = judge_rule(best, choose_floor(best))
    assert rule.silent / rule.unanswered >= 0.66
    assert rule.kept / rule.answered >= 0.66


def test_labels_of_queries_that_were_not_asked_change_nothing(tmp_path: Path) -> None:
    corpus = [Document("a", "防滑鞋底", ""), Document("b", "尼龙拉链", "")]
    labels = {"q1": {"a": 1}, "q2": {"b": 1}}
    one = evaluate(corpus, [Query("q1", "", "鞋底防滑")], labels)
    assert (one["queries"], one["mrr@10"]) == (1, 1.0)
