"""Training: three enterprises teach a word, one alone moves nobody, a corrected answer unlearns, a struck word stays."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from matchhub.cli.matching import train as train_command
from matchhub.db.tables import (
    Deal,
    DealEvent,
    DealPatent,
    Demand,
    LearnedEntry,
    LogEntry,
    MatchRun,
    Push,
    PushAnswer,
    PushItem,
    Thread,
)
from matchhub.domain.records import EnterpriseRecord, Row, Source
from matchhub.errors import NotAllowed, NotFound
from matchhub.services.kernel.runtime import open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import SYSTEM
from matchhub.services.matching.learned import LearnedView, learned_views, strike_out
from matchhub.services.matching.results import match_demand
from matchhub.services.matching.runs import match_is_due, run_match
from matchhub.services.matching.store import current_matcher, refresh_index
from matchhub.services.matching.thesaurus import add_entry, checked_entry
from matchhub.services.matching.thesaurus_effect import effect_of_adding
from matchhub.services.matching.training import Learned, TrainingSummary, learn, train
from matchhub.services.parties.recorders import EnterpriseRecorder
from matchhub.services.patents.recorder import PatentRecorder
from recommender.learning import MOST_TRUST
from tests.domain.factories import uscc
from tests.services import small_city
from tests.services.small_city import City

SLANG, MEANT = "分家", "剥离强度"
TARGET = "一种木门复合工艺"
KINDS = ("聚氨酯", "氯丁橡胶", "环氧树脂", "丙烯酸酯")
GLUES = tuple(f"一种{kind}胶粘剂" for kind in KINDS)
THINGS = ("茶叶烘干", "紫菜清洗", "石材切割", "卫浴龙头", "雨伞开收", "陶瓷窑炉", "服装裁剪", "包装封口", "海带养殖")


@pytest.fixture(scope="module")
def built_town(built_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city with more patents, so that a word may be rare, and with firms 0 to 7, built once for this file."""
    home = tmp_path_factory.mktemp("town") / "home"
    shutil.copytree(built_city, home)
    runtime, _ = open_runtime(Settings(home, f"sqlite:///{home / 'matchhub.db'}", "a key for tests only"), create=False)
    runtime.clock = small_city.Clock()
    more = [(f"一种{thing}装置{n}", f"本发明公开了一种{thing}装置。") for n in range(9) for thing in THINGS]
    more += [(title, f"本发明公开了{title}，剥离强度高。") for title in GLUES] + [(TARGET, "复合木板，剥离强度好。")]
    with runtime.unit(SYSTEM) as unit:
        firms = [
            EnterpriseRecord(Source("more", n), name=f"晋江市第{n}皮革有限公司", uscc=uscc(n + 10)) for n in range(8)
        ]
        EnterpriseRecorder(unit, None).record([Row(row.source, row) for row in firms])
        rows = [
            small_city._patent(line, title, abstract, "某校", "C09J 5/00", "in_force", ())
            for line, (title, abstract) in enumerate(more, 10)
        ]
        PatentRecorder(unit, None).record([Row(row.source, row) for row in rows])
    with runtime.unit(SYSTEM, write=False) as unit:
        refresh_index(unit)
    runtime.close()
    return home


@pytest.fixture
def town(built_town: Path, tmp_path: Path) -> Iterator[City]:
    """A copy of the town for one test."""
    with small_city.opened_copy(built_town, tmp_path / "town") as opened:
        yield opened


def demand_of(city: City, firm: int, text: str) -> int:
    with city.unit() as unit:
        row = Demand(
            enterprise_id=city.firm(f"晋江市第{firm}皮革有限公司"), title=text, text=text, text_key=f"{firm}:{text}",
            ipc=[], posted_on=unit.today, state="verified", updated_at=unit.now, recorded_at=unit.now,
        )  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        return row.id


TEXTS = ("童鞋穿几天就分家", "雨伞布边缘分家", "箱包贴皮分家", "皮带容易分家")


def answer(city: City, firm: int, code: str = "fits", title: str = "", text: str = "", item: int = 0) -> int:
    """A pushed patent with a coded answer of one firm, or a further answer to the same item; returns the item."""
    patent = city.patent(title or GLUES[firm % 4])
    demand = 0 if item else demand_of(city, firm, text or TEXTS[firm % 4])
    with city.unit() as unit:
        if not item:
            key = f"{firm}:{demand}:{patent}"
            push = Push(
                enterprise_id=city.firm(f"晋江市第{firm}皮革有限公司"), demand_id=demand, model="m", unique_key=key,
                message_id=key, token_hash=key, due_on=unit.today, state="delivered", recorded_at=unit.now,
            )  # fmt: skip
            unit.session.add(push)
            unit.session.flush()
            row = PushItem(push_id=push.id, patent_id=patent, position=1, score=0.5, floor=0.3, reasons=[], warnings=[])
            unit.session.add(row)
            unit.session.flush()
            item = row.id
        unit.session.add(PushAnswer(item_id=item, code=code, recorded_at=unit.now))
    return item


