"""What the bureau does: its word on records, with a one-time code where the rules ask for one."""

from __future__ import annotations

from web import record_forms
from web.api.operations import Change
from web.bureau import (
    changes,
    checkpoints,
    confirmations,
    evidence,
    industries,
    packages,
    records,
    rule_packs,
    samples,
    sources,
    worksheets,
)

_RECORD, _SAMPLE = "/records/<kind>/<int:record_id>", "/samples/<int:sample_id>"

CHANGES = (
    Change("records", f"{_RECORD}/word", confirmations.give_confirmation, records.ConfirmationForm),
    Change(
        "records", f"{_RECORD}/word/<int:confirmation_id>/withdraw", confirmations.withdraw_confirmation,
        records.TakingBackForm,
    ),
    Change("records", f"{_RECORD}/overrule", confirmations.overrule, records.OverrulingForm),
    Change("records", f"{_RECORD}/allowance", confirmations.allow_payments, records.AllowanceForm),
    Change(
        "records", f"{_RECORD}/objection/<int:word_id>/settle", confirmations.settle_objection,
        record_forms.SettlingForm
    ),
    Change("records", "/offers/<int:record_id>/industry", industries.judge_offer_industry, records.IndustryForm),
    Change("records", "/evidence/alike/<int:repetition_id>", evidence.decide_similar_evidence, evidence.ComparisonForm),
    Change("counts", "/sources/<int:batch_id>", sources.decide_source, sources.SourceForm),
    Change("counts", "/pack", rule_packs.confirm_rule_pack, rule_packs.PackConfirmationForm),
    Change("counts", "/thresholds/<goal>/sample", samples.draw_sample, samples.DrawingForm),
    Change("counts", f"{_SAMPLE}/records/<int:record_id>", samples.note_finding, samples.FindingForm),
    Change("counts", f"{_SAMPLE}/close", samples.close_sample, samples.ClosingForm),
    Change("counts", f"{_SAMPLE}/sheet", worksheets.send_worksheet, samples.WorksheetForm),
    Change("counts", "/changes", changes.keep_changes, changes.LookForm),
    Change("counts", "/checkpoints", checkpoints.make_checkpoint),
    Change("counts", "/packages", packages.build_package, packages.PackageForm),
    Change("counts", "/packages/<int:claim_id>/hand-in", packages.hand_in_package, packages.HandInForm),
)  # fmt: skip
