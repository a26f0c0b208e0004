"""The inventory of patents in stock (存量专利盘点): a patent's grades, given and taken back, and all as a file."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.domain.stock_grades import MOST_LETTERS, Side
from matchhub.domain.stock_grades import grades as grade_keys
from matchhub.services.patents import grades as grading
from matchhub.services.patents.page import patent_view
from web.forms import ChoiceField, Length, NoteField
from web.gate import act
from web.home import blueprint
from web.language import flash_notice, t, word
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.sheets import Columns, table_file
from web.units import reading, writing


def _choices(side: Side, group: str) -> list[tuple[str, str]]:
    return [("", t("不评", "no grade")), *((key, word(group, key)) for key in grade_keys(side))]


class HolderGradeForm(SmallForm):
    """The holder's grade of its patent; "" takes it back."""

    blamed = {"stock_grade": "grade", "field_choice": "grade"}
    grade = ChoiceField(default="", choices=lambda: _choices("holder", "holder_grade"))


class FirmGradeForm(SmallForm):
    """A firm's grade of a patent, with its reason; "" takes it back."""

    blamed = {"stock_grade": "grade", "field_choice": "grade", "stock_reason": "reason"}
    grade = ChoiceField(default="", choices=lambda: _choices("firm", "firm_grade"))
    reason = NoteField(validators=[Length(0, MOST_LETTERS)])


_FORMS = {"holder": HolderGradeForm, "firm": FirmGradeForm}


@blueprint.get("/patents/<int:patent_id>/grades")
@act("stock_grade.read")
def patent_grades(patent_id: int) -> str:
    """The grades of a patent that the reader may see, and the forms to give one's own."""
    return _page(None, patent_id)


def _page(refused: SmallForm | None, patent_id: int) -> str:
    with reading() as unit:
        view = patent_view(unit, patent_id)
        told = grading.grades_of(unit, patent_id)
        mine = next((each for each in told.firms if each.enterprise_id == unit.actor.enterprise_id), None)
    return render_template("home/grades.html", patent=view, told=told, mine=mine, forms=PageForms(_FORMS, refused))


@blueprint.post("/patents/<int:patent_id>/holder-grade")
@act("holder_grade.give")
@shown_again(_page)
def grade_as_holder(patent_id: int) -> Response:
    """Grade an own patent, or take the grade back."""
    with sent(HolderGradeForm) as form, writing() as unit:
        grading.grade_as_holder(unit, patent_id, form.grade.data or "")
    flash_notice("notice_grade_kept")
    return redirect(url_for("home.patent_grades", patent_id=patent_id))


@blueprint.post("/patents/<int:patent_id>/firm-grade")
@act("firm_grade.give")
@shown_again(_page)
def grade_as_firm(patent_id: int) -> Response:
    """Grade a patent as a firm, with the reason, or take the grade back."""
    with sent(FirmGradeForm) as form, writing() as unit:
        grading.grade_as_firm(unit, patent_id, form.grade.data or "", form.reason.data or "")
    flash_notice("notice_grade_kept")
    return redirect(url_for("home.patent_grades", patent_id=patent_id))


@blueprint.get("/stock-inventory.<ending>")
@act("stock_grade.export")
def stock_inventory(ending: str) -> Response:
    """The inventory by its template, as it may be sent back: the holder's columns, then those of firms."""
    with reading() as unit:
        rows = grading.inventory(unit)
    return table_file(ending, "stock-inventory", "存量专利盘点", COLUMNS, rows)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


# The template's headers are the same in every language: the reader and the programme know them.
COLUMNS: Columns = [
    ("专利号", 20, lambda each: each.number),
    ("专利名称", 44, lambda each: each.title),
    ("权利人", 36, lambda each: "；".join(each.holders)),
    ("权利人分级", 12, lambda each: each.holder and each.holder.grade),
    ("权利人分级日期", 14, lambda each: _day(each.holder and each.holder.graded_on)),
    ("评级企业", 30, lambda each: each.firm and each.firm.firm),
    ("评级企业统一社会信用代码", 22, lambda each: each.firm and each.firm.uscc),
    ("企业评级", 12, lambda each: each.firm and each.firm.grade),
    ("企业评级理由", 44, lambda each: each.firm and each.firm.reason),
    ("企业评级日期", 14, lambda each: _day(each.firm and each.firm.graded_on)),
]
