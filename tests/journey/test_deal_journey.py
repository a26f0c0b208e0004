"""From a demand to a counted deal and from an open-licence offer to counted licences, by different accounts, through
the pages; and each forbidden variation refused with its reason."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Deal, Enterprise, Licence, PushItem
from matchhub.domain.records import PatentRecord, Row, Source
from matchhub.services.accounts.accounts import add_account
from matchhub.services.parties.relations import relate_parties
from matchhub.services.patents.recorder import PatentRecorder
from matchhub.wording import sentence
from tests.journey.deal_city import DealCity, confirm, confirmed, done, place, telephone, town
from tests.papers import letter
from tests.services.small_city import COLLEGE, PATENTS, SHOES, UMBRELLAS, ZIPPERS, built_city, city
from tests.services.speaking import let_speak
from tests.services.verifying import FORM as VERIFIED

__all__ = ["built_city", "city", "town"]

GLUE, SOLE, SPRAYER, RIBS, ZIPPER, MOULD = (row[0] for row in PATENTS)


def paper(content: str, name: str = "凭证.pdf") -> tuple[BytesIO, str]:
    """A file as a form sends it."""
    return BytesIO(letter(content)), name


def post_a_demand(town: DealCity) -> int:
    fields = {
        "title": "运动鞋鞋底开胶", "text": "运动鞋在潮湿环境穿着后鞋底与鞋面开胶,需要更好的胶粘剂。", "object": "运动鞋鞋底",
        "aim": "提高鞋底与鞋面的剥离强度", "targets": "剥离强度 ≥ 4 N/mm", "technical_field": "胶粘剂", "cooperation": ["licence"],
        "negotiable": "y", "valid_until_on": "2026-06-01", "contact_name": "王小明", "contact_phone": "0595-12345678",
        "contact_email": "wang@shoes.example", "authorised": "y", "authorised_by": "王小明",
    }  # fmt: skip
    return place(town.at("shoes").post("/enterprise/demands", fields))


def answered_push(town: DealCity, demand_id: int) -> int:
    """Verify, match, push, answer "contact": the number of the thread that follows."""
    done(town.at("operator").post(f"/operator/demands/{demand_id}/verify", {**VERIFIED, "on": town.today}))
    town.city.push()
    with town.city.unit() as unit:
        item = unit.session.execute(
            select(PushItem.id).where(PushItem.patent_id == town.city.patent(GLUE)).limit(1)
        ).scalar_one()
    done(town.at("shoes").post(f"/enterprise/inbox/items/{item}/answer", {"code": "contact"}))
    page = town.at("shoes").get("/trade/").text
    return int(page.split("/trade/threads/")[1].split('"')[0])


def talked(town: DealCity, thread: int) -> None:
    """Both sides write, agree, and see each other's contact data."""
    shoes, college = town.at("shoes"), town.at("college")
    done(
        college.post(
            f"/trade/threads/{thread}/messages", {"text": "可以提供小试样品。", "file": paper("样品说明", "样品.pdf")}
        )
    )
    done(shoes.post(f"/trade/threads/{thread}/messages", {"text": "请寄样品。"}))
    assert shoes.post(f"/trade/threads/{thread}/reveal").status_code == 409
    done(shoes.post(f"/trade/threads/{thread}/agree"))
    assert SHOES not in college.get(f"/trade/threads/{thread}").text
    done(college.post(f"/trade/threads/{thread}/agree"))
    shown = college.post(f"/trade/threads/{thread}/reveal")
    assert "0595-12345678" in shown.text


def opened(town: DealCity, thread: int = 0, who: str = "shoes", **changes: Any) -> int:
    fields = {"deal_type": "ordinary_licence", "application_numbers": town.number(GLUE), "sellers": COLLEGE,
              "buyers": SHOES, "thread_id": thread or "", **changes}  # fmt: skip
    return place(town.at(who).post("/trade/deals/new", fields))


def signed(town: DealCity, deal: int, who: str = "shoes", number: str = "HT-1", on: date | None = None) -> Any:
    fields = {"contract_number": number, "signed_on": on or town.today, "amount_yuan": "80000",
              "file": paper(f"合同 {number} {deal}")}  # fmt: skip
    return town.at(who).post(f"/trade/deals/{deal}/sign", fields)


