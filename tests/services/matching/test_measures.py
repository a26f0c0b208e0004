"""What a score means and how precision at five goes over time, measured from answers and from labelled sets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from matchhub.cli.matching import calibrate
from matchhub.db.tables import Patent, Push, PushItem
from matchhub.errors import NotAllowed, Refusal
from matchhub.services.matching.calibration import (
    meaning_of_floor,
    measure_labelled,
    newest_labelled,
    record_calibration,
    table_of_answers,
)
from matchhub.services.matching.precision import FIRST, precision_curve
from matchhub.services.matching.thesaurus import add_entry, checked_entry
from recommender import ANSWER_FLOOR, Document, Query, wilson
from tests.services.matching.test_learning import GLUE, SOLE, answered
from tests.services.small_city import City

DOCUMENTS = [Document("a", "鞋底胶粘剂", "鞋底开胶用的胶粘剂"), Document("b", "抗风伞骨", "碳纤维伞骨")]
QUERIES = [Query("q1", "鞋底开胶", "鞋底开胶,要胶粘剂"), Query("q2", "海参病害", "海参化皮病")]
GRADES = {"q1": {"a": 2, "b": 0}, "q2": {"a": 0}}


def test_answers_make_the_table_of_this_base(city: City) -> None:
    city.post()
    city.push()
    with city.unit("operator") as unit:
        assert table_of_answers(unit).labels == 0
    answered(city, "fits")
    with city.unit("reviewer") as unit:
        table = table_of_answers(unit)
        score = unit.session.execute(select(PushItem.score).where(PushItem.patent_id == city.patent(GLUE))).scalar_one()
    (step,) = [step for step in table.steps if step.labels]
    assert (table.labels, table.good, table.firms) == (1, 1, 1) and step.low <= score <= step.high
    assert (step.at_least, step.at_most) == wilson(1, 1)
    answered(city, "too_expensive")
    with city.unit("operator") as unit:
        assert (table_of_answers(unit).labels, table_of_answers(unit).good) == (1, 0), "the newest answer speaks"


def test_answers_to_another_kind_of_model_say_nothing_of_this_one(city: City) -> None:
    city.post()
    city.push()
    answered(city, "fits")
    with city.unit() as unit:
        push = unit.session.get_one(PushItem, 1).push_id
        unit.session.get_one(Push, push).model = "another-model:1"
    with city.unit("operator") as unit:
        assert table_of_answers(unit).labels == 0


@pytest.mark.parametrize(("floor", "labels"), [(0.35, 1), (0.4, 1), (1.0, 0)])
def test_the_floor_is_told_by_the_labels_at_and_above_it(city: City, floor: float, labels: int) -> None:
    city.post()
    city.push()
    answered(city, "contact")
    with city.unit("operator") as unit:
        meaning = meaning_of_floor(table_of_answers(unit), floor)
    assert (meaning.labels, meaning.good) == (labels, labels)
    assert meaning.precision == (1.0 if labels else None)
    assert (meaning.at_least, meaning.at_most) == wilson(labels, labels)


def test_a_labelled_set_is_measured_under_the_model_in_use_and_kept(city: City) -> None:
    with city.unit("operator") as unit:
        add_entry(unit, checked_entry("黏不牢", "剥离强度"))
        table = measure_labelled(unit, DOCUMENTS, QUERIES, GRADES, "own set")
        assert table.model.startswith("tfidf-bm25f-3:") and newest_labelled(unit) is None
        record_calibration(unit, table)
    assert (table.labels, table.good) == (2, 1)
    assert (table.rule["answered"], table.rule["unanswered"], table.rule["silent"]) == (1, 1, 1)
    with city.unit("reviewer") as unit:
        kept = newest_labelled(unit)
    assert kept is not None and kept.to_json() == table.to_json()


def test_a_set_without_a_judged_pair_is_refused_and_only_the_desk_measures(city: City) -> None:
    with pytest.raises(Refusal) as refused, city.unit("operator") as unit:
        measure_labelled(unit, DOCUMENTS, QUERIES, {"q1": {"other": 1}}, "x")
    assert refused.value.code == "calibration_without_labels"
    for who in ("shoes", "college"):
        with pytest.raises(NotAllowed), city.unit(who) as unit:
            table_of_answers(unit)


def test_the_command_measures_both_and_says_what_the_floor_is(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHHUB_HOME", str(city.runtime.home))
    files = {
        "corpus": [{"id": d.id, "title": d.title, "abstract": d.abstract} for d in DOCUMENTS],
        "queries": [{"qid": q.id, "title": q.title, "text": q.text} for q in QUERIES],
    }
    for name, lines in files.items():
        (tmp_path / name).write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    (tmp_path / "qrels").write_text("q1 0 a 2\nq1 0 b 0\nq2 0 a 0\n", "utf-8")
    given = [part for name in ("corpus", "queries", "qrels") for part in (f"--{name}", str(tmp_path / name))]
    answer = json.loads(CliRunner().invoke(calibrate, [*given, "--json"], catch_exceptions=False).stdout)
    assert [table["source"] for table in answer["tables"]] == ["answers", "labelled"]
    assert answer["push_floor"] == ANSWER_FLOOR and answer["tables"][1]["labels"] == 2
    assert answer["tables"][0]["steps"][0]["precision"] is None
    with city.unit("operator") as unit:
        assert newest_labelled(unit) is not None
    assert CliRunner().invoke(calibrate, given[:2]).exit_code == 2
    assert "1" in CliRunner().invoke(calibrate, given).stdout


def test_the_curve_has_a_point_per_month_of_delivery(city: City) -> None:
    with city.unit() as unit:
        assert precision_curve(unit) == ()
    city.post()
    city.push()
    answered(city, "fits")
    city.clock.forward(days=30)
    city.post(title="防滑橡胶鞋底", text="橡胶鞋底湿滑地面防滑耐磨性不够，需要防滑耐磨橡胶鞋底。")
    city.push()
    answered(city, "not_my_field", SOLE)
    with city.unit() as unit:
        first, second = precision_curve(unit)
    assert (first.month, first.answered, first.wanted, first.precision) == ("2025-06", 1, 1, 1.0)
    assert (second.month, second.answered, second.wanted, second.precision) == ("2025-07", 1, 0, 0.0)
    assert (second.at_least, second.at_most) == wilson(0, 1) and second.firms == 1
    assert first.pushed >= first.answered and json.dumps(first.to_json())


def test_only_the_first_five_of_a_demand_are_on_the_curve(city: City) -> None:
    city.post()
    city.push()
    with city.unit() as unit:
        sent = unit.session.execute(select(PushItem.patent_id)).scalars().all()
        for patent_id in unit.session.execute(select(Patent.id)).scalars():
            if patent_id not in sent:
                row = PushItem(
                    push_id=1, patent_id=patent_id, position=2, score=0.1, floor=0.1, reasons=[], warnings=[]
                )
                unit.session.add(row)
        unit.session.flush()
        assert len(unit.session.execute(select(PushItem.id)).all()) == FIRST + 1
        assert [point.pushed for point in precision_curve(unit)] == [FIRST]
