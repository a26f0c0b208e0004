"""Many own patents at once: put on offer, or declared open licences, by one set of terms, after a preview of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.domain.licensing import may_publish
from matchhub.services.licensing import declaring_many
from matchhub.services.licensing.declaring import NewOffer
from matchhub.services.licensing.declaring_many import Stated
from matchhub.services.patents import listing_many
from matchhub.services.patents.many import Recorded
from web.fields import RecordsField
from web.gate import act
from web.language import flash_notice
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_numbers
from web.trade import blueprint
from web.trade.offers import DeclarationTermsForm
from web.trade.patent_offers import ListingTermsForm, listing_terms
from web.units import reading, writing


class ListManyForm(ListingTermsForm):
    """The terms of patents put on offer together, and which these are."""

    kept = RecordsField()


class DeclareManyForm(DeclarationTermsForm):
    """The terms of declarations made together, which patents, and what the holder states of single ones."""

    kept = RecordsField()
    reports = RecordsField()
    owners = RecordsField()
    pledgees = RecordsField()

    def stated(self) -> Stated:
        """What was ticked of single patents."""
        return Stated(*(frozenset(field.data or ()) for field in (self.reports, self.owners, self.pledgees)))


@blueprint.route("/listings/many", methods=["GET", "POST"])
@act("patent_offer.make_many")
@shown_again(lambda refused: _listing_page(refused))
def list_many() -> Response | str:
    """Put many chosen own patents on offer: which can and which cannot, then one act for those that can."""
    if request.method == "GET":
        return _listing_page(None)
    with sent(ListManyForm) as form, writing() as unit:
        ids = form.kept.data or ()
        recorded = listing_many.list_many(unit, ids, listing_terms(form))
    return _told(recorded, _LISTED, ids)


def _listing_page(form: SmallForm | None) -> str:
    ids = _ids(form)
    with reading() as unit:
        lines = listing_many.preview_listings(unit, ids)
    forms = PageForms({"list": ListManyForm}, form)
    return render_template("trade/list_many.html", forms=forms, lines=lines, values={"kept": _own(lines)})


@blueprint.route("/offers/many", methods=["GET", "POST"])
@act("offer.declare_many")
@shown_again(lambda refused: _declaring_page(refused))
def declare_many() -> Response | str:
    """Declare open licences of many chosen own patents: the checklist of each, then one act for those that can."""
    if request.method == "GET":
        return _declaring_page(None)
    with sent(DeclareManyForm) as form:
        if form.act.data != "publish":
            with reading() as unit:
                declaring_many.check_declared_terms(unit, form.terms())
            return _declaring_page(form)
        with writing() as unit:
            ids = form.kept.data or ()
            recorded = declaring_many.declare_many(unit, ids, form.terms(), form.stated())
    return _told(recorded, _DECLARED, ids)


def _declaring_page(form: SmallForm | None) -> str:
    ids, typed = _ids(form), form if isinstance(form, DeclareManyForm) else None
    readable = typed is not None and not any(field.process_errors for field in typed) and typed.regime.data
    terms = typed.terms() if typed is not None and readable else NewOffer(number="")
    stated = typed.stated() if typed is not None else Stated()
    with reading() as unit:
        lines = declaring_many.preview_declarations(unit, ids, terms, stated)
        faults = declaring_many.terms_that_block(unit, ids, terms) if readable else ()
    return render_template(
        "trade/declare_many.html",
        forms=PageForms({"declare": DeclareManyForm}, form),
        lines=lines,
        faults=faults,
        checked=bool(readable),
        ready=bool(readable) and may_publish(faults),
        stated=stated,
        values={"kept": _own(lines), "regime": "cnipa", "fee_method": "fixed"},
    )


def _ids(form: SmallForm | None) -> tuple[int, ...]:
    """The chosen patents: those the form carries, else those of the address, boxes just unticked left out."""
    if form is not None and isinstance(form, (ListManyForm, DeclareManyForm)):
        return tuple(form.kept.data or ())
    shown = set(asked_numbers("shown"))
    kept = [key for key in asked_numbers("kept") if key not in shown]
    return tuple(dict.fromkeys([*kept, *asked_numbers("tick")]))


def _own(lines: Any) -> tuple[int, ...]:
    return tuple(line.patent_id for line in lines)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Where an act on many patents leads and what is said: where all was done, and where some were not."""

    all_at: str
    all_code: str
    some_at: str
    some_code: str


_LISTED = _Telling("trade.patent_offers", "notice_listed_many_all", "trade.list_many", "notice_listed_many")
_DECLARED = _Telling("trade.records", "notice_declared_many_all", "trade.declare_many", "notice_declared_many")


def _told(recorded: Recorded, telling: _Telling, ids: tuple[int, ...]) -> Response:
    """Where all was done, to the list it stands in; else back to what was chosen, which says why of each."""
    if not recorded.refused:
        flash_notice(telling.all_code, done=len(recorded.done))
        return redirect(url_for(telling.all_at))
    kind = "success" if recorded.done else "info"
    flash_notice(telling.some_code, kind, done=len(recorded.done), refused=len(recorded.refused))
    return redirect(url_for(telling.some_at, kept="-".join(map(str, ids))))