def stepped(town: DealCity, deal: int, to: str, number: str, on: date | None = None, who: str = "shoes") -> Any:
    fields = {"to": to, "on": on or town.today, "number": number, "file": paper(f"{to} {number} {deal}")}
    return town.at(who).post(f"/trade/deals/{deal}/step", fields)


def paid(town: DealCity, deal: int, content: str = "付款凭证一", on: date | None = None, voucher: str = "") -> Any:
    fields = {"paid_on": on or town.today, "amount_yuan": "80000", "voucher": voucher}
    if content:
        fields["file"] = paper(content)
    return town.at("shoes").post(f"/trade/deals/{deal}/pay", fields)


def closed_deal(town: DealCity, deal: int) -> None:
    """Signed, filed, its technical contract registered, paid, and confirmed by operator and bureau."""
    done(signed(town, deal))
    done(stepped(town, deal, "registered", f"EE01-{deal}"))
    done(stepped(town, deal, "contract_registered", "2025350500001234"))
    done(paid(town, deal))
    town.city.clock.forward(hours=2)
    done(confirm(town, "deals", deal, "operator"))
    done(confirm(town, "deals", deal, "reviewer", telephone(town, "reviewer")))


def touched(town: DealCity, patent: str = GLUE, who: str = "shoes") -> None:
    """The enterprise asks for contact about a patent: a platform event."""
    asked = {"patent_id": town.city.patent(patent), "demand_id": town.city.own_demand(who)}
    done(town.at(who).post("/trade/threads", asked))


def says(answer: Any, code: str) -> bool:
    """Whether a page carries the beginning of the sentence of a code."""
    return sentence(code).split("{")[0].split("?")[0][:12].strip() in answer.text


def says_sentence(answer: Any, code: str, **data: Any) -> bool:
    """Whether a page carries the whole sentence of a code."""
    return sentence(code, **data) in answer.text


def test_a_demand_becomes_a_counted_deal_by_different_accounts(town: DealCity) -> None:
    demand = post_a_demand(town)
    thread = answered_push(town, demand)
    talked(town, thread)
    proposal = town.at("shoes").get(f"/trade/deals/new?thread={thread}").text
    assert town.number(GLUE) in proposal and COLLEGE in proposal and SHOES in proposal
    deal = opened(town, thread)
    town.city.clock.forward(days=1)
    closed_deal(town, deal)
    verdict = town.verdict("deals", deal)
    assert verdict.strict, [reason for reason in verdict.reasons if reason.effect != "counts"]
    chain = town.at("college").get(f"/trade/deals/{deal}").text.split('id="chain"')[1]
    places = [chain.index(f"<strong>{word}</strong>") for word in ("发布需求", "匹配", "推送", "答复推送", "签订合同")]
    assert places == sorted(places)
    assert "匹配方法第 " in chain and "tfidf" not in chain, "the version, and no model name on pages of firms"


def test_an_offer_becomes_three_counted_licences_and_withdrawal_leaves_them(town: DealCity) -> None:
    offer = declared(town)
    with town.city.unit() as unit:
        for each in unit.session.execute(select(Enterprise)).scalars():
            each.local, each.local_decided_by = True, "hand"
        firm = unit.session.execute(select(Enterprise.id).where(Enterprise.name == ZIPPERS)).scalar_one()
        add_account(
            unit,
            login="zippers",
            display_name="zippers",
            role="enterprise",
            organisation_name=ZIPPERS,
            organisation_kind="enterprise",
            password="a fine long sentence",
            enterprise_id=firm,
        )
        let_speak(unit, ["zippers"])
    licences = [accepted(town, offer, who) for who in ("shoes", "umbrellas")]
    licences.append(accepted(town, offer, "zippers"))
    assert len(set(licences)) == 3
    town.city.clock.forward(days=3)
    done(town.at("college").post(f"/trade/offers/{offer}/end", {"on": town.today}))
    assert town.at("school").post(f"/trade/offers/{offer}/end", {"on": town.today}).status_code == 404
    assert {"notice_documented", "payment_documented", "filing_documented"} <= town.reasons("licences", licences[0])
    assert [town.verdict("licences", licence).strict for licence in licences] == [False, False, False]
    confirmed(town, "licences", licences)
    assert [town.verdict("licences", licence).strict for licence in licences] == [True, True, True]


