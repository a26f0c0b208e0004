"""Patents that the account follows: its list with notes, and the star on lists and pages of patents."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from matchhub.services.patents import favourites
from matchhub.services.patents.favourites import LONGEST_NOTE, FavouriteView
from web.display import moment
from web.enterprise import blueprint
from web.forms import Form, Length, NoteField
from web.gate import act, safe_target
from web.language import flash_notice, t, word
from web.listing import Column, Filter, Listing, ask, show
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing

_VALIDITIES = ("in_force", "pending", "dead", "expired", "unknown")
_OFFERED = ("listed", "open_licence", "neither")


class NoteForm(SmallForm):
    """What the account wants to remember of a patent."""

    blamed = {"favourite_note": "note"}
    note = NoteField(validators=[Length(0, LONGEST_NOTE)])


class StarForm(Form):
    """A star: follow a patent or no longer, and back to the page it stood on (``next``)."""

    next = HiddenField()


class ForgetForm(SmallForm):
    """A button: erase the whole list."""


_FORMS: dict[str, type[SmallForm]] = {"note": NoteForm, "forget": ForgetForm}


def _offered(row: FavouriteView) -> tuple[str, ...]:
    ways = (("listed", row.offer is not None), ("open_licence", row.patent.offered))
    return tuple(key for key, holds in ways if holds) or ("neither",)


def _offered_words(row: FavouriteView) -> str:
    return t("、", ", ").join(word("own_offer", key) for key in _offered(row))


FAVOURITES = Listing(
    "followed-patents",
    ("关注的专利", "Followed patents"),
    (
        Column("title", ("名称", "Title"), lambda row: row.patent.title, 44),
        Column("number", ("号码", "Number"), lambda row: row.patent.number, 20),
        Column("type", ("种类", "Kind"), lambda row: word("patent_type", row.patent.patent_type), 12, extra=True),
        Column("status", ("法律状态", "Legal status"), lambda row: word("validity", row.patent.validity), 12),
        Column("holder", ("权利人", "Holder"), lambda row: "、".join(row.patent.holders), 36),
        Column("class", ("主分类号", "Main class"), lambda row: row.patent.main_class, 14, extra=True),
        Column("offer", ("挂牌", "On offer"), _offered_words, 16),
        Column("price", ("价格（元）", "Price (yuan)"), lambda row: row.offer and row.offer.price_yuan, 12),
        Column("note", ("备注", "Note"), lambda row: row.note, 40),
        Column("followed", ("关注时间", "Followed since"), lambda row: moment(row.followed_at), 18),
    ),
    (
        Filter("q", ("名称、号码、权利人、备注", "Title, number, holder, note")),
        Filter(
            "status", ("法律状态", "Legal status"), "choice", lambda: _words("validity", _VALIDITIES),
            lambda row: row.patent.validity,
        ),
        Filter("offer", ("挂牌", "On offer"), "choice", lambda: _words("own_offer", _OFFERED), _offered),
    ),
    link=lambda row: url_for("home.patent", patent_id=row.id),
    act=favourites.ACT,
)  # fmt: skip


def _words(group: str, keys: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(key, word(group, key)) for key in keys]


@blueprint.get("/favourites")
@act("favourite.keep_own")
def followed() -> Any:
    """Followed patents with notes: sorted, narrowed, exported, ticked to be compared."""
    return _page(None)


def _page(refused: SmallForm | None, **_: Any) -> Any:
    asked = ask(FAVOURITES)
    with reading() as unit:
        every = favourites.own_favourites(unit)
    page = asked.page(every)
    return show("enterprise/favourites.html", asked, page, any=bool(every), forms=PageForms(_FORMS, refused))


@blueprint.post("/favourites/<int:patent_id>")
@act("favourite.keep_own")
def follow(patent_id: int) -> Response:
    """Follow a patent, and back to the page with the star."""
    with writing() as unit:
        favourites.follow_patent(unit, patent_id)
    flash_notice("notice_favourite_kept")
    return _back(patent_id)


@blueprint.post("/favourites/<int:patent_id>/remove")
@act("favourite.keep_own")
def unfollow(patent_id: int) -> Response:
    """Follow a patent no longer, and back to the page with the star."""
    with writing() as unit:
        favourites.unfollow_patent(unit, patent_id)
    flash_notice("notice_favourite_dropped", "info")
    return _back(patent_id)


@blueprint.post("/favourites/<int:patent_id>/note")
@act("favourite.keep_own")
@shown_again(_page)
def note(patent_id: int) -> Response:
    """Write the note of a followed patent."""
    with sent(NoteForm, patent_id) as form, writing() as unit:
        favourites.note_favourite(unit, patent_id, form.note.data)
    flash_notice("notice_favourite_noted")
    return redirect(url_for("enterprise.followed", _anchor=f"patent-{patent_id}"))


@blueprint.post("/favourites/forget")
@act("favourite.keep_own")
@shown_again(_page)
def forget() -> Response:
    """Erase the whole list with its notes."""
    with sent(ForgetForm), writing() as unit:
        number = favourites.forget_own_favourites(unit)
    flash_notice("notice_favourites_forgotten", "info", number=number)
    return redirect(url_for("enterprise.followed"))


def _back(patent_id: int) -> Response:
    """The page that the star stood on, at its row."""
    target = safe_target(StarForm().next.data, url_for("enterprise.followed"))
    return redirect(f"{target.partition('#')[0]}#patent-{patent_id}")
