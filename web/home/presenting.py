"""What the holder tells of its patent: its form, its drawings and documents, and their pages as pictures."""

from __future__ import annotations

from io import BytesIO

from flask import redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField

from matchhub.domain.maturity import stages
from matchhub.services.patents.page import patent_view
from matchhub.services.presentations import presenting
from web.bureau.evidence import SANDBOX
from web.fields import UploadField
from web.forms import ChoiceField, Length, NoteField, Required, TextField
from web.gate import act
from web.home import blueprint
from web.language import flash_notice, t, word
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing


class TellForm(SmallForm):
    """What the buyer gets, how mature it is, where a video is, and whether everybody may see it."""

    blamed = {"field_length": "gains", "field_choice": "maturity", "video_link": "video_link"}
    gains = NoteField(validators=[Length(0, presenting.MOST_LETTERS)])
    maturity = ChoiceField(
        default="",
        choices=lambda: [("", t("不填写", "not said")), *((s.key, word("maturity", s.key)) for s in stages())],
    )
    video_link = TextField(validators=[Length(0, 300)])
    shown = BooleanField()


class FileForm(SmallForm):
    """A drawing or document, and what it shows."""

    blamed = {"patent_file_caption": "caption", "": "file"}
    caption = TextField(validators=[Length(1, 200)])
    file = UploadField(validators=[Required("evidence_file_missing")])


class RemoveForm(SmallForm):
    """A button: take a file off the page."""


_FORMS = {"tell": TellForm, "file": FileForm, "remove": RemoveForm}


@blueprint.get("/patents/<int:patent_id>/presentation")
@act("patent_page.keep_own")
def presentation(patent_id: int) -> str:
    """The holder's own words, drawings and documents, to be changed."""
    return _page(None, patent_id)


def _page(refused: SmallForm | None, patent_id: int, file_id: int = 0) -> str:
    with reading() as unit:
        own = presenting.own_presentation(unit, patent_id)
        view = patent_view(unit, patent_id)
    return render_template(
        "home/presentation.html",
        patent=view,
        own=own,
        forms=PageForms(_FORMS, refused),
        most={"files": presenting.MOST_FILES, "pages": presenting.MOST_PAGES},
    )


@blueprint.post("/patents/<int:patent_id>/presentation")
@act("patent_page.keep_own")
@shown_again(_page)
def present(patent_id: int) -> Response:
    """Keep the holder's words."""
    with sent(TellForm) as form, writing() as unit:
        new = presenting.NewPresentation(
            gains=form.gains.data or "",
            maturity=form.maturity.data,
            video_link=form.video_link.data or "",
            shown=form.shown.data,
        )
        presenting.present_patent(unit, patent_id, new)
    flash_notice("notice_patent_presented")
    return redirect(url_for("home.presentation", patent_id=patent_id))


@blueprint.post("/patents/<int:patent_id>/files")
@act("patent_page.keep_own")
@shown_again(_page)
def add_patent_file(patent_id: int) -> Response:
    """Add a drawing or document."""
    with sent(FileForm) as form, writing() as unit:
        presenting.add_file(unit, patent_id, form.caption.data or "", form.file.file[1])
    flash_notice("notice_patent_file_added")
    return redirect(url_for("home.presentation", patent_id=patent_id))


@blueprint.post("/patents/<int:patent_id>/files/<int:file_id>/remove")
@act("patent_page.keep_own")
@shown_again(_page)
def remove_patent_file(patent_id: int, file_id: int) -> Response:
    """Take a drawing or document off the page."""
    with sent(RemoveForm, file_id), writing() as unit:
        presenting.remove_file(unit, patent_id, file_id)
    flash_notice("notice_patent_file_removed", "info")
    return redirect(url_for("home.presentation", patent_id=patent_id))


@blueprint.get("/patents/<int:patent_id>/files/<int:file_id>/pages/<int:page>")
@act("patent.browse")
def patent_file_page(patent_id: int, file_id: int, page: int) -> Response:
    """One page of a file drawn anew as a picture; nothing of the file itself reaches the browser."""
    with reading() as unit:
        drawn = presenting.page_of_file(unit, patent_id, file_id, page)
    answer = send_file(BytesIO(drawn), mimetype="image/png", download_name=f"patent-{file_id}-{page}.png")
    for name, value in SANDBOX.items():
        answer.headers[name] = value
    return answer
