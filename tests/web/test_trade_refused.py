"""Pages of trade and of one record: a form that is refused stands on its page as it was typed, the sentence at its
field; the other forms of the page stay as they are."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from matchhub.db.tables import Deal, DealEvent, DealPayment, Licence, Revision
from matchhub.wording import sentence
from tests.journey.deal_city import DealCity, done, place, town
from tests.journey.test_deal_journey import declared, opened, paid, signed, stepped
from tests.papers import letter
from tests.services.small_city import COLLEGE, PATENTS, SHOES, built_city, city
from web.dates import closed_up, data_in_words, in_words

__all__ = ["built_city", "city", "town"]

GLUE, SOLE = PATENTS[0][0], PATENTS[1][0]


def field(page: str, id_: str) -> str:
    """The part of the page that holds one field with its fault."""
    start = page.index(f' id="{id_}"')
    end = page.find("<label", start)
    return page[page.rindex("<", 0, start) : end if end > 0 else start + 1500]


def refused(answer: TestResponse, status: int, id_: str, code: str, **data: Any) -> str:
    """Check that the whole page answers, with the sentence of the code at the field; returns the page."""
    assert answer.status_code == status, answer.text.split('id="content"')[-1][:600]
    assert 'id="fault"' not in answer.text, "a bare error page"
    part = field(answer.text, id_)
    assert "is-invalid" in part, part
    filled: dict[str, Any] = data_in_words(data, "zh", lambda: UTC)
    said = closed_up(sentence(code, **filled))
    assert said.split("{")[0].split("?")[0][:10].strip() in part, part
    return answer.text


class TestDeal:
    def test_a_signing_keeps_its_number_and_amount(self, town: DealCity) -> None:
        deal = opened(town)
        late = {"contract_number": "HT-九", "signed_on": town.today + timedelta(days=1), "amount_yuan": "5万"}
        answer = town.at("shoes").post(f"/trade/deals/{deal}/sign", late)
        page = refused(answer, 422, "sign-signed_on", "deal_day_in_future", day=town.today + timedelta(days=1))
        assert 'value="HT-九"' in page and 'value="5万"' in page
        assert "HT-九" not in field(page, "step-number"), "the other forms of the page stay empty"

    def test_ten_thousands_are_understood(self, town: DealCity) -> None:
        deal = opened(town)
        fields = {"contract_number": "HT-1", "signed_on": town.today, "amount_yuan": "5万"}
        done(town.at("shoes").post(f"/trade/deals/{deal}/sign", fields))
        with town.city.unit() as unit:
            assert unit.session.get_one(Deal, deal).amount_yuan == 50_000

    @pytest.mark.parametrize(
        ("changes", "id_", "code"),
        [
            ({"contract_number": " "}, "sign-contract_number", "contract_number_missing"),
            ({"signed_on": ""}, "sign-signed_on", "day_missing"),
            ({"signed_on": "gestern"}, "sign-signed_on", "field_date"),
            ({"amount_yuan": "viel"}, "sign-amount_yuan", "field_amount"),
            ({"amount_yuan": "0"}, "sign-amount_yuan", "amount_not_positive"),
        ],
    )
    def test_each_fault_of_a_signing_stands_at_its_field(
        self, town: DealCity, changes: dict[str, Any], id_: str, code: str
    ) -> None:
        deal = opened(town)
        fields = {"contract_number": "HT-1", "signed_on": town.today, "amount_yuan": "1", **changes}
        refused(town.at("shoes").post(f"/trade/deals/{deal}/sign", fields), 422, id_, code)
        with town.city.unit() as unit:
            assert unit.session.get_one(Deal, deal).signed_on is None

    def test_a_number_in_use_is_told_at_the_number(self, town: DealCity) -> None:
        first, second = opened(town), opened(town)
        done(signed(town, first))
        refused(signed(town, second), 409, "sign-contract_number", "deal_number_in_use", number="HT-1", other=first)

    def test_a_stage_keeps_its_number_and_a_payment_its_amount(self, town: DealCity) -> None:
        deal = opened(town)
        done(signed(town, deal))
        early = stepped(town, deal, "registered", "EE01-7", on=town.today - timedelta(days=1))
        assert 'value="EE01-7"' in refused(early, 422, "step-on", "deal_registered_before_signing")
        refused(stepped(town, deal, "registered", ""), 422, "step-number", "register_number_missing")
        refused(stepped(town, deal, "cancelled", ""), 422, "step-number", "note_missing")
        bare = paid(town, deal, content="")
        assert 'value="80000"' in refused(bare, 422, "pay-voucher", "payment_unproven")
        with town.city.unit() as unit:
            assert unit.session.execute(select(DealPayment.id)).first() is None

    def test_who_was_overtaken_sees_the_news_and_sends_the_same_form_again(self, town: DealCity) -> None:
        deal = opened(town)
        shoes = town.at("shoes")
        seen = hidden(shoes.get(f"/trade/deals/{deal}").text, "sign-seen")
        town.city.clock.forward(minutes=5)
        done(signed(town, deal, who="college"))
        late = {"to": "registered", "on": town.today, "number": "EE01-1", "seen": seen}
        answer = shoes.post(f"/trade/deals/{deal}/step", late)
        assert answer.status_code == 409 and "deal.signed" in answer.text and 'value="EE01-1"' in answer.text
        done(shoes.post(f"/trade/deals/{deal}/step", {**late, "seen": hidden(answer.text, "step-seen")}))

    def test_a_stage_that_is_gone_from_the_page_is_not_lost(self, town: DealCity) -> None:
        deal = opened(town)
        done(signed(town, deal))
        done(stepped(town, deal, "cancelled", "协议解除"))
        answer = stepped(town, deal, "registered", "EE01-末")
        assert answer.status_code == 409 and "EE01-末" in answer.text
        assert sentence("deal_step_not_allowed") in answer.text

    def test_a_file_cannot_be_kept_and_the_page_says_so(self, town: DealCity) -> None:
        deal = opened(town)
        fields = {"contract_number": "", "signed_on": town.today, "file": (BytesIO(letter("x")), "合同.pdf")}
        answer = town.at("shoes").post(f"/trade/deals/{deal}/sign", fields)
        assert answer.status_code == 422 and "请重新选择文件：合同.pdf" in answer.text

    @pytest.mark.parametrize(
        ("changes", "id_", "code"),
        [
            ({"application_numbers": "12345"}, "opening-application_numbers", "application_number_length"),
            ({"application_numbers": ""}, "opening-application_numbers", "deal_without_patent"),
            ({"application_numbers": "201710600099.8"}, "opening-application_numbers", None),
            ({"sellers": " "}, "opening-sellers", "parties_missing"),
            ({"buyers": COLLEGE}, "opening-buyers", "parties_identical"),
            ({"buyers": f"{SHOES} 91350582000000001X"}, "opening-buyers", None),
            ({"deal_type": "gift"}, "opening-deal_type", "field_choice"),
        ],
    )
    def test_a_new_deal_keeps_what_was_typed(
        self, town: DealCity, changes: dict[str, Any], id_: str, code: str | None
    ) -> None:
        fields = {"deal_type": "transfer", "application_numbers": town.number(GLUE), "sellers": COLLEGE,
                  "buyers": SHOES, **changes}  # fmt: skip
        answer = town.at("shoes").post("/trade/deals/new", fields)
        assert answer.status_code == 422 and "is-invalid" in field(answer.text, id_)
        for name in ("application_numbers", "sellers", "buyers"):
            assert fields[name].strip() in answer.text
        if code in ("deal_without_patent", "parties_missing", "parties_identical", "field_choice"):
            assert sentence(code) in field(answer.text, id_)

    def test_an_exclusive_licence_beside_an_open_one_is_told_at_the_kind(self, town: DealCity) -> None:
        declared(town)
        fields = {"deal_type": "exclusive_licence", "application_numbers": town.number(SOLE), "sellers": COLLEGE,
                  "buyers": SHOES}  # fmt: skip
        answer = town.at("shoes").post("/trade/deals/new", fields)
        refused(answer, 422, "opening-deal_type", "deal_open_licence_running", number=town.number(SOLE))


def hidden(page: str, id_: str) -> str:
    found = re.search(rf'id="{id_}"[^>]*value="([^"]*)"', page)
    assert found is not None, id_
    return found[1]


class TestRecordPage:
    """The operator's page of a record."""

    def test_each_act_on_a_deal_is_shown_again_with_its_fault(self, town: DealCity) -> None:
        deal = opened(town)
        done(signed(town, deal))
        operator = town.at("operator")
        step = {"to": "registered", "on": town.today, "number": ""}
        refused(
            operator.post(f"/operator/deals/{deal}/event", step), 422, "deal_step-number", "register_number_missing"
        )
        old = {"to": "implemented", "on": "2020-01-01", "number": "N-7"}
        page = refused(
            operator.post(f"/operator/deals/{deal}/event", old), 422, "deal_step-on", "deal_implemented_before_signing",
            implemented_on="2020-01-01", signed_on=town.today,
        )  # fmt: skip
        assert 'value="N-7"' in page and "<details open>" in page
        unproven = {"paid_on": town.today, "amount_yuan": "3万"}
        page = refused(
            operator.post(f"/operator/deals/{deal}/payment", unproven), 422, "deal_payment-voucher", "payment_unproven"
        )
        assert 'value="3万"' in page
        cancel = {"on": town.today, "reason": " "}
        refused(
            operator.post(f"/operator/deals/{deal}/cancel", cancel), 422, "deal_cancellation-reason", "note_missing"
        )
        withdraw = operator.post(f"/operator/deals/{deal}/withdraw", {"reason": ""})
        refused(withdraw, 422, "deal_withdrawal-reason", "note_missing")
        with town.city.unit() as unit:
            events = unit.session.execute(select(DealEvent.event).where(DealEvent.deal_id == deal)).scalars().all()
            assert events == ["negotiating", "signed"]

    def test_a_correction_is_made_on_the_page_and_stands_among_the_revisions(self, town: DealCity) -> None:
        deal = opened(town)
        done(signed(town, deal))
        operator = town.at("operator")
        page = operator.get(f"/bureau/records/deals/{deal}").text
        assert 'value="HT-1"' in page, "the form begins with what is on record"
        seen = hidden(page, "deal_correction-seen")
        fields = {"contract_number": "HT-1", "deal_type": "ordinary_licence", "signed_on": town.today,
                  "amount_yuan": "9万", "reason": "", "seen": seen}  # fmt: skip
        answer = operator.post(f"/operator/deals/{deal}/correct", fields)
        assert 'value="9万"' in refused(answer, 422, "deal_correction-reason", "note_missing")
        same = {**fields, "amount_yuan": "80000", "reason": "x"}
        refused(operator.post(f"/operator/deals/{deal}/correct", same), 409, "deal_correction-reason",
                "deal_correction_empty")  # fmt: skip
        done(operator.post(f"/operator/deals/{deal}/correct", {**fields, "reason": "金额录错"}))
        page = operator.get(f"/bureau/records/deals/{deal}").text
        assert "9万元" in page and "金额录错" in page and "更正前的值" in page and "8万元" in page
        with town.city.unit() as unit:
            assert unit.session.get_one(Deal, deal).amount_yuan == Decimal(90_000)
            assert unit.session.execute(select(Revision.id).where(Revision.kind == "deals")).first()

    def test_nobody_else_corrects(self, town: DealCity) -> None:
        deal = opened(town)
        done(signed(town, deal))
        for who in ("shoes", "college", "reviewer"):
            assert town.at(who).post(f"/operator/deals/{deal}/correct", {"reason": "x"}).status_code == 403

    def test_evidence_and_locality_say_what_is_missing(self, town: DealCity) -> None:
        deal = opened(town)
        operator = town.at("operator")
        answer = operator.post(f"/operator/records/deals/{deal}/evidence", {"purpose": "contract"})
        refused(answer, 422, "evidence-file", "evidence_file_missing")
        file = {"purpose": "contract", "file": (BytesIO(letter("contract")), "合同.pdf")}
        done(operator.post(f"/operator/records/deals/{deal}/evidence", file))
        answer = operator.post(f"/operator/records/deals/{deal}/evidence/1/withdraw", {"reason": ""})
        refused(answer, 422, "evidence_withdrawal-1-reason", "note_missing")
        firm = town.city.firm(SHOES)
        answer = operator.post(f"/operator/enterprises/{firm}/local", {"local": "yes", "reason": ""})
        refused(answer, 422, "locality-reason", "note_missing")

    def test_an_old_contract_is_typed_with_its_stages_at_once(self, town: DealCity) -> None:
        fields = {"contract_number": "旧-1", "deal_type": "ordinary_licence", "application_numbers": town.number(GLUE),
                  "seller_name": COLLEGE, "buyer_name": SHOES, "signed_on": "2024-05-06", "amount_yuan": "8万",
                  "registered_on": "2024-06-03", "register_number": "EE01-旧", "paid_on": "2024-06-10",
                  "paid_yuan": "8万", "payment_proof": "V-旧"}  # fmt: skip
        operator = town.at("operator")
        early = {**fields, "registered_on": "2024-05-05"}
        page = refused(
            operator.post("/operator/deals/new", early), 422, "deals-registered_on", "deal_registered_before_signing"
        )
        assert 'value="EE01-旧"' in page
        refused(operator.post("/operator/deals/new", {**fields, "register_number": ""}), 422, "deals-register_number",
                "register_number_missing")  # fmt: skip
        refused(operator.post("/operator/deals/new", {**fields, "payment_proof": ""}), 422, "deals-payment_proof",
                "payment_unproven")  # fmt: skip
        refused(operator.post("/operator/deals/new", {**fields, "paid_yuan": ""}), 422, "deals-paid_yuan",
                "amount_missing")  # fmt: skip
        deal = place_of_record(operator.post("/operator/deals/new", fields))
        other = {**fields, "amount_yuan": "9万"}
        refused(operator.post("/operator/deals/new", other), 422, "deals-contract_number", "deal_known_otherwise")
        with town.city.unit() as unit:
            rows = unit.session.execute(select(DealEvent).where(DealEvent.deal_id == deal).order_by(DealEvent.id))
            assert [(row.event, row.occurred_on.isoformat()) for row in rows.scalars()] == [
                ("signed", "2024-05-06"),
                ("EE01", "2024-06-03"),
            ]


