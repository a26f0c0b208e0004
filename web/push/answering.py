"""The form of an answer to one patent of a push, on the page of the inbox and on that of a message's link."""

from __future__ import annotations

from flask import render_template

from matchhub.services.pushes.inbox import InboxPush
from web.forms import ButtonField, Length, TextField
from web.page_forms import PageForms, SmallForm


class AnswerForm(SmallForm):
    """A coded answer with a remark; the page has one form for each patent."""

    code = ButtonField()
    note = TextField(validators=[Length(1, 500)])


def answer_forms(refused: SmallForm | None) -> PageForms:
    """The forms of a page that shows a push."""
    return PageForms({"answer": AnswerForm}, refused)


def answered_part(push: InboxPush, item_id: int, token: str, refused: SmallForm | None = None) -> str:
    """What takes the place of the buttons where scripts run: the answer that was given, or the refused form."""
    item = next(each for each in push.items if each.item_id == item_id)
    return render_template(
        "push/answered.html",
        item=item,
        push=push,
        token=token,
        just_answered=refused is None,
        forms=answer_forms(refused),
    )