def trained(city: City) -> TrainingSummary:
    with city.runtime.unit(city.actors["operator"], write=False) as unit:
        lesson = learn(unit)
    with city.unit("operator") as unit:
        return train(unit, lesson)


def views(city: City) -> list[LearnedView]:
    with city.unit("reviewer") as unit:
        return list(learned_views(unit))


def learned(city: City) -> set[tuple[str, str]]:
    return {(view.plain, view.patent_word) for view in views(city) if view.struck_at is None}


def ranking(city: City, demand_id: int) -> list[tuple[str, float]]:
    with city.unit() as unit:
        return [(hit.title, hit.score) for hit in match_demand(unit, demand_id, 50).results]


def taught(city: City) -> list[int]:
    return [answer(city, firm) for firm in range(3)]


@pytest.mark.parametrize("firms", [2, 3])
def test_three_enterprises_teach_a_word_and_the_next_match_uses_and_names_it(town: City, firms: int) -> None:
    asking = demand_of(town, 7, "书柜侧边分家")
    before = ranking(town, asking)
    assert dict(before).get(TARGET, 0.0) < 0.01
    for firm in range(firms):
        answer(town, firm)
    assert ranking(town, asking) == before, "nothing is learned for everybody before the training"
    summary = trained(town)
    assert (summary.accepted, summary.firms, summary.words == 0) == (firms, firms, firms < 3)
    if firms < 3:
        assert ranking(town, asking) == before
        return
    assert (SLANG, MEANT) in learned(town)
    with town.unit() as unit:
        hits = match_demand(unit, asking, 50).results
    for hit in hits:
        assert sum(reason.weight for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-9)
    (hit,) = [hit for hit in hits if hit.title == TARGET]
    assert ("learned", SLANG, MEANT) in {(r.feature, r.demand_text, r.patent_text) for r in hit.reasons}


def test_answers_of_one_enterprise_are_one_vote_however_many(town: City) -> None:
    asking = demand_of(town, 7, "书柜侧边分家")
    before = ranking(town, asking)
    for title in GLUES:
        for text in TEXTS:
            answer(town, 0, title=title, text=text)
    assert trained(town).words == 0
    assert ranking(town, asking) == before


@pytest.mark.parametrize("code", ["fits", "not_my_field"])
def test_one_loud_enterprise_does_not_move_what_three_others_taught(town: City, code: str) -> None:
    taught(town)
    trained(town)
    asking = demand_of(town, 7, "书柜侧边分家")
    before, words = ranking(town, asking), learned(town)
    for title in (*GLUES, TARGET, "一种紫菜清洗装置3", "一种石材切割装置5"):
        for text in TEXTS:
            answer(town, 5, code, title, text)
    trained(town)
    assert learned(town) == words
    assert [score for _, score in ranking(town, asking)] == pytest.approx([s for _, s in before], abs=0.05)
    if code == "not_my_field":
        assert ranking(town, asking) == before


def test_a_corrected_answer_unlearns_at_the_next_training_and_stays_on_record(town: City) -> None:
    items = taught(town)
    asking = demand_of(town, 7, "书柜侧边分家")
    before = ranking(town, asking)
    with town.unit() as unit:
        plain = current_matcher(unit).model
    assert trained(town).model != plain
    town.clock.forward(days=1)
    answer(town, 0, "not_my_field", item=items[0])
    summary = trained(town)
    assert (summary.words, summary.model) == (0, plain) and summary.unlearned >= 1
    assert ranking(town, asking) == before
    with town.unit() as unit:
        rows = list(unit.session.execute(select(LearnedEntry)).scalars())
        assert rows and {row.withdrawn_reason for row in rows} == {"unlearned"}
        assert {row.withdrawn_at for row in rows} == {unit.now}


def test_answers_about_price_and_time_neither_teach_nor_contradict(town: City) -> None:
    items = [*taught(town), answer(town, 3, "too_expensive")]
    summary = trained(town)
    assert (summary.accepted, summary.declined) == (3, 0)
    answer(town, 0, "too_early", item=items[0])
    assert trained(town).accepted == 2


def test_the_matches_of_a_word_are_told_with_the_enterprises_behind_them(town: City) -> None:
    taught(town)
    trained(town)
    (view,) = [view for view in views(town) if (view.plain, view.patent_word) == (SLANG, MEANT)]
    assert (view.firms, view.against, view.trust < MOST_TRUST) == (3, 0, True)
    told = [(source.enterprise, source.demand, source.patent) for source in view.sources]
    assert told == [(f"晋江市第{n}皮革有限公司", TEXTS[n], GLUES[n]) for n in range(3)]
    for who in ("shoes", "college"):
        with pytest.raises(NotAllowed), town.unit(who) as unit:
            learned_views(unit)


