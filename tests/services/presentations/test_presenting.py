"""What a holder tells of its patent: its own patents alone, shown to others only when it says so, bounded, with trace."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from matchhub.db.tables import LinkedName, LogEntry, PatentFile, PatentPresentation
from matchhub.domain.links import read_video_link
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.presentations import presenting
from matchhub.services.presentations.presenting import (
    NewPresentation,
    add_file,
    own_presentation,
    page_of_file,
    present_patent,
    presentations_of,
    remove_file,
)
from tests.papers import letter, saved, scan, slip
from tests.services.small_city import PATENTS, City

GLUE, FRAME = PATENTS[0][0], PATENTS[3][0]


def tell(city: City, who: str = "college", **said: Any) -> None:
    with city.unit(who) as unit:
        present_patent(unit, city.patent(GLUE), NewPresentation(**said))


def put(city: City, content: bytes, caption: str = "结构图") -> int:
    with city.unit("college") as unit:
        return add_file(unit, city.patent(GLUE), caption, content)


def seen(city: City, who: str) -> list[str]:
    with city.unit(who) as unit:
        return [each.gains for each in presentations_of(unit, city.patent(GLUE))]


def pdf(pages: int) -> bytes:
    made = io.BytesIO()
    sheets = [Image.new("RGB", (200, 200), (at, 90, 90)) for at in range(pages)]
    sheets[0].save(made, "PDF", save_all=True, append_images=sheets[1:])
    return made.getvalue()


class TestWhoSeesIt:
    def test_others_see_it_only_while_the_holder_says_so(self, city: City) -> None:
        tell(city, gains="技术资料一套")
        assert (seen(city, "college"), seen(city, "shoes")) == (["技术资料一套"], [])
        tell(city, gains="技术资料一套", shown=True)
        assert seen(city, "shoes") == ["技术资料一套"]
        tell(city, gains="技术资料一套")
        assert seen(city, "shoes") == []

    def test_pages_of_a_file_are_shown_like_the_words(self, city: City) -> None:
        file_id = put(city, scan("图"))
        key = city.patent(GLUE)
        with city.unit("college") as unit:
            assert page_of_file(unit, key, file_id, 1).startswith(b"\x89PNG")
        with city.unit("shoes") as unit, pytest.raises(NotFound, match="patent_file_missing"):
            page_of_file(unit, key, file_id, 1)
        tell(city, shown=True)
        with city.unit("shoes") as unit:
            assert page_of_file(unit, key, file_id, 1).startswith(b"\x89PNG")
            for patent, page in ((city.patent(FRAME), 1), (key, 2), (key, 0)):
                with pytest.raises(NotFound, match="patent_file_missing"):
                    page_of_file(unit, patent, file_id, page)

    def test_who_holds_it_no_longer_tells_nothing(self, city: City) -> None:
        tell(city, gains="技术资料一套", shown=True)
        with city.unit() as unit:
            for link in unit.session.execute(select(LinkedName)).scalars():
                link.withdrawn_at = unit.now
        assert seen(city, "shoes") == []


class TestWhoTells:
    @pytest.mark.parametrize("who", ["school", "umbrellas"])
    def test_a_patent_of_another_is_not_there(self, city: City, who: str) -> None:
        key = city.patent(GLUE)
        file_id = put(city, scan("图"))
        with city.unit(who) as unit:
            for act in (
                lambda: present_patent(unit, key, NewPresentation(gains="假")),
                lambda: add_file(unit, key, "假", scan("假")),
                lambda: remove_file(unit, key, file_id),
                lambda: own_presentation(unit, key),
            ):
                with pytest.raises(NotFound, match="patent_not_in_base"):
                    act()

    def test_the_operator_tells_nothing_in_a_holders_place(self, city: City) -> None:
        with city.unit("operator") as unit, pytest.raises(NotAllowed):
            present_patent(unit, city.patent(GLUE), NewPresentation(gains="代填"))


class TestBounds:
    def test_files_are_as_many_as_allowed_and_a_removed_one_makes_room(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(presenting, "MOST_FILES", 2)
        first = put(city, scan("一"))
        put(city, scan("二"))
        with pytest.raises(Conflict, match="patent_files_full"):
            put(city, scan("三"))
        with city.unit("college") as unit:
            remove_file(unit, city.patent(GLUE), first)
        put(city, scan("三"))

    @pytest.mark.parametrize(("pages", "fits"), [(1, True), (2, True), (3, False)])
    def test_a_file_has_as_many_pages_as_allowed(
        self, city: City, monkeypatch: pytest.MonkeyPatch, pages: int, fits: bool
    ) -> None:
        monkeypatch.setattr(presenting, "MOST_PAGES", 2)
        if fits:
            put(city, pdf(pages))
            return
        with pytest.raises(Refusal, match="patent_file_pages"):
            put(city, pdf(pages))

    def test_what_has_no_pages_to_show_is_refused(self, city: City) -> None:
        with pytest.raises(Refusal, match="patent_file_not_shown"):
            put(city, letter("信"))

    def test_a_file_says_what_it_shows(self, city: City) -> None:
        with pytest.raises(Refusal, match="patent_file_caption"):
            put(city, saved(slip("图")), " ")

    @pytest.mark.parametrize(
        ("said", "code"),
        [({"gains": "长" * 2001}, "field_length"), ({"maturity": "ripe"}, "field_choice"),
         ({"video_link": "http://v.example.com/1"}, "video_link_invalid")],
    )  # fmt: skip
    def test_words_out_of_bounds_are_refused(self, city: City, said: dict[str, Any], code: str) -> None:
        with pytest.raises(Refusal, match=code):
            tell(city, **said)


def test_a_removed_file_leaves_the_page_and_stays_on_record(city: City) -> None:
    file_id = put(city, scan("图"))
    tell(city, shown=True)
    with city.unit("college") as unit:
        remove_file(unit, city.patent(GLUE), file_id)
    with city.unit("college") as unit:
        assert own_presentation(unit, city.patent(GLUE)).files == ()
        with pytest.raises(NotFound, match="patent_file_missing"):
            page_of_file(unit, city.patent(GLUE), file_id, 1)
        row = unit.session.get_one(PatentFile, file_id)
        assert row.withdrawn_at is not None
        kinds = select(LogEntry.verb).where(LogEntry.verb.like("patent.%"))
        assert set(unit.session.execute(kinds).scalars()) == {
            "patent.file_added", "patent.presented", "patent.file_removed"
        }  # fmt: skip


def test_what_was_said_before_stays_on_record(city: City) -> None:
    tell(city, gains="一")
    tell(city, gains="二", maturity="pilot")
    with city.unit("college") as unit:
        assert own_presentation(unit, city.patent(GLUE)).gains == "二"
        assert unit.session.scalar(select(func.count()).select_from(PatentPresentation)) == 2


@pytest.mark.parametrize(
    "link",
    ["http://v.example.com/1", "javascript:alert(1)", "https://", "https://nodot/1", "https://a.b/ x", "ftp://a.b/1",
     "https://user@a.example/1", "https://a.example/<b>", "https://a.example/" + "x" * 300, "//a.example/1",
     "https://a.example:99999/1"],
)  # fmt: skip
def test_an_address_that_is_no_plain_https_address_is_refused(link: str) -> None:
    with pytest.raises(Refusal, match="video_link_invalid"):
        read_video_link(link)


@pytest.mark.parametrize("link", ["https://v.example.com/watch?id=1", "https://视频.example/1", ""])
def test_a_plain_https_address_is_kept_as_typed(link: str) -> None:
    assert read_video_link(f" {link} ") == link
