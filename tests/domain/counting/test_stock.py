"""Patents, enterprises, experts and agencies: literal, strict, and one reason for every test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from matchhub.domain.counting.progress import progress, threshold_progress
from matchhub.domain.existence import ExistenceFact
from matchhub.domain.sources import ImportSource
from tests.domain.counting.verdicts import against, expect, judge, literal, speaking_for, strict
from tests.domain.factories import (
    AS_OF,
    MAKERS,
    agency,
    confirmation,
    enterprise,
    expert,
    number,
    pack,
    paper,
    patent,
    status,
    uscc,
)

STOCK = ("patents", "enterprises", "experts", "agencies")


def test_a_certificate_proves_the_enterprise_that_was_entered_first_with_it() -> None:
    shared = replace(enterprise(1).categories[0], certificate_number="gr 202335000001")
    first = replace(enterprise(2), categories=(replace(shared, certificate_number="GR202335000001"),))
    later = replace(enterprise(1), categories=(shared,), entered_on=date(2024, 1, 2))
    atoms = judge("enterprises", [later, first])
    assert (literal(atoms), strict(atoms)) == (2, 1)
    assert against(atoms, 1) == {"enterprise_certificate_shared"} and against(atoms, 2) == set()


@pytest.mark.parametrize(
    ("key", "made", "code"), [("enterprises", enterprise, "enterprise_gone"), ("agencies", agency, "agency_gone")]
)
@pytest.mark.parametrize("state", ["struck_off", "closed", "moved_out"])
def test_a_party_that_no_longer_exists_is_not_strict_from_that_day_on(key: str, made, code: str, state) -> None:
    alive = ExistenceFact(state="active", as_of_on=date(2024, 1, 1), day_told=True, wording="存续")
    ended = ExistenceFact(state=state, as_of_on=date(2025, 6, 3), day_told=True, wording="注销")
    for facts in ((alive, ended), (ended, alive)):
        expect(key, made(1, existences=facts), code, True)
        assert [strict(judge(key, [made(1, existences=facts)], date(2025, 6, day))) for day in (2, 3, 4)] == [1, 0, 0]
    back = ExistenceFact(state="active", as_of_on=date(2025, 6, 4), day_told=True)
    assert strict(judge(key, [made(1, existences=(back, ended))], date(2025, 6, 4))) == 1
    unknown = ExistenceFact(state="unknown", as_of_on=date(2025, 6, 5), day_told=True)
    assert code in against(judge(key, [made(1, existences=(ended, unknown))], date(2025, 6, 5)))


def test_a_foreign_patent_counts_literally_only() -> None:
    expect(
        "patents", patent(1, application_number=None, publication_number="US10123456B2"), "patent_foreign_counted", True
    )


@pytest.mark.parametrize("key", STOCK)
class TestStock:
    def test_a_complete_record_counts(self, key: str) -> None:
        atoms = judge(key, [MAKERS[key](1)])
        assert against(atoms) == set()
        assert strict(atoms) == literal(atoms) == 1

    @pytest.mark.parametrize(("as_of", "counted"), [(2, 0), (3, 1), (4, 1)])
    def test_it_counts_from_the_day_it_entered(self, key: str, as_of: int, counted: int) -> None:
        fact = replace(MAKERS[key](1), entered_on=date(2025, 6, 3))
        assert literal(judge(key, [fact], date(2025, 6, as_of))) == counted

    @pytest.mark.parametrize(("as_of", "counted"), [(2, 1), (3, 0), (4, 0)])
    def test_it_counts_until_the_day_it_was_withdrawn(self, key: str, as_of: int, counted: int) -> None:
        fact = replace(MAKERS[key](1), withdrawn_on=date(2025, 6, 3))
        atoms = judge(key, [fact], date(2025, 6, as_of))
        assert literal(atoms) == strict(atoms) == counted
        assert ("record_withdrawn" in against(atoms)) is (counted == 0)

    def test_one_that_entered_later_says_so(self, key: str) -> None:
        expect(key, replace(MAKERS[key](1), entered_on=date(2025, 7, 1)), "record_not_yet_entered", False)

    def test_one_that_the_bureau_rejected_is_not_strict(self, key: str) -> None:
        said = confirmation(9, 90, "reviewer", decision="rejected")
        expect(key, replace(MAKERS[key](1), confirmations=(said,)), "record_rejected", True)

    def test_a_rejection_gives_way_to_a_later_confirmation(self, key: str) -> None:
        words = (
            confirmation(9, 90, "reviewer", decision="rejected"),
            confirmation(9, 90, "reviewer", at=datetime(2024, 7, 1)),
        )
        assert strict(judge(key, [replace(MAKERS[key](1), confirmations=words)])) == 1

    def test_an_equal_record_counts_once_and_names_the_other(self, key: str) -> None:
        twin = replace(MAKERS[key](1), record_id=2)
        atoms = judge(key, [twin, MAKERS[key](1)])
        assert strict(atoms) == literal(atoms) == 1
        assert "duplicate_record" in against(atoms, 2)
        assert against(atoms, 1) == set()

    def test_of_two_equal_records_the_better_one_stands(self, key: str) -> None:
        weak = replace(MAKERS[key](1), confirmations=(confirmation(9, 90, "reviewer", decision="rejected"),))
        atoms = judge(key, [weak, replace(MAKERS[key](1), record_id=2)])
        assert strict(atoms) == 1
        assert "duplicate_record" in against(atoms, 1)


@pytest.mark.parametrize("key", STOCK)
def test_a_withdrawn_record_does_not_stand_for_its_twin(key: str) -> None:
    said = (confirmation(9, 90, "reviewer", decision="rejected"),)
    gone = replace(MAKERS[key](1), withdrawn_on=date(2025, 1, 1))
    weak = replace(MAKERS[key](1), record_id=2, confirmations=said)
    assert literal(judge(key, [gone, weak])) == 1


@pytest.mark.parametrize("key", STOCK)
def test_of_equally_good_records_the_one_that_came_first_stands(key: str) -> None:
    first = replace(MAKERS[key](1), record_id=2, entered_on=date(2023, 12, 1))
    atoms = judge(key, [MAKERS[key](1), first])
    assert "duplicate_record" in against(atoms, 1)


@pytest.mark.parametrize(
    ("changes", "code", "still_literal"),
    [
        ({"application_number": None}, "patent_unnumbered", False),
        ({"application_number": "201710601862.4"}, "patent_number_invalid", True),
        ({"application_number": None, "publication_number": "CN12"}, "patent_number_invalid", True),
        ({"number_completed": True}, "patent_number_completed", True),
        ({"title": " "}, "patent_title_missing", True),
        ({"ipc": ()}, "patent_class_missing", True),
        ({"applicants": ("",)}, "patent_applicant_missing", True),
        ({"statuses": ()}, "patent_status_unknown", True),
        ({"statuses": (status(validity="unknown"),)}, "patent_status_unknown", True),
        ({"statuses": (replace(status(), as_of_on=None),)}, "patent_status_unknown", True),
        ({"statuses": (status(date(2025, 7, 1)),)}, "patent_status_unknown", True),
        ({"statuses": (status(validity="dead", reason="fee_lapsed"),)}, "patent_dead", True),
        ({"filed_on": date(2005, 6, 30)}, "patent_term_ended", True),
        ({"expires_on": date(2025, 6, 30)}, "patent_term_ended", True),
    ],
)
def test_a_patent_fails_by_its_own_reason(changes: dict[str, Any], code: str, still_literal: bool) -> None:
    expect("patents", patent(1, **changes), code, still_literal)


def test_a_design_needs_its_locarno_class_only() -> None:
    assert strict(judge("patents", [patent(1, ipc=(), locarno=("02-04",))])) == 1


def test_a_pending_application_counts() -> None:
    assert strict(judge("patents", [patent(1, statuses=(status(validity="pending"),))])) == 1


def test_a_publication_number_stands_while_the_application_number_is_unknown() -> None:
    atoms = judge("patents", [patent(1, application_number=None, publication_number="CN109996757A")])
    assert strict(atoms) == 1
    assert "patent_number_checked" in speaking_for(atoms)


@pytest.mark.parametrize("spelling", ["CN109996757A", "CN109996757B", "cn 109996757 B"])
def test_a_publication_number_that_another_record_ties_to_an_application_is_that_patent(spelling: str) -> None:
    whole = patent(1, publication_number="CN109996757A")
    atoms = judge("patents", [patent(2, application_number=None, publication_number=spelling), whole])
    assert literal(atoms) == 1
    assert "duplicate_record" in against(atoms, 2)


def test_old_published_and_granted_documents_share_no_number() -> None:
    facts = [
        patent(n, application_number=None, publication_number=f"CN1234567{kind}") for n, kind in ((1, "A"), (2, "C"))
    ]
    assert literal(judge("patents", facts)) == 2


@pytest.mark.parametrize(("as_of", "fresh"), [(date(2026, 1, 9), 1), (date(2026, 1, 10), 1), (date(2026, 1, 11), 0)])
def test_a_status_is_fresh_for_twelve_months(as_of: date, fresh: int) -> None:
    atoms = judge("patents", [patent(1)], as_of)
    assert strict(atoms) == fresh
    assert ("patent_status_stale" in against(atoms)) is (fresh == 0)


@pytest.mark.parametrize(("as_of", "alive"), [(date(2025, 6, 29), 1), (date(2025, 6, 30), 0), (date(2025, 7, 1), 0)])
def test_a_term_of_protection_ends_on_its_day(as_of: date, alive: int) -> None:
    assert strict(judge("patents", [patent(1, expires_on=date(2025, 6, 30))], as_of)) == alive


@pytest.mark.parametrize(("as_of", "alive"), [(date(2025, 5, 1), 1), (date(2025, 6, 1), 0), (date(2025, 6, 15), 1)])
def test_the_status_that_held_on_the_day_decides(as_of: date, alive: int) -> None:
    history = (
        status(date(2025, 1, 10)),
        status(date(2025, 6, 1), "dead"),
        status(date(2025, 6, 15), reason="restored"),
    )
    assert strict(judge("patents", [patent(1, statuses=history)], as_of)) == alive


@pytest.mark.parametrize(
    ("changes", "code", "still_literal"),
    [
        ({"uscc": None}, "uscc_missing", False),
        ({"uscc": "91350582MA31XXXXXI"}, "uscc_check_failed", True),
        ({"categories": ()}, "enterprise_category_missing", False),
    ],
)
def test_an_enterprise_fails_by_its_own_reason(changes: dict[str, Any], code: str, still_literal: bool) -> None:
    expect("enterprises", enterprise(1, **changes), code, still_literal)


@pytest.mark.parametrize(
    ("changes", "code", "still_literal"),
    [
        ({"category": "famous_brand"}, "enterprise_category_missing", False),
        ({"certificate_number": None}, "enterprise_category_unproven", True),
        ({"valid_from_on": None, "valid_to_on": None}, "enterprise_category_term_unknown", True),
        ({"valid_from_on": date(2025, 7, 1)}, "enterprise_category_not_valid", True),
        ({"valid_to_on": date(2025, 6, 29)}, "enterprise_category_not_valid", True),
    ],
)
def test_a_category_fails_by_its_own_reason(changes: dict[str, Any], code: str, still_literal: bool) -> None:
    held = replace(enterprise(1).categories[0], **changes)
    expect("enterprises", enterprise(1, categories=(held,)), code, still_literal)


@pytest.mark.parametrize(("as_of", "valid"), [(date(2026, 11, 29), 1), (date(2026, 11, 30), 1), (date(2026, 12, 1), 0)])
def test_a_category_holds_through_its_last_day(as_of: date, valid: int) -> None:
    assert strict(judge("enterprises", [enterprise(1)], as_of)) == valid


@pytest.mark.parametrize(("as_of", "valid"), [(date(2026, 11, 30), 1), (date(2026, 12, 1), 1), (date(2026, 12, 2), 0)])
def test_a_category_without_a_last_day_takes_its_usual_term(as_of: date, valid: int) -> None:
    held = replace(enterprise(1).categories[0], valid_to_on=None)
    assert strict(judge("enterprises", [enterprise(1, categories=(held,))], as_of)) == valid


@pytest.mark.parametrize(("as_of", "valid"), [(date(2025, 5, 31), 0), (date(2025, 6, 1), 1), (date(2025, 6, 2), 1)])
def test_a_category_holds_from_its_first_day(as_of: date, valid: int) -> None:
    held = replace(enterprise(1).categories[0], valid_from_on=date(2025, 6, 1))
    assert strict(judge("enterprises", [enterprise(1, categories=(held,))], as_of)) == valid


def test_a_category_without_a_usual_term_stays() -> None:
    held = replace(enterprise(1).categories[0], category="gazelle_unicorn", valid_to_on=None)
    assert strict(judge("enterprises", [enterprise(1, categories=(held,))], date(2030, 1, 1))) == 1


def test_an_official_list_proves_as_well_as_a_certificate() -> None:
    held = replace(enterprise(1).categories[0], certificate_number=None, official_list="闽科高〔2023〕1号")
    atoms = judge("enterprises", [enterprise(1, categories=(held,))])
    assert strict(atoms) == 1
    assert {reason.data.get("proof") for reason in atoms[0].reasons} == {None, "闽科高〔2023〕1号"}


def test_one_proven_category_is_enough() -> None:
    good = enterprise(1).categories[0]
    bad = replace(good, category="tech_sme", certificate_number=None)
    assert strict(judge("enterprises", [enterprise(1, categories=(bad, good))])) == 1


def test_the_same_name_under_another_code_is_a_clone() -> None:
    atoms = judge("enterprises", [enterprise(2, name_key=enterprise(1).name_key), enterprise(1)])
    assert (literal(atoms), strict(atoms)) == (2, 1)
    assert "enterprise_cloned" in against(atoms, 2)
    apart = [enterprise(2, name_key=enterprise(1).name_key, told_apart=(1,)), enterprise(1, told_apart=(2,))]
    assert strict(judge("enterprises", apart)) == 2


@pytest.mark.parametrize(
    ("changes", "code", "still_literal"),
    [
        ({"name": None}, "expert_identity_missing", False),
        ({"organisation": " "}, "expert_identity_missing", False),
        ({"field": None}, "expert_field_missing", True),
        ({"title": None}, "expert_standing_missing", True),
        ({"consent_on": None}, "expert_consent_missing", True),
        ({"consent_on": date(2025, 7, 1)}, "expert_consent_missing", True),
        ({"consent_evidence": None}, "expert_consent_missing", True),
        ({"consent_withdrawn_on": date(2025, 6, 30)}, "expert_consent_withdrawn", True),
    ],
)
def test_an_expert_fails_by_its_own_reason(changes: dict[str, Any], code: str, still_literal: bool) -> None:
    expect("experts", expert(1, **changes), code, still_literal)


def test_a_qualification_stands_for_a_title() -> None:
    assert strict(judge("experts", [expert(1, title=None, qualification="专利代理师")])) == 1


def test_a_consent_holds_until_it_is_withdrawn() -> None:
    fact = expert(1, consent_withdrawn_on=date(2025, 7, 1))
    assert [strict(judge("experts", [fact], day)) for day in (date(2025, 6, 30), date(2025, 7, 1))] == [1, 0]


@pytest.mark.parametrize(("as_of", "there"), [(date(2024, 1, 4), 0), (date(2024, 1, 5), 1), (date(2024, 1, 6), 1)])
def test_a_consent_holds_from_its_day(as_of: date, there: int) -> None:
    assert strict(judge("experts", [expert(1, entered_on=None)], as_of)) == there


def test_another_name_at_the_same_place_is_another_person() -> None:
    assert strict(judge("experts", [expert(1), expert(2)])) == 2


def test_the_same_name_elsewhere_is_another_person() -> None:
    assert strict(judge("experts", [expert(1), expert(2, name="专家1", organisation="厦门某大学")])) == 2


@pytest.mark.parametrize(
    ("changes", "code", "still_literal"),
    [
        ({"uscc": None}, "agency_identity_missing", False),
        ({"uscc": "914403001922038217"}, "uscc_check_failed", True),
        ({"agency_code": "1234"}, "agency_licence_missing", True),
        ({"service_types": ()}, "agency_services_missing", True),
        ({"contact": None}, "agency_contact_missing", True),
    ],
)
def test_an_agency_fails_by_its_own_reason(changes: dict[str, Any], code: str, still_literal: bool) -> None:
    expect("agencies", agency(1, **changes), code, still_literal)


def test_only_a_patent_agency_needs_a_licence() -> None:
    assert strict(judge("agencies", [agency(1, is_patent_agency=False, agency_code=None)])) == 1
    assert strict(judge("agencies", [agency(1, agency_code=None, licence_number="35203.8")])) == 1


def test_a_licence_number_identifies_an_agency_without_a_credit_code() -> None:
    atoms = judge("agencies", [agency(1, uscc=None, licence_number="35203.8")])
    assert strict(atoms) == 1
    assert "agency_known_by_licence" in speaking_for(atoms)


def test_a_licence_number_tied_to_a_credit_code_is_that_agency() -> None:
    whole = agency(1, licence_number="35203.8")
    assert literal(judge("agencies", [agency(2, uscc=None, licence_number="35203.8"), whole])) == 1


def test_different_numbers_are_different_things() -> None:
    assert strict(judge("patents", [patent(1), patent(2)])) == 2
    assert number(1) != number(2) and uscc(1) != uscc(2)


OWN = ImportSource()
VENDOR = ImportSource("vendor", "某数据库公司", date(2025, 1, 2))


class TestSources:
    """What a source of a kind that the pack does not accept says counts literally only."""

    def test_a_status_of_an_own_list_is_none(self) -> None:
        expect("patents", patent(1, statuses=(status(source=OWN),)), "patent_status_unproven", True)

    def test_a_vendors_database_proves_a_status_but_no_category(self) -> None:
        assert strict(judge("patents", [patent(1, statuses=(status(date(2025, 1, 1), source=VENDOR),))])) == 1
        held = replace(enterprise(1).categories[0], source=VENDOR)
        expect("enterprises", enterprise(1, categories=(held,)), "enterprise_category_source", True)

    def test_a_status_is_no_newer_than_its_file(self) -> None:
        old = ImportSource("register", "某局", date(2023, 1, 1))
        expect("patents", patent(1, statuses=(status(source=old),)), "patent_status_stale", True)

    def test_an_own_list_may_end_a_patent_but_not_revive_it(self) -> None:
        proven, ended = status(), status(date(2025, 2, 1), "dead", source=OWN)
        revived = status(date(2025, 3, 1), source=OWN)
        assert "patent_dead" in against(judge("patents", [patent(1, statuses=(proven, ended))]))
        assert strict(judge("patents", [patent(1, statuses=(proven, revived))])) == 1
        gone = patent(1, statuses=(status(validity="dead"), revived))
        assert "patent_status_unproven" in against(judge("patents", [gone]))

    @pytest.mark.parametrize(
        "typed",
        [{"certificate_number": "GR202399999999"}, {"certificate_number": None, "official_list": "高新技术企业名单"}],
    )
    def test_a_number_or_a_title_typed_is_no_proof_of_itself(self, typed: dict[str, Any]) -> None:
        held = replace(enterprise(1).categories[0], source=OWN, **typed)
        expect("enterprises", enterprise(1, categories=(held,)), "enterprise_category_source", True)

    def test_titles_and_codes_need_a_source(self) -> None:
        expect("experts", expert(1, standing_sources=(OWN,)), "expert_standing_unproven", True)
        expect("agencies", agency(1, identity_sources=()), "agency_identity_unproven", True)
        assert "expert_standing_proven" in speaking_for(judge("experts", [expert(1)]))
        assert "agency_identity_proven" in speaking_for(judge("agencies", [agency(1)]))


DOUBTED = {"enterprises": "enterprise_in_doubt", "experts": "expert_in_doubt", "agencies": "agency_in_doubt"}


class TestDoubts:
    """Of what may be one thing one counts strictly until a person has decided."""

    @pytest.mark.parametrize(("key", "code"), DOUBTED.items())
    def test_of_two_in_doubt_one_counts(self, key: str, code: str) -> None:
        first, second = MAKERS[key](1, doubts=(2,)), MAKERS[key](2, doubts=(1,))
        for facts in ([first, second], [second, first]):
            atoms = judge(key, facts)
            assert (literal(atoms), strict(atoms)) == (2, 1) and against(atoms, 2) == {code}

    @pytest.mark.parametrize("key", DOUBTED)
    def test_one_that_was_withdrawn_holds_nobody_back(self, key: str) -> None:
        gone = MAKERS[key](1, doubts=(2,), withdrawn_on=date(2025, 6, 1))
        assert strict(judge(key, [gone, MAKERS[key](2, doubts=(1,))])) == 1

    def test_between_two_neighbours_that_are_not_alike_both_stand(self) -> None:
        chain = [expert(1, doubts=(2,)), expert(2, doubts=(1, 3)), expert(3, doubts=(2,))]
        atoms = judge("experts", chain)
        assert strict(atoms) == 2 and against(atoms, 2) == {"expert_in_doubt"}

    def test_a_withdrawn_firm_holds_no_certificate(self) -> None:
        held = enterprise(1).categories
        for changes in ({"withdrawn_on": date(2025, 6, 1)}, {"uscc": "913505820000000000"}):
            assert strict(judge("enterprises", [enterprise(1, **changes), enterprise(2, categories=held)])) == 1

    def test_a_certificate_typed_first_does_not_hold_back_the_one_with_its_list(self) -> None:
        held = enterprise(1).categories[0]
        typed = enterprise(1, categories=(replace(held, source=OWN),), entered_on=date(2023, 1, 1))
        atoms = judge("enterprises", [typed, enterprise(2, categories=(held,))])
        assert strict(atoms) == 1 and against(atoms, 2) == set()

    def test_a_patent_again_under_a_publication_number_counts_once(self) -> None:
        again = {"application_number": None, "entered_on": date(2023, 1, 1)}
        copies = [patent(n, publication_number=f"CN10712345{n}A", **again) for n in (7, 8)]
        atoms = judge("patents", [patent(1), patent(2), *copies])
        assert (literal(atoms), strict(atoms)) == (4, 2)
        assert against(atoms, 7) == against(atoms, 8) == {"patent_in_doubt"}
        assert strict(judge("patents", copies)) == 1
        assert strict(judge("patents", [patent(1, withdrawn_on=date(2025, 1, 1)), copies[0]])) == 1
        other = replace(copies[0], title="一种雨伞")
        assert strict(judge("patents", [patent(1), other])) == 2


class TestTheBureausWord:
    """The bureau's word on a source: right, rejected, or none yet."""

    OPEN = ImportSource("register", "国家知识产权局", date(2026, 12, 1))

    def resting_on(self, key: str, source: ImportSource) -> Any:
        made = MAKERS[key](1)
        if key == "patents":
            return replace(made, statuses=(status(source=source),))
        if key == "enterprises":
            return replace(made, categories=(replace(made.categories[0], source=source),))
        return replace(made, **{f"{'standing' if key == 'experts' else 'identity'}_sources": (source,)})

    @pytest.mark.parametrize("key", STOCK)
    def test_a_source_that_nobody_has_looked_at_counts_and_is_told(self, key: str) -> None:
        atoms = judge(key, [self.resting_on(key, self.OPEN)])
        assert (strict(atoms), against(atoms)) == (1, {"source_unseen"})
        rule = pack().threshold(key)
        assert threshold_progress(atoms, rule).unseen_sources == 1
        assert threshold_progress(judge(key, [MAKERS[key](1)]), rule).unseen_sources == 0
        signals = progress({each: judge(each, []) for each in MAKERS} | {key: atoms}, pack(), AS_OF).signals
        assert [(each.threshold, each.code, dict(each.data)) for each in signals] == [
            (key, "sources_unseen", {"rows": 1})
        ]

    @pytest.mark.parametrize("key", STOCK)
    def test_a_rejected_source_proves_nothing_and_one_that_is_right_stands_beside_it(self, key: str) -> None:
        rejected = replace(self.OPEN, word="rejected")
        expect(key, self.resting_on(key, rejected), "source_rejected", True)
        own = self.resting_on(key, ImportSource())
        assert "source_rejected" not in against(judge(key, [own]))

    def test_of_two_sources_the_one_that_was_looked_at_speaks(self) -> None:
        right = replace(self.OPEN, word="right")
        for sources in ((self.OPEN, right), (right, self.OPEN)):
            assert against(judge("agencies", [agency(1, identity_sources=sources)])) == set()
        rejected = replace(self.OPEN, word="rejected")
        assert against(judge("agencies", [agency(1, identity_sources=(rejected, self.OPEN))])) == {"source_unseen"}

    def test_a_rejected_list_holds_no_certificate_against_another_firm(self) -> None:
        held = enterprise(1).categories[0]
        claimed = replace(held, source=replace(self.OPEN, word="rejected"))
        atoms = judge(
            "enterprises",
            [enterprise(1, categories=(claimed,)), enterprise(2, categories=(held,), entered_on=date(2024, 3, 1))],
        )
        assert strict(atoms) == 1 and against(atoms, 2) == set()


class TestConsent:
    LIST = ImportSource("list", "某协会", date(2024, 1, 5), "right")

    def test_a_day_typed_is_no_consent(self) -> None:
        expect("experts", expert(1, evidence=()), "expert_consent_undocumented", True)
        for broken in ({"intact": False}, {"withdrawn": True}, {"paper": "other"}):
            papers = (replace(paper(1, "consent_sheet"), **broken),)
            expect("experts", expert(1, evidence=papers), "expert_consent_undocumented", True)

    def test_a_list_of_consents_needs_an_accepted_source(self) -> None:
        assert against(judge("experts", [expert(1, evidence=(), consent_sources=(self.LIST,))])) == set()
        for kind in ("own", "vendor"):
            source = replace(self.LIST, kind=kind)
            expect("experts", expert(1, evidence=(), consent_sources=(source,)), "expert_consent_undocumented", True)
        rejected = replace(self.LIST, word="rejected")
        expect("experts", expert(1, evidence=(), consent_sources=(rejected,)), "source_rejected", True)

    def test_a_paper_says_that_it_is_documented(self) -> None:
        assert "expert_consent_documented" in speaking_for(judge("experts", [expert(1)]))