def test_a_word_struck_out_is_never_learned_again_and_the_act_is_on_record(town: City) -> None:
    taught(town)
    trained(town)
    (view,) = [view for view in views(town) if (view.plain, view.patent_word) == (SLANG, MEANT)]
    with pytest.raises(NotAllowed), town.unit("reviewer") as unit:
        strike_out(unit, view.id)
    with town.unit("operator") as unit:
        strike_out(unit, view.id, "巧合")
    assert (SLANG, MEANT) not in learned(town)
    trained(town)
    answer(town, 3)
    trained(town)
    assert (SLANG, MEANT) not in learned(town)
    (struck,) = [each for each in views(town) if each.struck_at is not None]
    assert (struck.id, struck.reason) == (view.id, "巧合")
    with town.unit() as unit:
        logged = select(func.count()).where(LogEntry.verb == "words.struck")
        assert unit.session.execute(logged).scalar() == 1
    with pytest.raises(NotFound), town.unit("operator") as unit:
        strike_out(unit, view.id)


def test_more_support_is_a_new_row_and_the_same_support_none(town: City) -> None:
    taught(town)
    trained(town)
    with town.unit() as unit:
        count = unit.session.execute(select(func.count()).select_from(LearnedEntry)).scalar()
    assert trained(town).learned == 0
    with town.unit() as unit:
        assert unit.session.execute(select(func.count()).select_from(LearnedEntry)).scalar() == count
    answer(town, 3)
    trained(town)
    rows = {row.firms: row.withdrawn_reason for row in rows_of(town, SLANG, MEANT)}
    assert rows == {3: "renewed", 4: None}


def rows_of(city: City, plain: str, patent_word: str) -> list[LearnedEntry]:
    with city.unit() as unit:
        chosen = select(LearnedEntry).where(LearnedEntry.plain == plain, LearnedEntry.patent_word == patent_word)
        rows = list(unit.session.execute(chosen).scalars())
        unit.session.expunge_all()
        return rows


def test_a_run_says_by_its_model_which_words_it_used_and_is_due_after_training(town: City) -> None:
    with town.unit("operator") as unit:
        first = run_match(unit).model
    taught(town)
    town.clock.forward(minutes=1)
    summary = trained(town)
    with town.unit() as unit:
        assert match_is_due(unit)
    with town.unit("operator") as unit:
        run = run_match(unit)
        assert unit.session.get_one(MatchRun, run.run_id).model == run.model == summary.model != first
        assert unit.pack.pushes.floor_of(run.model) == unit.pack.pushes.floor_of(first) is not None


def test_negotiations_and_standing_deals_teach_as_answers_do(town: City) -> None:
    answer(town, 0)
    demands = [demand_of(town, firm, TEXTS[firm]) for firm in range(3)]
    firm = town.firm("晋江市第1皮革有限公司")
    with town.unit() as unit:
        spoken: dict[str, Any] = {"recorded_at": unit.now, "updated_at": unit.now}
        patent = town.patent(GLUES[1])
        unit.session.add(
            Thread(unique_key="t", demand_id=demands[1], patent_id=patent, enterprise_id=firm, opened_by_side="enterprise",
                   **spoken)
        )  # fmt: skip
        deal = Deal(identity_key="d", deal_type="transfer", demand_id=demands[2], **spoken)
        unit.session.add(deal)
        unit.session.flush()
        unit.session.add(DealPatent(deal_id=deal.id, patent_id=town.patent(GLUES[2])))
        deal_id = deal.id
    assert trained(town).accepted == 3 and (SLANG, MEANT) in learned(town)
    with town.unit() as unit:
        unit.session.add(
            DealEvent(deal_id=deal_id, event="cancelled", occurred_on=date(2025, 6, 2), recorded_at=unit.now)
        )
    assert trained(town).accepted == 2 and (SLANG, MEANT) not in learned(town)


def test_the_operators_own_entry_takes_the_learned_words_place(town: City) -> None:
    taught(town)
    trained(town)
    for trust in (0.0, 1.0):
        with town.unit("operator") as unit:
            add_entry(unit, checked_entry(SLANG, MEANT, trust))
            thesaurus = current_matcher(unit).thesaurus
        assert thesaurus.learned is None or MEANT not in thesaurus.learned.meanings.get(SLANG, {})


def test_the_effect_of_an_entry_is_measured_beside_the_learned_words(town: City) -> None:
    taught(town)
    trained(town)
    with town.unit("operator") as unit:
        effect = effect_of_adding(unit, checked_entry("哗啦头", "拉链"), text="书柜侧边分家")
        assert effect.model_without == current_matcher(unit).model


def test_training_is_the_operators_and_the_command_tells_what_it_did(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("shoes", "college", "reviewer"):
        with pytest.raises(NotAllowed), town.unit(who) as unit:
            learn(unit)
        with pytest.raises(NotAllowed), town.unit(who) as unit:
            train(unit, Learned({}, []))
    taught(town)
    monkeypatch.setenv("MATCHHUB_HOME", str(town.runtime.settings.home))
    done = CliRunner().invoke(train_command, ["--json"])
    told = json.loads(done.output)
    assert (told["accepted"], told["firms"], told["words"] > 0) == (3, 3, True)
    assert "学习" in CliRunner().invoke(train_command, []).output