def declared(town: DealCity, who: str = "college", patent: str = SOLE, **changes: Any) -> int:
    return place(town.at(who).post("/trade/offers/new", offer_form(town, patent, **changes)))


def offer_form(town: DealCity, patent: str = SOLE, **changes: Any) -> dict[str, Any]:
    fields = {
        "number": town.number(patent), "regime": "cnipa", "announcement_number": "2025-0601", "fee_method": "fixed",
        "fee_yuan": "20000", "valid_from_on": "2025-06-01", "valid_to_on": "2027-06-01", "industry": "制鞋",
        "industry_reason": "鞋底防滑是本市制鞋业的共性问题", "annuity": "yes", "all_owners": "1", "act": "publish",
    }  # fmt: skip
    return fields | changes


def accepted(town: DealCity, offer: int, who: str, pay: bool = True, file: bool = True) -> int:
    person = town.at(who)
    licence = place(person.post(f"/trade/offers/{offer}/accept"))
    notice = person.get(f"/trade/licences/{licence}/notice").text
    assert "第五十一条" in notice and town.number(SOLE) in notice
    assert person.get(f"/trade/licences/{licence}/notice.docx").data[:2] == b"PK"
    if pay:
        fields = {"paid_on": town.today, "paid_yuan": "20000", "file": paper(f"许可费 {who}")}
        done(person.post(f"/trade/licences/{licence}/payment", fields))
    if pay and file:
        done(
            person.post(
                f"/trade/licences/{licence}/filing", {"filed_on": town.today, "number": f"BA-{who}", "file": paper(who)}
            )
        )
    return licence


