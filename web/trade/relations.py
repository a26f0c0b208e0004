"""Relations between parties (关联关系): the operator and the bureau enter, see and take back what is on file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import StopValidation

from matchhub.domain.affiliation import RELATIONS, party_key
from matchhub.errors import IdentifierInvalid, NotFound, Refusal
from matchhub.services.parties.relations import relate_parties, withdraw_relation
from matchhub.services.worklists.relations import list_relations
from web.errors import status_of
from web.forms import ChoiceField, Form, Length, Required, blame
from web.gate import act
from web.language import flash_notice, say_refusal, word
from web.listing import ask, show
from web.trade import blueprint
from web.trade.lists import RELATIONS as RELATIONS_LIST
from web.units import reading, writing

_FIELD_OF = {"relation_with_itself": "right", "relation_kind": "relation", "relation_evidence": "evidence"}


def _is_party(form: Any, field: Any) -> None:
    """What is made like a credit code must be one."""
    try:
        party_key(field.data or "")
    except IdentifierInvalid as fault:
        raise StopValidation(say_refusal(fault)) from fault


class RelationForm(Form):
    """Who is related to whom, how, and where it was seen."""

    left = StringField(validators=[Required(), Length(2, 200), _is_party])
    right = StringField(validators=[Required(), Length(2, 200), _is_party])
    relation = ChoiceField(choices=list(RELATIONS))
    evidence = TextAreaField(validators=[Required(), Length(2, 1000)])


class WithdrawForm(Form):
    """Why a relation is taken back."""

    reason = StringField(validators=[Required(), Length(2, 500)])


@blueprint.get("/relations")
@act("party.read_relations")
def relations() -> Any:
    """Relations between parties on file, and a form for a new one."""
    return _page(RelationForm(), {}, 200)


@blueprint.post("/relations")
@act("party.relate")
def relate() -> Response | tuple[str, int]:
    """Put a relation on file."""
    form = RelationForm()
    if not form.validate_on_submit():
        return _page(form, {}, 422)
    try:
        with writing() as unit:
            new = relate_parties(
                unit, form.left.data or "", form.right.data or "", form.relation.data, form.evidence.data or ""
            )
    except Refusal as refusal:
        blame(form, refusal, _FIELD_OF)
        return _page(form, {}, status_of(refusal))
    flash_notice(*(("notice_related",) if new else ("notice_related_already", "info")))
    return redirect(url_for("trade.relations"))


@blueprint.post("/relations/<int:relation_id>/withdraw")
@act("party.relate")
def withdraw_related(relation_id: int) -> Response | tuple[str, int]:
    """Take a relation back, with the reason."""
    form = WithdrawForm(prefix=_prefix(relation_id))
    if not form.validate_on_submit():
        return _page(RelationForm(formdata=None), {relation_id: form}, 422)
    try:
        with writing() as unit:
            withdraw_relation(unit, relation_id, form.reason.data or "")
    except NotFound:
        raise
    except Refusal as refusal:
        blame(form, refusal, {"relation_": "reason"})
        return _page(RelationForm(formdata=None), {relation_id: form}, status_of(refusal))
    flash_notice("notice_unrelated", "info")
    return redirect(url_for("trade.relations"))


def _prefix(relation_id: int) -> str:
    return f"r{relation_id}-"


def _page(form: RelationForm, refused: Mapping[int, WithdrawForm], status: int) -> Any:
    """The list with both kinds of form; ``refused``: the form of a row as it was sent."""
    asked = ask(RELATIONS_LIST)
    with reading() as unit:
        page = list_relations(unit, asked.value("q"), asked.sought, asked.value("relation"))
    forms = {
        each.id: refused.get(each.id) or WithdrawForm(formdata=None, prefix=_prefix(each.id))
        for each in page.items
        if each.may_withdraw
    }
    form.relation.choices = [(each, word("relation", each)) for each in RELATIONS]
    query = asked.value("q")
    shown = show("trade/relations.html", asked, page, form=form, query=query, withdrawing=forms, refused=refused)
    return shown if asked.ending else (shown, status)
