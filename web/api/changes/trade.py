"""What parties and the operator do in threads, deals, open-licence offers and licences."""

from __future__ import annotations

from web import record_forms
from web.api.operations import Change
from web.messages import settings
from web.operator import records, trade_forms
from web.trade import (
    award_records,
    deals,
    desk,
    licences,
    many,
    offers,
    party_words,
    relations,
    stories,
    threads,
)

_THREAD, _DEAL, _OFFER = "/threads/<int:thread_id>", "/deals/<int:deal_id>", "/offers/<int:offer_id>"
_AWARD = "/award-records/<int:record_id>"
_LICENCE, _ADDRESS = "/licences/<int:licence_id>", "/addresses/<int:address_id>"

CHANGES = (
    Change("conversations", "/threads", threads.open_thread, threads.InterestForm),
    Change("conversations", f"{_THREAD}/messages", threads.write, threads.MessageForm),
    Change("conversations", f"{_THREAD}/agree", threads.agree, threads.AgreementForm),
    Change("conversations", f"{_THREAD}/reveal", threads.reveal, threads.RevealForm),
    Change("conversations", f"{_THREAD}/close", threads.close, threads.ClosingForm),
    Change("conversations", f"{_THREAD}/guests", threads.invite, threads.GuestForm),
    Change("conversations", f"{_THREAD}/guests/<int:guest_id>/dismiss", threads.dismiss, threads.DismissalForm),
    Change("conversations", "/notices/<int:notice_id>/read", desk.read),
    Change("conversations", "/notices/read", desk.read_all),
    Change("conversations", "/choices", settings.save_choices, settings.ChoicesForm),
    Change("conversations", "/addresses", settings.add, settings.AddressForm),
    Change("conversations", f"{_ADDRESS}/confirm", settings.confirm, settings.CodeForm),
    Change("conversations", f"{_ADDRESS}/test", settings.test, settings.TestForm),
    Change("conversations", f"{_ADDRESS}/remove", settings.remove_address),
    Change("trade", "/deals", deals.new_deal, deals.OpeningForm),
    Change("trade", f"{_DEAL}/sign", deals.sign, deals.SigningForm, "deal", must_match=True),
    Change("trade", f"{_DEAL}/step", deals.step, deals.StageForm, "deal", must_match=True),
    Change("trade", f"{_DEAL}/pay", deals.pay, record_forms.DealPaymentForm, "deal", must_match=True),
    Change("trade", f"{_DEAL}/refund", deals.refund, record_forms.DealRefundForm, "deal", must_match=True),
    Change("trade", f"{_DEAL}/agency", deals.name_agency, deals.AgencyForm),
    Change("trade", f"{_DEAL}/word", party_words.give_deal_word, record_forms.PartyWordForm),
    Change("trade", f"{_DEAL}/story", stories.give_deal_story, record_forms.StoryForm),
    Change("trade", "/deals/recorded", trade_forms.new_deal, trade_forms.DealForm),
    Change("trade", f"{_DEAL}/cancel", records.cancel_contract, record_forms.CancellationForm, "deal", must_match=True),
    Change("trade", f"{_DEAL}/correct", records.correct_contract, record_forms.CorrectionForm, "deal", must_match=True),
    Change("trade", f"{_DEAL}/event", records.add_deal_event, record_forms.DealStepForm, "deal", must_match=True),
    Change("trade", f"{_DEAL}/payment", records.add_deal_payment, record_forms.DealPaymentForm, "deal", True),
    Change("trade", f"{_DEAL}/repayment", records.add_deal_refund, record_forms.DealRefundForm, "deal", True),
    Change("trade", f"{_DEAL}/withdraw", records.withdraw_record, record_forms.DealWithdrawalForm, "deal"),
    Change("trade", "/offers", offers.new_offer, offers.DeclarationForm),
    Change("trade", "/offers/many", many.declare_many, many.DeclareManyForm),
    Change("trade", "/offers/recorded", trade_forms.new_offer, trade_forms.OfferForm),
    Change("trade", f"{_OFFER}/accept", offers.accept, offers.AcceptanceForm, "offer"),
    Change("trade", f"{_OFFER}/accept-for", offers.accept_for, offers.AcceptanceForFirmForm, "offer"),
    Change("trade", f"{_OFFER}/announce", offers.announce, offers.AnnouncementForm, "offer"),
    Change("trade", f"{_OFFER}/end", offers.end, offers.EndForm, "offer"),
    Change("trade", "/licences/recorded", trade_forms.new_licence, trade_forms.LicenceForm),
    Change("trade", f"{_LICENCE}/payment", licences.pay_licence, licences.PaymentForm, "licence"),
    Change("trade", f"{_LICENCE}/refund", licences.refund_licence, licences.RefundForm, "licence"),
    Change("trade", f"{_LICENCE}/filing", licences.file_licence, licences.FilingForm, "licence"),
    Change("trade", f"{_LICENCE}/word", party_words.give_licence_word, record_forms.PartyWordForm),
    Change("trade", f"{_LICENCE}/story", stories.give_licence_story, record_forms.StoryForm),
    Change("trade", "/award-records", award_records.record_award, award_records.AwardForm),
    Change("trade", f"{_AWARD}/days", award_records.date_award, award_records.DatingForm),
    Change("trade", f"{_AWARD}/withdraw", award_records.withdraw_award, record_forms.WithdrawalForm),
    Change("parties", "/relations", relations.relate, relations.RelationForm),
    Change(
        "parties", "/relations/<int:relation_id>/withdraw", relations.withdraw_related, relations.WithdrawForm,
        prefix="r{relation_id}-",
    ),
)  # fmt: skip
