"""What firms and institutions do: demands, followed patents, answers to pushes, own patents, own lists."""

from __future__ import annotations

from web import record_forms
from web.api.operations import Change
from web.enterprise import contact, demand_form, demands, favourites, inbox, life
from web.home import grading, presenting, saved
from web.institution import fitting, own_lists
from web.matching import words
from web.push import answering
from web.trade import drafts, many, patent_offers, readers

_DEMAND, _PATENT, _OFFER = "/demands/<int:demand_id>", "/patents/<int:patent_id>", "/listings/<int:patent_offer_id>"
_DRAFT = "/drafts/<int:draft_id>"

CHANGES = (
    Change("demands", "/demands", demands.post_demand, demand_form.DemandForm),
    Change("demands", f"{_DEMAND}/edit", demands.resubmit, demand_form.DemandForm, "own_demand", must_match=True),
    Change("demands", f"{_DEMAND}/withdraw", life.withdraw, life.StepForm, "own_demand"),
    Change("demands", f"{_DEMAND}/solved", life.solved, life.StepForm, "own_demand"),
    Change("demands", f"{_DEMAND}/reconfirm", life.reconfirm, life.ReconfirmForm, "own_demand"),
    Change("demands", f"{_DEMAND}/authorise", life.authorise, life.AuthoriseForm, "own_demand"),
    Change("demands", f"{_DEMAND}/readers", readers.set_readers, readers.ReadersForm),
    Change("demands", f"{_DEMAND}/invitations", readers.invite_reader, readers.InvitationForm),
    Change("demands", f"{_DEMAND}/interest", fitting.offer, fitting.OfferForm),
    Change("demands", "/drafts", drafts.save_new_draft, drafts.DraftForm),
    Change("demands", _DRAFT, drafts.save_draft, drafts.DraftForm, "draft", must_match=True),
    Change("demands", f"{_DRAFT}/confirm", drafts.confirm_draft, drafts.PostingForm, "draft"),
    Change("demands", f"{_DRAFT}/discard", drafts.discard_draft, record_forms.DiscardForm, "draft"),
    Change("demands", "/drafts/batch", drafts.enter_batch, drafts.BatchForm),
    Change("matching", f"{_DEMAND}/words", words.add_demand_word, words.WordForm),
    Change("matching", f"{_DEMAND}/words/<int:refinement_id>/remove", words.remove_demand_word),
    Change("patents", f"{_PATENT}/contact", contact.ask_contact, contact.ContactForm),
    Change("patents", f"{_PATENT}/presentation", presenting.present, presenting.TellForm),
    Change("patents", f"{_PATENT}/files", presenting.add_patent_file, presenting.FileForm),
    Change("patents", f"{_PATENT}/files/<int:file_id>/remove", presenting.remove_patent_file, presenting.RemoveForm),
    Change("patents", f"{_PATENT}/holder-grade", grading.grade_as_holder, grading.HolderGradeForm),
    Change("patents", f"{_PATENT}/firm-grade", grading.grade_as_firm, grading.FirmGradeForm),
    Change("patents", f"{_PATENT}/follow", favourites.follow),
    Change("patents", f"{_PATENT}/unfollow", favourites.unfollow),
    Change("patents", f"{_PATENT}/note", favourites.note, favourites.NoteForm),
    Change("patents", "/followed/forget", favourites.forget, favourites.ForgetForm),
    Change("patents", "/searches/<kind>/save", saved.save),
    Change("patents", "/searches/<int:search_id>/seen", saved.see),
    Change("patents", "/searches/<int:search_id>/remove", saved.remove),
    Change("patents", "/listings", patent_offers.new_patent_offer, patent_offers.PatentOfferForm),
    Change("patents", "/listings/many", many.list_many, many.ListManyForm),
    Change("patents", f"{_OFFER}/proof", patent_offers.prove_patent_offer, patent_offers.ProofForm),
    Change("patents", f"{_OFFER}/withdraw", patent_offers.withdraw_patent_offer, record_forms.WithdrawalForm),
    Change("patents", f"{_OFFER}/decide", patent_offers.decide_patent_offer, patent_offers.DecisionForm),
    Change("pushes", "/inbox/<int:push_id>/read", inbox.read_push),
    Change("pushes", "/inbox/items/<int:item_id>/answer", inbox.answer, answering.AnswerForm),
    Change("pushes", "/inbox/off", inbox.pushes_off),
    Change("pushes", "/inbox/on", inbox.pushes_on),
    Change("imports", "/own-lists", own_lists.send_own_list, own_lists.ListForm),
    Change("imports", "/own-lists/waiting/<token>", own_lists.write_own_list, own_lists.WriteForm),
    Change("imports", "/own-lists/waiting/<token>/drop", own_lists.drop_own_list),
    Change("imports", "/own-lists/<int:batch_id>/undo", own_lists.undo_own_list, own_lists.UndoForm),
)
