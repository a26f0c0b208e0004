"""Evidence on the pages: what a paper is, its pages as pictures in a sandbox, and papers that look alike side by side."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from matchhub.db.tables import EvidenceFile
from matchhub.services.evidence.files import place_of
from tests.papers import saved, scan, slip
from tests.services.desk_base import Base, deal, firm, number, patent
from tests.web.people import Person

ADD = "/operator/records/deals/{}/evidence"


@pytest.fixture
def trading(base: Base) -> Base:
    base.take("patents", patent(1), patent(2))
    base.take("enterprises", firm(1))
    base.take("deals", deal(1), deal(2, application_numbers=(number(2),)))
    base.later(10)
    return base


@pytest.fixture
def clerk(trading: Base, desk_app: Flask) -> Person:
    return Person(desk_app, "operator")


@pytest.fixture
def reviewer(trading: Base, desk_app: Flask) -> Person:
    return Person(desk_app, "reviewer")


def add(person: Person, of: int, content: bytes, name: str, **said: str) -> int:
    sent = {"purpose": "payment_proof", "file": (BytesIO(content), name), **said}
    return person.post(ADD.format(of), sent).status_code


def test_what_is_said_of_a_paper_stands_wherever_it_is_listed(clerk: Person, reviewer: Person) -> None:
    said = {
        "paper_kind": "invoice",
        "paper_issuer": "晋江市税务局",
        "paper_number": "发票 24-77",
        "paper_on": "2024-03-01",
    }
    assert add(clerk, 1, scan("one"), "发票.png", **said) == 302
    page = reviewer.get("/bureau/records/deals/1").text
    line = re.sub(r"<[^>]+>", " ", page.split('id="evidence"')[1])
    for text in ("发票", "晋江市税务局", "发票 24-77", "2024-03-01"):
        assert text in line


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("合同.pdf", b"<html><body>x</body></html>", "这是网页（HTML）文件"),
        ("合同.docx", b"MZ\0\0program", "这是程序文件"),
        ("合同.pdf", b"%PDF-1.4 cut", "文件打不开"),
        ("合同.txt", b"words", "不收这种文件"),
    ],
)
def test_a_file_that_is_not_kept_is_refused_at_its_field(
    clerk: Person, name: str, content: bytes, sentence: str
) -> None:
    answer = clerk.post(ADD.format(1), {"purpose": "contract", "file": (BytesIO(content), name)})
    assert answer.status_code == 422 and sentence in answer.text
    assert clerk.get("/bureau/evidence/1").status_code == 404


def test_a_kind_that_is_none_and_a_day_to_come_are_told_at_their_fields(clerk: Person) -> None:
    sent = {"purpose": "contract", "paper_kind": "poem", "file": (BytesIO(scan("one")), "a.png")}
    assert clerk.post(ADD.format(1), sent).status_code == 422
    sent = {"purpose": "contract", "paper_on": "2030-01-01", "file": (BytesIO(scan("one")), "a.png")}
    answer = clerk.post(ADD.format(1), sent)
    assert answer.status_code == 422 and 'id="evidence-paper_on-error"' in answer.text


def test_the_pages_of_a_file_are_pictures_in_a_sandbox_and_the_file_a_download(clerk: Person, reviewer: Person) -> None:
    add(clerk, 1, saved(slip("one"), "PDF"), "回单.pdf")
    assert 'src="/bureau/evidence/1/pages/1"' in reviewer.get("/bureau/records/deals/1").text
    for _ in ("drawn", "from the cache"):
        shown = reviewer.get("/bureau/evidence/1/pages/1")
        assert (shown.status_code, shown.mimetype) == (200, "image/png")
        assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert shown.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert Image.open(BytesIO(shown.data)).format == "PNG"
    file = reviewer.get("/bureau/evidence/1")
    assert file.headers["Content-Disposition"].startswith("attachment") and file.mimetype == "application/octet-stream"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert reviewer.get("/bureau/evidence/1/pages/2").status_code == 404


def test_a_picture_of_a_telephone_is_shown_too_and_a_damaged_file_never(trading: Base, clerk: Person) -> None:
    add(clerk, 1, saved(slip("one"), "HEIF"), "照片.heic")
    assert clerk.get("/bureau/evidence/1/pages/1").mimetype == "image/png"
    with trading.runtime.unit(write=False) as unit:
        place = place_of(trading.runtime.home, unit.session.get_one(EvidenceFile, 1).sha256)
    place.write_bytes(scan("another"))
    assert clerk.get("/bureau/evidence/1/pages/1").status_code == 409


def test_two_papers_that_look_alike_stand_side_by_side_and_the_bureau_decides(clerk: Person, reviewer: Person) -> None:
    add(clerk, 1, saved(slip("one")), "回单.png")
    add(clerk, 2, saved(slip("one"), "JPEG"), "回单.jpg")
    assert re.search(r"<strong>1</strong>\s*对材料疑似同一份", clerk.get("/operator/").text)
    assert "疑似重复的材料（1）" in reviewer.get("/bureau/").text
    assert "疑似与另一条记录的材料相同" in reviewer.get("/bureau/records/deals/1").text
    page = reviewer.get("/bureau/evidence/alike").text
    assert 'src="/bureau/evidence/1/pages/1"' in page and 'src="/bureau/evidence/2/pages/1"' in page
    assert 'value="different"' not in clerk.get("/bureau/evidence/alike").text
    assert clerk.post("/bureau/evidence/alike/1", {"decision": "different", "note": "不同"}).status_code == 403
    refused = reviewer.post("/bureau/evidence/alike/1", {"decision": "different"})
    assert refused.status_code == 422 and 'id="comparison-1-note-error"' in refused.text
    assert reviewer.post("/bureau/evidence/alike/1", {"decision": "different", "note": "金额不同"}).status_code == 302
    assert "没有疑似重复的材料" in reviewer.get("/bureau/evidence/alike").text
    decided = reviewer.get("/bureau/evidence/alike?decided=1").text
    assert "金额不同" in decided and "两份材料" in decided