class TestForbiddenDeals:
    @pytest.mark.parametrize(
        ("patent", "seller", "code"),
        [
            (SPRAYER, COLLEGE, "deal_patent_dead"),
            (GLUE, "闽海学院", "deal_seller_not_owner"),
            (ZIPPER, "闽海学院", "deal_patent_bound"),
        ],
    )
    def test_a_deal_that_the_law_forbids_cannot_be_signed(
        self, town: DealCity, patent: str, seller: str, code: str
    ) -> None:
        deal = opened(town, application_numbers=town.number(patent), sellers=seller)
        assert says(town.at("shoes").get(f"/trade/deals/{deal}"), code)
        answer = signed(town, deal)
        assert answer.status_code == 422 and says(answer, code)
        assert town.verdict("deals", deal).literal is False

    def test_a_day_to_come_and_days_out_of_order_are_refused(self, town: DealCity) -> None:
        deal = opened(town)
        assert says(signed(town, deal, on=town.today + timedelta(days=1)), "deal_day_in_future")
        done(signed(town, deal))
        early = town.today - timedelta(days=1)
        assert says(stepped(town, deal, "registered", "EE01-7", on=early), "deal_registered_before_signing")
        assert says(stepped(town, deal, "registered", "EE01-7", on=town.today + timedelta(days=1)), "day_to_come")

    def test_a_stage_before_signing_and_after_cancelling_is_refused(self, town: DealCity) -> None:
        deal = opened(town)
        assert paid(town, deal).status_code == 409
        done(signed(town, deal))
        done(stepped(town, deal, "cancelled", "双方协议解除"))
        assert stepped(town, deal, "registered", "EE01-8").status_code == 409
        assert "deal_cancelled" in town.reasons("deals", deal)

    def test_a_contract_or_register_number_serves_one_deal(self, town: DealCity) -> None:
        first, second = opened(town), opened(town)
        done(signed(town, first))
        assert says(signed(town, second), "deal_number_in_use")
        done(signed(town, second, number="HT-2"))
        done(stepped(town, first, "registered", "EE01-9"))
        assert says(stepped(town, second, "registered", "EE01-9"), "deal_number_in_use")

    def test_affiliated_parties_are_told_with_evidence_and_not_counted(self, town: DealCity) -> None:
        with town.city.unit("operator") as unit:
            relate_parties(unit, COLLEGE, SHOES, "shareholder", "工商登记")
        touched(town)
        town.city.clock.forward(days=1)
        deal = opened(town)
        page = town.at("shoes").get(f"/trade/deals/{deal}").text
        assert "工商登记" in page
        closed_deal(town, deal)
        assert "parties_affiliated" in town.reasons("deals", deal) and not town.verdict("deals", deal).strict

    def test_a_shared_telephone_is_shown_to_the_parties_in_part_only(self, town: DealCity) -> None:
        with town.city.unit() as unit:
            for firm in unit.session.execute(select(Enterprise)).scalars():
                firm.contact_phone = "13812345678"
        deal = opened(town, who="operator", sellers=UMBRELLAS, buyers=SHOES)
        assert "13812345678" in town.at("operator").get(f"/trade/deals/{deal}").text
        page = town.at("shoes").get(f"/trade/deals/{deal}").text
        assert "13812345678" not in page and "138****78" in page

    def test_one_file_proves_one_record(self, town: DealCity) -> None:
        first, second = opened(town), opened(town)
        done(signed(town, first))
        done(signed(town, second, number="HT-2"))
        done(paid(town, first, "同一张凭证"))
        assert says(paid(town, second, "同一张凭证"), "evidence_used_elsewhere")
        assert says(paid(town, second, ""), "payment_unproven")

    def test_a_resale_is_told_and_not_counted(self, town: DealCity) -> None:
        touched(town)
        touched(town, who="umbrellas")
        town.city.clock.forward(days=1)
        first = opened(town, deal_type="transfer")
        done(signed(town, first))
        done(stepped(town, first, "registered", "TR01-1"))
        done(paid(town, first))
        phone = telephone(town, "reviewer")
        town.city.clock.forward(hours=1)
        done(confirm(town, "deals", first, "operator"))
        done(confirm(town, "deals", first, "reviewer", phone))
        assert town.verdict("deals", first).strict
        new_owner = PatentRecord(Source("register", 1), application_number=town.number(GLUE), owners=(SHOES,))
        with town.city.unit() as unit:
            PatentRecorder(unit, None).record([Row(new_owner.source, new_owner)])
        second = opened(town, deal_type="transfer", sellers=SHOES, buyers=UMBRELLAS)
        assert says(town.at("shoes").get(f"/trade/deals/{second}"), "deal_resale")
        town.city.clock.forward(days=1)
        done(signed(town, second, number="HT-2"))
        assert "deal_resale" in town.reasons("deals", second)

    def test_a_deal_without_a_platform_event_says_so_and_does_not_count(self, town: DealCity) -> None:
        deal = opened(town, buyers=ZIPPERS, who="operator")
        done(signed(town, deal, who="operator"))
        assert "deal_without_platform_event" in town.reasons("deals", deal)
        assert says(town.at("operator").get(f"/trade/deals/{deal}"), "deal_without_platform_event")

    def test_an_exclusive_licence_is_refused_while_an_open_licence_runs(self, town: DealCity) -> None:
        declared(town)
        fields = {"deal_type": "exclusive_licence", "application_numbers": town.number(SOLE), "sellers": COLLEGE,
                  "buyers": SHOES}  # fmt: skip
        answer = town.at("shoes").post("/trade/deals/new", fields)
        assert answer.status_code == 422 and says_sentence(
            answer, "deal_open_licence_running", number=town.number(SOLE)
        )
        ordinary = opened(town, application_numbers=town.number(SOLE))
        done(signed(town, ordinary))

    def test_nobody_else_sees_or_enters_a_deal(self, town: DealCity) -> None:
        deal = opened(town)
        for who in ("umbrellas", "school"):
            assert town.at(who).get(f"/trade/deals/{deal}").status_code == 404
            assert signed(town, deal, who=who).status_code == 404
        assert town.at("reviewer").get(f"/trade/deals/{deal}").status_code == 200
        stranger = {
            "deal_type": "transfer",
            "application_numbers": town.number(GLUE),
            "sellers": COLLEGE,
            "buyers": SHOES,
        }
        assert town.at("umbrellas").post("/trade/deals/new", stranger).status_code == 404

    def test_the_second_of_two_people_sees_what_changed(self, town: DealCity) -> None:
        deal = opened(town)
        page = town.at("shoes").get(f"/trade/deals/{deal}").text
        seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
        town.city.clock.forward(minutes=5)
        done(signed(town, deal, who="college"))
        late = town.at("shoes").post(
            f"/trade/deals/{deal}/step",
            {"to": "registered", "on": town.today, "number": "EE01-1", "seen": seen},
        )
        assert late.status_code == 409 and "deal.signed" in late.text