def place_of_record(answer: TestResponse) -> int:
    return int(done(answer).location.rsplit("/", 1)[1].split("#")[0])


class TestLicensing:
    def test_a_payment_and_a_filing_keep_what_was_typed(self, town: DealCity) -> None:
        offer = declared(town)
        licence = place(town.at("shoes").post(f"/trade/offers/{offer}/accept"))
        shoes = town.at("shoes")
        bare = {"paid_on": town.today, "paid_yuan": "2万"}
        answer = shoes.post(f"/trade/licences/{licence}/payment", bare)
        assert 'value="2万"' in refused(answer, 422, "pay-voucher", "payment_unproven")
        early = {**bare, "paid_on": town.today - timedelta(days=1), "voucher": "V1"}
        refused(shoes.post(f"/trade/licences/{licence}/payment", early), 422, "pay-paid_on", "licence_paid_before_notice",
                notified_on=town.today)  # fmt: skip
        assert shoes.get(f"/trade/licences/{licence}/confirmation").status_code == 404, "not reached yet"
        done(shoes.post(f"/trade/licences/{licence}/payment", {**bare, "voucher": "V1"}))
        assert "专利开放许可达成确认书" in shoes.get(f"/trade/licences/{licence}/confirmation").text
        late = {"number": "BA-1", "filed_on": town.today + timedelta(days=1)}
        answer = shoes.post(f"/trade/licences/{licence}/filing", late)
        assert 'value="BA-1"' in refused(answer, 422, "filing-filed_on", "day_to_come", day=late["filed_on"])

    @pytest.mark.parametrize(
        ("changes", "id_", "code"),
        [
            ({"industry": ""}, "declaration-industry", "offer_industry_missing"),
            ({"industry_reason": ""}, "declaration-industry_reason", "offer_industry_unexplained"),
            ({"regime": "pilot", "platform": "某平台"}, "declaration-regime", None),
            ({"valid_to_on": ""}, "declaration-valid_to_on", "declaration_period_missing"),
            ({"fee_yuan": ""}, "declaration-fee_yuan", "declaration_fee_missing"),
            ({"number": "2017"}, "declaration-number", None),
            ({"royalty_percent": "viel"}, "declaration-royalty_percent", "field_number"),
        ],
    )
    def test_a_declaration_tells_each_fault_at_its_field(
        self, town: DealCity, changes: dict[str, str], id_: str, code: str | None
    ) -> None:
        fields = {"number": town.number(SOLE), "regime": "cnipa", "fee_method": "fixed", "fee_yuan": "2万",
                  "valid_from_on": "2025-06-01", "valid_to_on": "2027-06-01", "industry": "制鞋",
                  "industry_reason": "鞋底防滑", "annuity": "yes", "all_owners": "1", "act": "publish", **changes}  # fmt: skip
        answer = town.at("college").post("/trade/offers/new", fields)
        assert answer.status_code == 422 and "is-invalid" in field(answer.text, id_)
        assert code is None or sentence(code)[:10] in field(answer.text, id_)
        for name in ("number", "valid_from_on", "industry_reason"):
            assert fields[name] in answer.text
        with town.city.unit() as unit:
            assert unit.session.execute(select(Licence.id)).first() is None

    def test_the_checklist_shows_and_keeps_the_form(self, town: DealCity) -> None:
        fields = {"number": town.number(SOLE), "regime": "cnipa", "fee_method": "fixed", "fee_yuan": "2万",
                  "annuity": "no", "act": "check"}  # fmt: skip
        answer = town.at("college").post("/trade/offers/new", fields)
        assert answer.status_code == 200 and 'id="checks"' in answer.text and 'value="2万"' in answer.text
        assert sentence("declaration_annuity_unpaid") in answer.text

    def test_the_forms_of_an_offer_tell_their_faults(self, town: DealCity) -> None:
        offer = declared(town)
        operator, college = town.at("operator"), town.at("college")
        answer = operator.post(f"/trade/offers/{offer}/accept-for", {"firm": "没有这家公司"})
        assert 'value="没有这家公司"' in refused(answer, 422, "accept_for-firm", "licensee_unknown")
        answer = college.post(f"/trade/offers/{offer}/announce", {"number": "", "on": town.today})
        refused(answer, 422, "announce-number", "offer_announcement_missing")
        done(operator.post(f"/trade/offers/{offer}/accept-for", {"firm": SHOES}))
        answer = college.post(f"/trade/offers/{offer}/end", {"on": town.today})
        page = refused(answer, 422, "end-on", "offer_end_after_notice", last=town.today)
        assert in_words(town.today + timedelta(days=1), "zh", lambda: UTC) in field(page, "end-on")

    def test_the_calculator_tells_at_its_field_that_it_was_given_no_number(self, town: DealCity) -> None:
        offer = declared(town, fee_method="royalty_sales", royalty_percent="2.5%")
        visitor = town.at("visitor")
        refused(visitor.get(f"/trade/offers/{offer}?base=abc"), 422, "fee-base", "field_amount")
        assert "2.5万元" in visitor.get(f"/trade/offers/{offer}?base=100万").text


