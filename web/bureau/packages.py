"""Claim packages: what each goal still lacks, building one, downloading and handing it in, what changed since."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField

from matchhub.dossier.changes import WHAT, Changes, changes_since
from matchhub.dossier.ledgers import gap_words
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.claim.claims import ask_package, claim_view, hand_in, lacks_worker, list_claims, package_file
from matchhub.services.claim.gaps import Gap
from matchhub.services.claim.package import Wish, goal_gaps
from matchhub.services.kernel.unit import Unit
from web.bureau import blueprint
from web.display import pack, threshold_title
from web.forms import ChoiceField, DayField, Length, TextField
from web.gate import act
from web.language import flash_notice, language, say_refusal, word
from web.listing import Column, Filter, Listing, ask, show
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing

WEIGHTS = ("needed", "advised", "uncounted")


def _goals() -> list[tuple[str, str]]:
    return [(each.key, f"{each.citation.clause} {each.title(language())}") for each in pack().goals]


class PackageForm(SmallForm):
    """What package is wanted."""

    blamed = {"claim_day": "as_of", "goal_unknown": "goal"}
    goal = ChoiceField(choices=_goals)
    as_of = DayField()
    unmasked = BooleanField()


class HandInForm(SmallForm):
    """The day on which a package was handed in, and its receipt."""

    blamed = {"claim_day": "day"}
    day = DayField()
    note = TextField(validators=[Length(0, 500)])


def _thresholds() -> list[tuple[str, str]]:
    return [(each.key, each.title(language())) for each in pack().thresholds]


GAPS = Listing(
    "gaps",
    ("材料缺项", "Gaps"),
    (
        Column("threshold", ("指标", "Number"), lambda gap: threshold_title(gap.threshold), 18),
        Column("record", ("编号", "Record"), lambda gap: gap.record_id, 9),
        Column("title", ("名称", "Title"), lambda gap: gap.label.title, 44),
        Column("number", ("号码", "Official number"), lambda gap: gap.label.number, 22),
        Column("weight", ("类别", "Kind"), lambda gap: word("package_gap", gap.weight), 22),
        Column("lacks", ("缺少的材料或不计入的原因", "What is missing, or why it does not count"),
               lambda gap: "\n".join(gap_words(gap, language())), 80, sorts=False),
    ),
    (
        Filter("weight", ("类别", "Kind"), "choice", lambda: [(key, word("package_gap", key)) for key in WEIGHTS],
               lambda gap: gap.weight),
        Filter("threshold", ("指标", "Number"), "choice", _thresholds, lambda gap: gap.threshold),
        Filter("q", ("名称或号码", "Title or number")),
        Filter("goal", ("奖励事项", "Goal"), "hidden"),
    ),
    lambda gap: url_for("bureau.record", kind=gap.kind, record_id=gap.record_id),
    "progress.export",
    lambda gap: (gap.threshold, gap.record_id, gap.weight),
)  # fmt: skip
CHANGES = Listing(
    "changes",
    ("申报后的变化", "Changes since the claim"),
    (
        Column("threshold", ("指标", "Number"), lambda row: threshold_title(row.threshold), 18),
        Column("record", ("编号", "Record"), lambda row: row.record_id, 9),
        Column("title", ("名称", "Title"), lambda row: row.label.title, 44),
        Column("number", ("号码", "Official number"), lambda row: row.label.number, 22),
        Column("what", ("变化", "Change"), lambda row: word("package_change", row.what), 22),
    ),
    (
        Filter("what", ("变化", "Change"), "choice", lambda: [(key, word("package_change", key)) for key in WHAT],
               lambda row: row.what),
        Filter("threshold", ("指标", "Number"), "choice", _thresholds, lambda row: row.threshold),
    ),
    lambda row: url_for("bureau.record", kind=row.kind, record_id=row.record_id),
    "progress.export",
    lambda row: (row.threshold, row.record_id),
)  # fmt: skip


@blueprint.get("/packages")
@act("claim.read")
def packages() -> str:
    """All packages, the newest first, and the form that asks for one."""
    return _packages(None)


def _packages(refused: SmallForm | None) -> str:
    with reading() as unit:
        listed, today = list_claims(unit), unit.today
    forms = PageForms({"package": PackageForm}, refused)
    return render_template(
        "bureau/packages.html", claims=listed, forms=forms, goals=pack().goals, titles=dict(_goals()), today=today
    )


@blueprint.post("/packages")
@act("claim.build")
@shown_again(_packages)
def build_package() -> Response:
    """Ask the worker for a package."""
    with sent(PackageForm) as form, writing() as unit:
        number = ask_package(unit, Wish(form.goal.data, form.as_of.data, form.unmasked.data))
    return redirect(url_for("bureau.package", claim_id=number))


@blueprint.get("/packages/gaps")
@act("claim.read")
def package_gaps() -> Any:
    """What each record of a goal still lacks, before anything is built."""
    listed = ask(GAPS)
    with reading() as unit:
        found = goal_gaps(unit, Wish(request.args.get("goal", "")))
    page = listed.page(sorted(found.gaps, key=_by_weight))
    numbers = {key: sum(gap.weight == key for gap in found.gaps) for key in WEIGHTS}
    return show("bureau/package_gaps.html", listed, page, found=found, numbers=numbers, words=gap_words)


def _by_weight(gap: Gap) -> int:
    return WEIGHTS.index(gap.weight)


@blueprint.get("/packages/<int:claim_id>")
@act("claim.read")
def package(claim_id: int) -> str:
    """One package: how far it is, its digests, handing in."""
    return _package(None, claim_id)


def _package(refused: SmallForm | None, claim_id: int) -> str:
    with reading() as unit:
        claim, asleep, today = claim_view(unit, claim_id), lacks_worker(unit), unit.today
        kept = _at_hand(unit, claim_id)
    part = "bureau/package_state.html" if request.headers.get("HX-Request") else "bureau/package.html"
    forms = PageForms({"hand_in": HandInForm}, refused)
    title = dict(_goals()).get(claim.goal, claim.goal)
    return render_template(part, claim=claim, asleep=asleep, today=today, forms=forms, kept=kept, goal_title=title)


def _at_hand(unit: Unit, claim_id: int) -> str:
    """Whether the reader can have the file: "yes", "withheld" for what is in it, "damaged" where it is
    not what was built, or "" where it is not kept here."""
    try:
        package_file(unit, claim_id)
    except NotAllowed:
        return "withheld"
    except NotFound:
        return ""
    except Conflict:
        return "damaged"
    return "yes"


@blueprint.get("/packages/<int:claim_id>/package.zip")
@act("claim.read")
def package_zip(claim_id: int) -> Response:
    """The package itself."""
    with reading() as unit:
        file, claim = package_file(unit, claim_id), claim_view(unit, claim_id)
    name = f"{claim.goal}-{claim.as_of_on.isoformat()}-{claim_id}.zip"
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)


@blueprint.post("/packages/<int:claim_id>/hand-in")
@act("claim.hand_in")
@shown_again(_package)
def hand_in_package(claim_id: int) -> Response:
    """Note that a package was handed in."""
    with sent(HandInForm) as form, writing() as unit:
        hand_in(unit, claim_id, form.day.data or unit.today, form.note.data or "")
    flash_notice("notice_claim_handed_in")
    return redirect(url_for("bureau.package", claim_id=claim_id))


@blueprint.get("/packages/<int:claim_id>/changes")
@act("claim.read")
def package_changes(claim_id: int) -> Any:
    """What changed in the base since a package was built."""
    listed, fault = ask(CHANGES), ""
    with reading() as unit:
        claim = claim_view(unit, claim_id)
        try:
            found = changes_since(unit, claim_id)
        except Refusal as refusal:
            if refusal.code not in ("package_not_found", "package_damaged"):
                raise
            found, fault = Changes(claim.built_at, (), {}), say_refusal(refusal)
    page = listed.page(found.changes)
    return show("bureau/package_changes.html", listed, page, claim=claim, found=found, fault=fault, kinds=WHAT)
