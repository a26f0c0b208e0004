"""Work assigned from the ledger: the list of all, giving it to a colleague, handing it on, taking it back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.domain.counting.acts import ACTS
from matchhub.domain.organisations import OPERATOR
from matchhub.services.claim.narrowing import Wanted, found_rows
from matchhub.services.counting.counts import question
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.rows import kind_of
from matchhub.services.worklists.assigned import STATES, WorkView, colleagues, work_item, work_list
from matchhub.services.worklists.assigning import MOST, Order, Task, assign, change_item, take_back, tasks_of
from web.display import moment, threshold_title
from web.forms import ChoiceField, DayField, Length, Required, TextField
from web.gate import act
from web.language import flash_notice, t, word
from web.listing import Column, Filter, Listing, ask, show
from web.operator import blueprint
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_text
from web.units import reading, writing

_FILTERS = ("show", "code", "lack", "act", "q", "trade", "source", "person")


def _colleagues() -> Iterator[tuple[str, str]]:
    with reading() as unit:
        yield from ((str(key), name) for key, name in colleagues(unit).items())


class OrderForm(SmallForm):
    """To whom, by which day, with which note."""

    blamed = {"work_assignee": "assignee", "work_day": "due_on"}
    assignee = ChoiceField(choices=lambda: list(_colleagues()), validators=[Required()])
    due_on = DayField(validators=[Required()])
    note = TextField(validators=[Length(0, 500)])

    def order(self) -> Order:
        """What was typed, as the service takes it."""
        assert self.due_on.data is not None  # validated
        return Order(int(self.assignee.data), self.due_on.data, self.note.data or "")


class TakeBackForm(SmallForm):
    """Why an item ends without being done."""

    blamed = {"work_reason": "reason"}
    reason = TextField(validators=[Length(0, 500)])


WORK = Listing(
    "work",
    ("指派的工作", "Assigned work"),
    (
        Column("title", ("记录", "Record"), lambda row: row.label.title or f"#{row.record}", 40),
        Column("kind", ("种类", "Kind"), lambda row: word("kind", row.kind), 12),
        Column("act", ("要做的事", "To be done"), lambda row: word("mending", row.act), 24),
        Column("threshold", ("指标", "Number"), lambda row: threshold_title(row.threshold), 18),
        Column("assignee", ("负责人", "Assigned to"), lambda row: row.assignee, 20),
        Column("due", ("期限", "Due"), lambda row: row.due_on, 12),
        Column("overdue", ("逾期天数", "Days overdue"), lambda row: row.overdue or None, 10),
        Column("state", ("状态", "State"), lambda row: word("work_outcome", row.outcome or "open"), 14),
        Column("note", ("说明", "Note"), lambda row: row.note, 40, sorts=False),
        Column("by", ("指派人", "Assigned by"), lambda row: row.assigned_by, 20),
        Column("at", ("指派时间", "Assigned at"), lambda row: moment(row.assigned_at), 18),
        Column("settled", ("结束时间", "Ended"), lambda row: moment(row.settled_at) if row.settled_at else "", 18),
    ),
    (
        Filter("q", ("名称、负责人或说明", "Name, person or note")),
        Filter("state", ("状态", "State"), "choice",
               lambda: [(each, word("work_state", each)) for each in (*STATES, "overdue")],
               lambda row: (row.state, *(["overdue"] if row.overdue else []))),
        Filter("who", ("负责人", "Assigned to"), "choice",
               lambda: [("mine", t("我", "me")), ("others", t("其他人", "others"))], lambda row: _who(row)),
        Filter("act", ("要做的事", "To be done"), "choice",
               lambda: [(each.key, word("mending", each.key)) for each in ACTS if each.by == OPERATOR],
               lambda row: row.act),
        Filter("until", ("期限不晚于", "Due until"), "until", of=lambda row: row.due_on),
    ),
    lambda row: url_for("operator.work_page", item_id=row.id),
    "work.read",
)  # fmt: skip


def _who(row: WorkView) -> str:
    return "mine" if row.assignee_id == g.actor.account_id else "others"


@blueprint.get("/assignments")
@act("work.read")
def work() -> Any:
    """Everything assigned, open and overdue first."""
    listed = ask(WORK)
    with reading() as unit:
        rows = work_list(unit)
    return show("operator/work.html", listed, listed.page(rows), rows=rows)


@blueprint.get("/new-assignments")
@act("work.assign")
def new_work() -> str:
    """The tasks of the chosen records, and the form that gives them to a colleague."""
    return _new(None)


def _new(refused: SmallForm | None) -> str:
    with reading() as unit:
        threshold, tasks = _chosen(unit)
        mine = unit.actor.account_id
    forms = PageForms({"order": OrderForm}, refused)
    return render_template(
        "operator/work_new.html", threshold=threshold, tasks=tasks, forms=forms, mine=mine, most=MOST,
        fresh=[each for each in tasks if each.item is None],
    )  # fmt: skip


def _chosen(unit: Unit) -> tuple[str, tuple[Task, ...]]:
    """The number and the tasks that the address names: by ticked records, or all that a filter of the ledger finds.

    Raises ``NotFound("threshold_not_found")``.
    """
    threshold = asked_text("goal")
    kind_of(threshold, question(unit))
    return threshold, tasks_of(unit, threshold, _records(unit, threshold))


def _records(unit: Unit, threshold: str) -> set[int]:
    ticked = {number for each in request.args.getlist("rows") if (number := _number(each)) is not None}
    if ticked or "all" not in request.args:
        return ticked
    said = {key: asked_text(key) for key in _FILTERS}
    wanted = Wanted(
        show=said["show"] or "near",
        code=said["code"],
        lack=said["lack"],
        act=said["act"],
        query=said["q"],
        trade=said["trade"],
        source=_number(said["source"]),
        person=_number(said["person"]),
    )
    return {each.record_id for each in found_rows(unit, threshold, question(unit), wanted)}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


@blueprint.post("/new-assignments")
@act("work.assign")
@shown_again(_new)
def assign_work() -> Response:
    """Make items of the chosen tasks."""
    with sent(OrderForm) as form, writing() as unit:
        threshold = asked_text("goal")
        made = assign(unit, threshold, _records(unit, threshold), form.order())
    flash_notice("notice_work_made", number=made)
    return redirect(url_for("operator.work", state="open"))


FORMS: dict[str, type[SmallForm]] = {"order": OrderForm, "take_back": TakeBackForm}


@blueprint.get("/assignments/<int:item_id>")
@act("work.read")
def work_page(item_id: int) -> str:
    """One item: its record, to whom and by when, how it stands."""
    return _item(None, item_id)


def _item(refused: SmallForm | None, item_id: int) -> str:
    with reading() as unit:
        item = work_item(unit, item_id)
    return render_template("operator/work_item.html", item=item, forms=PageForms(FORMS, refused))


@blueprint.post("/assignments/<int:item_id>")
@act("work.assign")
@shown_again(_item)
def change_work(item_id: int) -> Response:
    """Hand an item on, or give it another day or note."""
    with sent(OrderForm) as form, writing() as unit:
        change_item(unit, item_id, form.order())
    flash_notice("notice_work_changed")
    return redirect(url_for("operator.work_page", item_id=item_id))


@blueprint.post("/assignments/<int:item_id>/take-back")
@act("work.assign")
@shown_again(_item)
def take_work_back(item_id: int) -> Response:
    """End an item without its being done."""
    with sent(TakeBackForm) as form, writing() as unit:
        take_back(unit, item_id, form.reason.data or "")
    flash_notice("notice_work_taken_back")
    return redirect(url_for("operator.work_page", item_id=item_id))