class TestDesk:
    """Drafts, conversations, patents on offer, records for awards."""

    def test_a_draft_keeps_what_was_typed_and_shows_what_it_kept(self, town: DealCity) -> None:
        shoes = town.at("shoes")
        wrong = {"title": "", "aim": "提高剥离强度", "budget": "viel"}
        answer = shoes.post("/trade/drafts", wrong)
        assert 'value="提高剥离强度"' in refused(answer, 422, "draft-budget", "budget_invalid")
        refused(shoes.post("/trade/drafts", {"aim": "只有目的"}), 422, "draft-title", "draft_empty")
        fields = {"title": "鞋底开胶", "budget": "5", "cooperation": ["licence"], "valid_until_on": "2026-06-01"}
        draft = place(shoes.post("/trade/drafts", fields))
        page = shoes.get(f"/trade/drafts/{draft}").text
        assert 'value="5"' in page and 'value="2026-06-01"' in page
        assert re.search(r'value="licence" checked', page), "the form of cooperation is shown as it was kept"
        answer = shoes.post(f"/trade/drafts/{draft}/confirm", {"authorised_by": "", "confidentiality": "title"})
        refused(answer, 422, "posting-authorised_by", "authorised_by_missing")

    def test_a_batch_keeps_its_lines(self, town: DealCity) -> None:
        rows = "不知哪里的公司|标题|内容|"
        answer = town.at("operator").post("/trade/drafts/batch", {"origin": "fair", "note": "鞋博会", "rows": rows})
        assert answer.status_code == 422 and rows in answer.text and 'value="鞋博会"' in answer.text
        assert "is-invalid" in field(answer.text, "batch-rows")

    def test_who_reads_a_demand_is_told_of_a_name_that_nobody_bears(self, town: DealCity) -> None:
        demand = town.city.post()
        answer = town.at("shoes").post(f"/trade/demands/{demand}/invitations", {"name": "无名学院"})
        assert answer.status_code == 404 and 'value="无名学院"' in answer.text
        assert "is-invalid" in field(answer.text, "invitation-name")
        answer = town.at("shoes").post(f"/trade/demands/{demand}/readers", {"confidentiality": "nobody"})
        refused(answer, 422, "readers-confidentiality", "field_choice")

    def test_a_message_that_is_too_long_is_kept(self, town: DealCity) -> None:
        shoes = town.at("shoes")
        asked = {"patent_id": town.city.patent(GLUE), "demand_id": town.city.own_demand()}
        thread = place(shoes.post("/trade/threads", asked))
        answer = shoes.post(f"/trade/threads/{thread}/messages", {"text": "长" * 4001})
        assert "长" * 4001 in refused(answer, 422, "message-text", "message_too_long")
        refused(shoes.post(f"/trade/threads/{thread}/close", {"reason": ""}), 422, "closing-reason", "note_missing")
        done(shoes.post(f"/trade/threads/{thread}/messages", {"text": "短"}))

    def test_a_claim_is_decided_and_proven_in_its_own_row(self, town: DealCity) -> None:
        for title in (GLUE, SOLE):
            form = {"number": town.number(title), "modes": ["transfer"], "maturity": "lab"}
            done(town.at("school").post("/trade/listings/new", form))
        operator = town.at("operator")
        answer = operator.post("/trade/listings/1/decide", {"decision": "refused", "note": ""})
        refused(answer, 422, "decision-1-note", "note_missing")
        assert "is-invalid" not in field(answer.text, "decision-2-note")
        answer = town.at("school").post("/trade/listings/1/proof", {})
        refused(answer, 422, "proof-1-file", "evidence_file_missing")
        answer = town.at("school").post("/trade/listings/2/withdraw", {"reason": " "})
        refused(answer, 422, "withdrawal-2-reason", "note_missing")

    def test_a_patent_put_on_offer_keeps_what_was_ticked(self, town: DealCity) -> None:
        form = {"number": town.number(GLUE), "modes": ["transfer"], "extras": ["samples"], "maturity": "lab",
                "price_yuan": "viel"}  # fmt: skip
        page = refused(
            town.at("college").post("/trade/listings/new", form), 422, "patent_offer-price_yuan", "field_amount"
        )
        assert re.search(r'value="transfer" checked', page) and re.search(r'value="samples" checked', page)

    def test_a_record_for_an_award_is_kept(self, town: DealCity) -> None:
        answer = town.at("operator").post("/trade/awards/records", {"kind": "sales", "title": "年度销售额"})
        assert answer.status_code == 422 and "年度销售额" in answer.text
        assert sentence("day_missing") in answer.text


@pytest.mark.parametrize("path", ["/trade/deals/{}/sign", "/trade/deals/{}/step", "/trade/deals/{}/pay"])
def test_a_stranger_gets_no_page_by_a_refused_form(town: DealCity, path: str) -> None:
    deal = opened(town)
    answer = town.at("umbrellas").post(path.format(deal), {"contract_number": "HT-1"})
    assert answer.status_code == 404 and COLLEGE not in answer.text
