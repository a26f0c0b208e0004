"""The demands nobody tuned to: their files, the base they are asked of and the measures reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from bench import later
from bench._usual import USUAL, rank_usual
from bench.later import FIRST, FOLDER, answer_rule, later_set, measured, paired_interval, read_city, score_table, table
from recommender import Document, Query, read_queries

DEMAND = '{"qid": "L01", "title": "伞翻", "text": "风一大就翻"}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "queries.jsonl").write_text(DEMAND, encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("L01\t0\tCN1\t3\nL01\t0\tCN2\t0\n", encoding="utf-8")
    return tmp_path


def test_demands_and_their_grades_are_read_together(folder: Path) -> None:
    assert later_set(folder) == ([Query("L01", "伞翻", "风一大就翻")], {"L01": {"CN1": 3, "CN2": 0}})


@pytest.mark.parametrize("line", ["L02\t0\tCN1\t0\n", "L01\t0\tCN3\t4\n", "L01\t0\tCN3\t-1\n"])
def test_grades_of_an_unknown_demand_and_grades_outside_the_scale_are_refused(folder: Path, line: str) -> None:
    with (folder / "qrels.tsv").open("a", encoding="utf-8") as stream:
        stream.write(line)
    with pytest.raises(ValueError):
        later_set(folder)


def test_a_demand_that_was_not_judged_is_refused(folder: Path) -> None:
    (folder / "queries.jsonl").write_text(DEMAND + DEMAND.replace("L01", "L02"), encoding="utf-8")
    with pytest.raises(ValueError):
        later_set(folder)


def test_the_shipped_demands_are_forty_short_texts_with_judged_pairs_and_expert_words_for_each() -> None:
    queries, grades = later_set()
    assert [query.id for query in queries] == [f"L{number:02}" for number in range(1, 41)]
    assert all(query.title and 40 <= len(query.text) <= 150 for query in queries)
    assert all(len(judged) >= 18 for judged in grades.values())
    experts = [query.id for query in read_queries(FOLDER / "expert.jsonl")]
    assert experts == [query.id for query in queries for _ in range(2)]
    assert queries[FIRST].id == "L25"


def test_every_judged_patent_stands_in_the_base(shared: Path) -> None:
    documents = later.corpus()
    numbers = {document.id for document in documents}
    assert len(numbers) == len(documents) == 18_861
    assert not [name for judged in later_set()[1].values() for name in judged if name not in numbers]


def test_a_citys_workbook_is_read_by_its_headers(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (("摘要", "申请号", "其他", "专利名称"), ("一种伞", "CN1", "x", "防风伞"), ("", "CN2", "", "鞋")):
        book.active.append(row)
    book.save(tmp_path / "city.xlsx")
    assert list(read_city(tmp_path / "city.xlsx")) == [Document("CN1", "防风伞", "一种伞"), Document("CN2", "鞋", "")]


@pytest.mark.parametrize("name", USUAL)
def test_each_usual_way_puts_the_patent_that_shares_words_first(name: str) -> None:
    documents = [
        Document("a", "胡萝卜收获机", "挖掘胡萝卜,切去叶子"),
        Document("b", "雨伞", "防风的雨伞骨架"),
        Document("c", "鞋", "鞋底防滑"),
    ]
    run = rank_usual(name, documents, [Query("q", "雨伞", "雨伞的骨架断"), Query("r", "", "xyz")], 2)
    assert run["q"][0][0] == "b"
    assert run["r"] == []


def test_measures_are_taken_of_demands_with_a_good_patent_and_unjudged_results_are_counted() -> None:
    run = {"q": [("x", 0.9), ("good", 0.8)], "none": [("y", 0.7)]}
    rows = measured(run, {"q": {"good": 3, "other": 1}, "none": {"y": 1}})
    assert list(rows) == ["q"]
    assert rows["q"]["recall@20"] == 1
    assert rows["q"]["judged@20"] == 0.5
    assert rows["q"]["ndcg@10"] < 1


def test_the_interval_is_paired_and_repeatable() -> None:
    ours, other = [0.2, 0.5, 0.9, 0.4], [0.1, 0.4, 0.8, 0.3]
    assert paired_interval(ours, other) == pytest.approx((0.1, 0.1, 0.1))
    gain, low, high = paired_interval([1, 0, 1, 0, 1], [0, 0, 0, 1, 0])
    assert gain == pytest.approx(0.4)
    assert low <= -0.2
    assert high >= 0.8
    assert paired_interval([1, 0, 1, 0, 1], [0, 0, 0, 1, 0]) == (gain, low, high)


def test_the_best_usual_way_is_chosen_for_each_measure_by_itself() -> None:
    def row(ndcg: float, recall: float) -> dict[str, dict[str, float]]:
        return {"q": {"ndcg@10": ndcg, "recall@20": recall, "p@5": 0.0, "judged@10": 1.0, "judged@20": 1.0}}

    first, second, *others = USUAL
    measures = {later.OURS: row(0.5, 0.5), later.WITHOUT: row(0.2, 0.2), first: row(0.4, 0.1), second: row(0.1, 0.7)}
    lines = table(measures | {name: row(0, 0) for name in others}).splitlines()
    assert f"- ndcg@10, ours - {first}: +0.100 (+0.100 to +0.100)" in lines
    assert f"- recall@20, ours - {second}: -0.200 (-0.200 to -0.200)" in lines


def test_the_rule_and_the_meaning_of_scores_are_counted_over_all_demands() -> None:
    run = {"kept": [("a", 0.55), ("x", 0.44)], "lost": [("b", 0.39)], "silent": [("c", 0.1)], "rubbish": [("d", 0.6)]}
    grades = {"kept": {"a": 3}, "lost": {"b": 2}, "silent": {"c": 1}, "rubbish": {"d": 0}}
    assert answer_rule(run, grades).endswith(
        "1 of 2 demands with a good patent keep their answer, 1 of 2 without one are told so"
    )
    lines = score_table(run, grades).splitlines()
    assert [line.split(" | ")[1:3] for line in lines[2:]] == [["1", "0"], ["1", "1"], ["1", "1"], ["1", "0"]]


def test_without_the_real_data_it_says_so_and_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(later, "CITY", tmp_path / "absent.xlsx")
    assert later.main([]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "MATCHHUB_SHARED" in printed.err
