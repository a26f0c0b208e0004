"""Patents and the firms they fit: known items, ranks, intervals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench import firms
from bench.firms import Notice, interval, own_scores, ranks, register, scope_scores, usual_scores

FIRMS = [("甲鞋业", "运动鞋生产"), ("乙伞业", "雨伞生产"), ("丙贸易", "批发")]
ASKED = [Notice("一种雨伞", "2019.02.01", (1,)), Notice("一种运动鞋", "2019.02.01", (0,))]


def test_the_holder_stands_first_where_its_scope_says_so() -> None:
    assert ranks(scope_scores(FIRMS, ASKED), ASKED).tolist() == [0.0, 0.0]
    assert ranks(usual_scores(FIRMS, ASKED, True), ASKED).tolist() == [0.0, 0.0]
    assert ranks([{}, {0: 0.5, 1: 0.5, 2: 0.9}], ASKED).tolist() == [np.inf, 1.5]


def test_only_patents_filed_before_speak_for_a_firm() -> None:
    notices = [
        Notice("雨伞骨架", "2019.01.01", (1,)),
        Notice("雨伞把手", "2019.02.01", (1,)),
        Notice("雨伞", "2019.03.01", (2,)),
    ]
    scores = own_scores(notices, [Notice("一种雨伞", "2019.02.01", (1,))])
    assert set(scores[0]) == {1}


def test_an_interval_draws_firms_with_all_their_patents() -> None:
    asked = [Notice("", "", (1,))] * 5 + [Notice("", "", (2,))] * 5
    assert interval(np.array([True] * 5 + [False] * 5), asked) == (0.0, 1.0)


def test_the_real_set(shared: object) -> None:
    found = [notice for notice in firms.bulletin(register()) if notice.firms]
    assert len(found) >= 50 and len({notice.firms[0] for notice in found}) >= 23


def test_without_the_register_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(firms, "REGISTER", tmp_path / "absent.csv")
    assert firms.main() == 0 and "absent" in capsys.readouterr().err
