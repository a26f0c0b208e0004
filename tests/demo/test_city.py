"""The demo city as it stands after loading."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from matchhub.db.base import Base
from matchhub.db.tables import (
    Account,
    Deal,
    Demand,
    Enterprise,
    EvidenceFile,
    LogEntry,
    Organisation,
    Patent,
    PatentClass,
    PatentHolder,
    Push,
)
from matchhub.demo import DEMO_ACCOUNTS, DemoAccount, load_demo
from matchhub.demo.city import LAST_DAY
from matchhub.demo.deals import Bargains
from matchhub.demo.sizes import SMALL, Sizes, full_sizes
from matchhub.domain.counting.progress import Progress
from matchhub.domain.records import EnterpriseRecord, Row, Source
from matchhub.errors import Conflict
from matchhub.services.accounts.accounts import actor_of, sign_in
from matchhub.services.counting.awards.estimating import estimate_awards
from matchhub.services.counting.counts import count_progress, question
from matchhub.services.imports.batch import import_rows
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.event_log import verify_log
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.results import match_text
from matchhub.services.matching.store import freshness
from tests.demo.conftest import Loaded, empty, loaded
from tests.services.pushes.read_inbox import inbox_of

PROMISED = {"patents": 300, "enterprises": 80, "experts": 40, "agencies": 20, "demands": 100}
STRICT = {
    "patents": "patents", "enterprises": "enterprises", "experts": "experts", "agencies": "agencies",
    "local_demands": "demands", "pushes": "pushes", "invention_deals": "deals", "open_licence_offers": "offers",
    "open_licences": "licences",
}  # fmt: skip
# A reason against a record that some screen must have to show, by threshold.
SHOWN = {
    "patents": {"patent_dead", "patent_status_stale", "patent_status_unknown", "patent_term_ended", "duplicate_record",
                "patent_applicant_missing", "patent_class_missing", "patent_title_missing"},
    "enterprises": {"enterprise_category_missing", "enterprise_cloned", "enterprise_category_not_valid",
                    "enterprise_category_term_unknown", "enterprise_category_unproven", "uscc_missing"},
    "experts": {"expert_consent_missing", "expert_field_missing", "expert_standing_missing"},
    "agencies": {"agency_contact_missing", "agency_identity_missing", "agency_licence_missing",
                 "agency_services_missing"},
    "local_demands": {"demand_not_authorised", "demand_repetition", "record_withdrawn", "demand_target_missing",
                      "demand_valid_until_missing", "demand_aim_missing", "demand_budget_missing",
                      "demand_contact_unnamed", "demand_contact_unreachable", "demand_enterprise_not_local",
                      "demand_expired", "demand_field_missing", "demand_form_missing", "demand_locality_undecided",
                      "demand_object_missing", "demand_problem_missing", "demand_repetition_review"},
    "pushes": {"push_not_delivered", "push_only_written", "record_rejected"},
    "invention_deals": {"confirmation_missing", "deal_unregistered", "deal_platform_event_too_late", "payment_missing",
                        "confirmation_by_entrant", "confirmation_without_second_factor", "deal_cancelled",
                        "deal_not_invention", "deal_patent_dead", "deal_register_event_wrong", "deal_resale",
                        "deal_seller_not_owner", "deal_without_platform_event", "event_before_window",
                        "parties_affiliated", "payment_proof_lost", "payment_proof_missing",
                        "record_rejected", "record_withdrawn", "recorded_late", "contract_undocumented",
                        "payment_undocumented", "registration_undocumented", "payment_token",
                        "recorded_late_unconfirmed"},
    "open_licence_offers": {"duplicate_record", "event_before_window", "offer_announcement_missing",
                            "offer_declaration_withdrawn", "offer_industry_missing", "offer_industry_unexplained",
                            "offer_declaration_unproven", "offer_holder_not_on_patent", "offer_patent_dead", "offer_patent_not_granted", "offer_platform_missing",
                            "offer_regime_missing", "offer_regime_out_of_time"},
    "open_licences": {"licence_filed_late", "licence_filing_overdue", "licence_licensee_not_local",
                      "licence_locality_undecided", "licence_notice_missing", "licence_without_offer",
                      "parties_missing", "payment_missing", "payment_proof_missing", "notice_undocumented",
                      "payment_undocumented", "filing_undocumented", "payment_token", "confirmation_missing",
                      "affiliation_unknown"},
}  # fmt: skip


def counted(runtime: Runtime) -> Progress:
    with runtime.unit(write=False) as unit:
        return count_progress(unit, question(unit, as_of=LAST_DAY))


def strictly(progress: Progress) -> dict[str, int]:
    return {each.threshold.key: each.count.strict for goal in progress.goals for each in goal.thresholds}


def wanted(sizes: Sizes) -> dict[str, int]:
    return {threshold: getattr(sizes, name) for threshold, name in STRICT.items()}


@pytest.fixture(scope="session")
def progress(small: Loaded) -> Progress:
    return counted(small.runtime)


@pytest.mark.parametrize(("kind", "least"), PROMISED.items())
def test_the_small_city_has_what_was_promised(small: Loaded, kind: str, least: int) -> None:
    assert small.counts[kind] >= least


def test_the_answer_tells_every_kind(small: Loaded) -> None:
    assert set(small.counts) == {*PROMISED, "pushes", "deals", "offers", "licences"}


@pytest.mark.parametrize(("kind", "table"), [("patents", Patent), ("demands", Demand), ("pushes", Push),
                                             ("deals", Deal), ("enterprises", Enterprise)])  # fmt: skip
def test_the_answer_is_the_number_of_rows(small: Loaded, kind: str, table: type[Base]) -> None:
    with small.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(func.count()).select_from(table)).scalar() == small.counts[kind]


def test_as_many_count_strictly_as_the_sizes_say(progress: Progress) -> None:
    assert strictly(progress) == wanted(SMALL)


@pytest.mark.parametrize("threshold", SHOWN)
def test_nearly_every_reason_is_to_be_seen(progress: Progress, threshold: str) -> None:
    assert SHOWN[threshold] - set(progress.threshold(threshold).reasons) == set()


def test_every_markable_row_is_marked_as_demo(small: Loaded) -> None:
    with small.runtime.unit(write=False) as unit:
        unmarked = {
            name: unit.session.execute(select(func.count()).where(table.c.demo.is_(False))).scalar()
            for name, table in Base.metadata.tables.items()
            if "demo" in table.c
        }
    assert {name: number for name, number in unmarked.items() if number} == {}


@pytest.mark.parametrize(("kind", "papers"), [
    ("deals", {"contract", "conformity_notice", "bank_slip", "service_agreement", "service_slip", "code_certificate"}),
    ("licences", {"contract", "notice", "filing_certificate", "bank_slip", "code_certificate"}),
])  # fmt: skip
def test_records_have_every_paper_that_is_handed_in_with_them(small: Loaded, kind: str, papers: set[str]) -> None:
    with small.runtime.unit(write=False) as unit:
        kept = select(EvidenceFile.paper_kind).where(EvidenceFile.subject_kind == kind).distinct()
        assert set(unit.session.execute(kept).scalars()) == papers


def test_every_clause_pays_something_and_each_of_its_boundaries_is_seen(small: Loaded) -> None:
    with _afterwards(small.runtime).unit(write=False) as unit:
        lines = [each.estimate for each in estimate_awards(unit, LAST_DAY)]
        paying = {each.clause.key for each in lines if each.strict_yuan}
        assert paying == {each.key for each in unit.pack.awards}
    said = {(each.clause.key, remark.code) for each in lines for remark in each.remarks}
    assert {("purchase", "award_at_cap"), ("purchase", "award_capped"), ("agency", "award_at_cap"),
            ("agency", "award_capped"), ("agency", "award_at_threshold"), ("agency", "award_threshold_missed")} <= said  # fmt: skip
    sums = {each.base for each in lines if each.clause.key == "agency"}
    assert {Decimal(8_000_000 + side) for side in (-1, 0, 1)} <= sums
    put_to_use = {sum({row.record_id: row.implemented for row in each.rows}.values()): bool(each.amount_yuan)
                  for each in lines if each.clause.key == "agency" and each.base < 8_000_000 and each.year == 2024}  # fmt: skip
    assert {49: False, 50: True, 51: True}.items() <= put_to_use.items()


def test_the_log_bears_the_moments_that_the_story_plays_at(small: Loaded) -> None:
    with small.runtime.unit(write=False) as unit:
        moments = unit.session.execute(select(LogEntry.recorded_at, LogEntry.appended_at).order_by(LogEntry.id)).all()
    appended = [each for _, each in moments]
    assert appended == sorted(appended) and all(recorded <= at for recorded, at in moments)
    assert moments[-1].appended_at.year == moments[-1].recorded_at.year == LAST_DAY.year


@pytest.mark.parametrize(("column", "states"), [
    (Push.state, {"planned", "delivered", "written", "failed", "suppressed"}),
    (Demand.state, {"submitted", "verified", "returned", "solved", "withdrawn"}),
])  # fmt: skip
def test_every_state_is_there(small: Loaded, column: object, states: set[str]) -> None:
    with small.runtime.unit(write=False) as unit:
        assert set(unit.session.execute(select(column).distinct()).scalars()) == states  # type: ignore[call-overload]


def test_everything_was_recorded_inside_the_window_and_in_order(small: Loaded) -> None:
    with small.runtime.unit(write=False) as unit:
        first, last = unit.session.execute(select(func.min(LogEntry.recorded_at), func.max(LogEntry.recorded_at))).one()
        check = verify_log(unit)
    assert check.valid and check.entries > 300
    assert datetime(2023, 1, 1, tzinfo=UTC) < first < last < datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(("said", "expected"), [
    ("运动鞋穿两个月鞋底开胶,求粘得牢的胶水", ("C09J", "A43")),
    ("羽绒服拉链拉头老是卡布拉不动", ("A44B",)),
    ("宝宝纸尿裤返渗,表面潮湿", ("A61F",)),
    ("台风天雨伞一吹就翻面", ("A45B",)),
    ("紫菜有沙子洗不干净", ("A23L", "A23N", "B07C")),
    ("瓷砖釉面有针孔", ("C03C", "C04B")),
])  # fmt: skip
def test_the_best_matches_are_of_the_right_trade(small: Loaded, said: str, expected: tuple[str, ...]) -> None:
    with small.runtime.unit(write=False) as unit:
        hits = match_text(unit, said, top=5).results
        classes = [symbol for hit in hits for symbol in _classes(unit, hit.patent_id)]
    assert len(hits) == 5 and all(hit.reasons for hit in hits)
    assert all(symbol.startswith(expected) for symbol in classes)


def _classes(unit: Unit, patent_id: int) -> list[str]:
    chosen = select(PatentClass.symbol).where(PatentClass.patent_id == patent_id, PatentClass.position == 0)
    return list(unit.session.execute(chosen).scalars())


def _afterwards(runtime: Runtime) -> Runtime:
    """The same installation on the last evening of the window, whatever day it is now."""
    return replace(runtime, clock=lambda: datetime(2025, 12, 31, 12, tzinfo=UTC))


@pytest.mark.parametrize("account", DEMO_ACCOUNTS, ids=lambda account: account.login)
def test_every_account_can_sign_in_with_its_role(small: Loaded, account: DemoAccount) -> None:
    token = sign_in(_afterwards(small.runtime), account.login, account.password, "127.0.0.1")
    with _afterwards(small.runtime).unit(write=False) as unit:
        actor = actor_of(unit, token)
    assert actor is not None and actor.role == account.role


def test_the_enterprise_has_an_inbox_with_an_answer(small: Loaded) -> None:
    token = sign_in(_afterwards(small.runtime), "enterprise", "demo-jinjiang", "127.0.0.1")
    with _afterwards(small.runtime).unit(write=False) as unit:
        actor = actor_of(unit, token)
        assert actor is not None
    with small.runtime.unit(actor, write=False) as unit:
        pushes = inbox_of(unit)
    assert len(pushes) >= 3
    assert any(item.answer for push in pushes for item in push.items)


def test_the_institution_holds_patents(small: Loaded) -> None:
    with small.runtime.unit(write=False) as unit:
        key = unit.session.execute(
            select(Organisation.name_key).join(Account, Account.organisation_id == Organisation.id)
            .where(Account.login == "institution")
        ).scalar_one()  # fmt: skip
        held = select(func.count()).where(PatentHolder.name_key == key, PatentHolder.role == "applicant")
        assert (unit.session.execute(held).scalar() or 0) >= 10


def test_no_mail_was_written(small: Loaded) -> None:
    assert not (small.runtime.home / "outbox").exists()


def test_a_second_load_is_refused_and_changes_nothing(small: Loaded) -> None:
    with pytest.raises(Conflict) as refused:
        load_demo(small.runtime, full=True, progress=lambda text: None)
    assert refused.value.code == "demo_already_loaded"
    with small.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(func.count()).select_from(Patent)).scalar() == small.counts["patents"]


def real_firm() -> Row:
    source = Source("real.xlsx", 2)
    return Row(source, EnterpriseRecord(source, name="某某有限公司", uscc="91350582MA2YB4H50K"))


def test_a_base_with_real_rows_refuses_the_demo(tmp_path: Path) -> None:
    runtime = empty(tmp_path)
    with runtime.unit() as unit:
        import_rows(unit, "enterprises", [real_firm()])
    with pytest.raises(Conflict) as refused:
        load_demo(runtime, full=False, progress=lambda text: None)
    assert refused.value.code == "demo_in_real_base"


class Undone(Exception):
    """The base is shared: what a test records is taken back."""


def test_a_real_row_in_the_demo_is_marked_as_demo(small: Loaded) -> None:
    with pytest.raises(Undone), small.runtime.unit() as unit:
        taken = import_rows(unit, "enterprises", [real_firm()])
        assert taken.demo and taken.sums["created"] == 1
        assert not holds_rows(unit, demo=False)
        raise Undone


def test_a_failure_in_the_middle_leaves_an_empty_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*values: object) -> None:
        raise RuntimeError("the power went off")

    monkeypatch.setattr(Bargains, "fill", fail)
    runtime = empty(tmp_path)
    with pytest.raises(RuntimeError):
        load_demo(runtime, full=False, progress=lambda text: None)
    with runtime.unit(write=False) as unit:
        assert not holds_rows(unit, demo=True)
        assert unit.session.execute(select(func.count()).select_from(LogEntry)).scalar() == 0
        assert freshness(unit) == (None, 0)


def test_the_same_city_comes_out_every_time(small: Loaded, tmp_path: Path) -> None:
    again = loaded(tmp_path)
    assert again.counts == small.counts
    assert _picture(again.runtime) == _picture(small.runtime)


def _picture(runtime: Runtime) -> list[list[tuple[object, ...]]]:
    """What a visitor would see, without the random parts (passwords, links)."""
    asked = (
        select(Patent.application_number, Patent.title, Patent.abstract, Patent.recorded_at),
        select(Enterprise.name, Enterprise.uscc, Enterprise.contact_phone),
        select(Demand.title, Demand.text, Demand.state, Demand.duplicate_of_id),
        select(Push.enterprise_id, Push.demand_id, Push.state, Push.delivered_at, Push.opened_at),
        select(Deal.contract_number, Deal.signed_on, Deal.amount_yuan, Deal.withdrawn_at),
    )
    with runtime.unit(write=False) as unit:
        return [[tuple(row) for row in unit.session.execute(each)] for each in asked]


@pytest.mark.long
def test_the_full_city_passes_every_threshold_by_one(tmp_path: Path) -> None:
    city = loaded(tmp_path, full=True)
    progress = counted(city.runtime)
    assert strictly(progress) == wanted(full_sizes(city.runtime.pack))
    assert strictly(progress)["patents"] == 10_001
    assert all(goal.earned for goal in progress.goals)
    assert all(each.count.literal > each.count.strict for goal in progress.goals for each in goal.thresholds)
    assert progress.signals == ()
    with city.runtime.unit(write=False) as unit:
        assert verify_log(unit).valid


def test_the_last_day_is_the_last_of_the_window(small: Loaded) -> None:
    assert date(2025, 12, 31) == LAST_DAY == small.runtime.pack.window.to_on
