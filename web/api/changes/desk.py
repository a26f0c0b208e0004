"""What the operator does: demands, pushes, files, reviews, the thesaurus, the worker's jobs."""

from __future__ import annotations

from web import record_forms
from web.api.operations import Change
from web.enterprise.demand_form import DemandForm
from web.intake import batches, corrections, files, similar
from web.intake import jobs as import_jobs
from web.matching import learned, thesaurus
from web.operator import demands, jobs, new_demand, push_desk, pushes, records, reviews, work

_DEMAND, _DRAFT, _REVIEW = "/demands/<int:demand_id>", "/push-drafts/<int:draft_id>", "/reviews/<int:review_id>"
_UPLOAD, _PAIR, _RECORD = "/uploads/<token>", "/pairs/<int:pair_id>", "/records/<kind>/<int:record_id>"

CHANGES = (
    Change("demands", "/enterprises/<int:enterprise_id>/demands", new_demand.new_demand, DemandForm),
    Change("demands", f"{_DEMAND}/verify", demands.verify_demand, demands.VerifyForm, "reviewed_demand"),
    Change("demands", f"{_DEMAND}/return", demands.return_demand, demands.ReturnForm, "reviewed_demand"),
    Change("demands", f"{_DEMAND}/move", demands.move, demands.MoveForm, "reviewed_demand"),
    Change("demands", f"{_DEMAND}/likeness", demands.decide_likeness, demands.LikenessForm, "reviewed_demand"),
    Change("demands", f"{_DEMAND}/sheet", demands.file_sheet, demands.SheetForm),
    Change("parties", "/enterprises/<int:enterprise_id>/local", records.set_local, record_forms.LocalityForm),
    Change("pushes", "/pushes/match", pushes.match_now),
    Change("pushes", "/pushes/plan", pushes.plan_now),
    Change("pushes", "/pushes/send", pushes.send_now),
    Change("pushes", "/pushes/<int:push_id>/withdraw", pushes.withdraw_push, pushes.WithdrawForm),
    Change("pushes", "/bounces/<int:bounce_id>/lift", pushes.lift, pushes.LiftForm),
    Change("pushes", f"{_DRAFT}/add", push_desk.add_patent_to_draft, push_desk.AddPatentForm),
    Change("pushes", f"{_DRAFT}/confirm", push_desk.confirm_push_draft, push_desk.ConfirmAllForm),
    Change("pushes", f"{_DRAFT}/confirm-ticked", push_desk.confirm_ticked_pairs, push_desk.TickedForm),
    Change("pushes", f"{_DRAFT}/day", push_desk.move_pairs, push_desk.TickedForm),
    Change("pushes", f"{_DRAFT}/take-out", push_desk.take_out_pairs, push_desk.TickedForm),
    Change("pushes", f"{_DRAFT}/discard", push_desk.discard_push_draft, push_desk.PlainForm),
    Change("pushes", f"{_DRAFT}/pairs/<int:pair_id>/add", push_desk.add_pair, push_desk.AddForm),
    Change("pushes", f"{_DRAFT}/pairs/<int:pair_id>/back", push_desk.put_pair_back, push_desk.PlainForm),
    Change("pushes", f"{_DRAFT}/pairs/<int:pair_id>/test", push_desk.send_test_letter, push_desk.PlainForm),
    Change("imports", "/uploads", files.send_files, files.UploadForm),
    Change("imports", f"{_UPLOAD}/kind", files.change_kind, files.KindForm),
    Change("imports", f"{_UPLOAD}/drop", files.drop_file, files.DropForm),
    Change("imports", f"{_UPLOAD}/discard", files.discard),
    Change("imports", f"{_UPLOAD}/jobs", files.begin, corrections.CorrectionsForm),
    Change("imports", "/jobs/<int:job_id>/cancel", import_jobs.cancel, import_jobs.CancelForm),
    Change("imports", "/jobs/<int:job_id>/again", import_jobs.again, import_jobs.AgainForm),
    Change("imports", "/batches/<int:batch_id>/undo", batches.undo_batch, batches.UndoForm),
    Change("imports", _PAIR, similar.decide_pair, similar.DecisionForm),
    Change("imports", f"{_PAIR}/reopen", similar.reopen_pair, similar.ReopenForm),
    Change("imports", f"{_REVIEW}/link", reviews.link_review, reviews.LinkForm),
    Change("imports", f"{_REVIEW}/refuse", reviews.refuse_review, reviews.RefuseForm),
    Change("imports", f"{_REVIEW}/reopen", reviews.reopen_review, reviews.ReopenForm),
    Change("imports", f"{_REVIEW}/retry", reviews.retry_review, reviews.RetryForm),
    Change("imports", "/reviews/retry", reviews.retry_all_reviews, reviews.RetryAllForm),
    Change("records", f"{_RECORD}/evidence", records.add_evidence, record_forms.EvidenceForm),
    Change(
        "records", f"{_RECORD}/evidence/<int:evidence_id>/withdraw", records.withdraw_evidence_of,
        record_forms.WithdrawalForm,
    ),
    Change("records", f"{_RECORD}/contact", records.reveal),
    Change("records", "/assignments/<int:item_id>", work.change_work, work.OrderForm),
    Change("records", "/assignments/<int:item_id>/take-back", work.take_work_back, work.TakeBackForm),
    Change("matching", "/thesaurus", thesaurus.add, thesaurus.EntryForm),
    Change("matching", "/thesaurus/<int:entry_id>/withdraw", thesaurus.withdraw, thesaurus.WithdrawForm),
    Change("matching", "/learned/train", learned.train_now),
    Change("matching", "/learned/<int:entry_id>/strike", learned.strike, learned.StrikeForm),
    Change("site", "/worker/<name>/run", jobs.run_job_now),
    Change("site", "/worker/<name>/pause", jobs.pause),
    Change("site", "/worker/<name>/resume", jobs.resume),
)  # fmt: skip