class TestForbiddenLicences:
    def test_a_licensee_who_is_not_local_is_not_counted(self, town: DealCity) -> None:
        licence = accepted(town, declared(town), "umbrellas")
        assert "licence_licensee_not_local" in town.reasons("licences", licence)

    def test_after_withdrawal_nothing_can_be_accepted(self, town: DealCity) -> None:
        offer = declared(town)
        done(town.at("college").post(f"/trade/offers/{offer}/end", {"on": town.today}))
        answer = town.at("shoes").post(f"/trade/offers/{offer}/accept")
        assert answer.status_code == 422 and says(answer, "offer_not_open")

    def test_an_unpaid_licence_is_not_reached_and_cannot_be_filed(self, town: DealCity) -> None:
        licence = accepted(town, declared(town), "shoes", pay=False)
        answer = town.at("shoes").post(f"/trade/licences/{licence}/filing", {"filed_on": town.today, "number": "BA-1"})
        assert says(answer, "licence_not_reached")
        assert town.verdict("licences", licence).literal is False

    def test_a_licence_filed_late_is_recorded_and_not_counted(self, town: DealCity) -> None:
        licence = accepted(town, declared(town), "shoes", file=False)
        assert "licence_filing_open" in town.reasons("licences", licence)
        town.city.clock.forward(days=120)
        assert says(town.at("shoes").get(f"/trade/licences/{licence}"), "licence_filing_overdue")
        done(town.at("shoes").post(f"/trade/licences/{licence}/filing", {"filed_on": town.today, "number": "BA-1"}))
        assert "licence_filed_late" in town.reasons("licences", licence)

    def test_the_same_firm_has_one_licence_and_the_holder_none(self, town: DealCity) -> None:
        offer = declared(town)
        accepted(town, offer, "shoes")
        assert town.at("shoes").post(f"/trade/offers/{offer}/accept").status_code == 409

    @pytest.mark.parametrize(
        ("patent", "changes", "code"),
        [
            (SPRAYER, {}, "declaration_dead"),
            (SOLE, {"annuity": "no"}, "declaration_annuity_unpaid"),
            (SOLE, {"suspended": "1"}, "declaration_suspended"),
            (SOLE, {"fee_yuan": ""}, "declaration_fee_missing"),
            (SOLE, {"valid_to_on": "2024-01-01", "valid_from_on": "2023-01-01"}, "declaration_period_over"),
            (SOLE, {"industry_reason": ""}, "offer_industry_unexplained"),
            (SOLE, {"regime": "pilot", "platform": "某平台"}, "offer_regime_out_of_time"),
        ],
    )
    def test_a_declaration_that_the_law_forbids_is_refused(
        self, town: DealCity, patent: str, changes: dict[str, Any], code: str
    ) -> None:
        answer = town.at("college").post("/trade/offers/new", offer_form(town, patent, **changes))
        assert answer.status_code == 422 and says(answer, code)

    def test_a_pledged_patent_needs_the_pledgee_and_another_holder_may_not_declare(self, town: DealCity) -> None:
        pledged = town.at("school").post("/trade/offers/new", offer_form(town, ZIPPER))
        assert says(pledged, "declaration_pledged")
        declared(town, "school", ZIPPER, pledgee_consented="1")
        assert town.at("school").post("/trade/offers/new", offer_form(town)).status_code == 403

    def test_the_checklist_is_shown_with_its_articles_before_publishing(self, town: DealCity) -> None:
        page = town.at("college").post("/trade/offers/new", offer_form(town, act="check", fee_yuan="30000000"))
        assert page.status_code == 200
        assert "专利法第五十条" in page.text and says(page, "declaration_fee_high")
        with town.city.unit() as unit:
            assert unit.session.execute(select(Licence.id)).first() is None
            assert unit.session.execute(select(Deal.id)).first() is None
