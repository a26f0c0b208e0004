"""What crosses the wire: packed texts, long-kept files, and nothing packed that a stranger's page asked for."""

from __future__ import annotations

import gzip
import re

from flask import Flask

from tests.web.people import Person

GZIP = {"Accept-Encoding": "gzip, deflate"}
OURS = {**GZIP, "Sec-Fetch-Site": "same-origin"}


def test_a_page_of_this_site_is_packed_and_reads_the_same(app: Flask) -> None:
    person = Person(app, "operator")
    packed, plain = person.get("/operator/", headers=OURS), person.get("/operator/")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in ", ".join(packed.headers.getlist("Vary"))
    assert "Content-Encoding" not in plain.headers
    assert len(packed.data) * 2 < len(plain.data)
    assert 'id="content"' in gzip.decompress(packed.data).decode()
    assert int(packed.headers["Content-Length"]) == len(packed.data)


def test_a_page_that_another_site_asked_for_is_not_packed(app: Flask) -> None:
    person = Person(app, "operator")
    for site in ("cross-site", "same-site", ""):
        answer = person.get("/patents?q=x", headers={**GZIP, "Sec-Fetch-Site": site})
        assert "Content-Encoding" not in answer.headers, site
    assert "Content-Encoding" not in person.get("/patents?q=x", headers=GZIP).headers


def test_a_visitor_without_question_gets_a_packed_page(visitor: Person) -> None:
    assert visitor.get("/", headers=GZIP).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in visitor.get("/patents?q=x", headers=GZIP).headers


def test_files_are_packed_and_kept_for_a_year_under_the_digest_of_their_content(visitor: Person) -> None:
    page = visitor.get("/").text
    files = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)[^"]*)"', page)
    assert files
    for file in files:
        answer = visitor.get(file, headers=GZIP)
        assert answer.headers["Content-Encoding"] == "gzip", file
        assert "immutable" in answer.headers["Cache-Control"], file
        assert gzip.decompress(answer.data) == visitor.get(file).data


def test_a_file_without_digest_is_asked_for_again(visitor: Person) -> None:
    answer = visitor.get("/static/app.css")
    assert answer.headers["Cache-Control"] == "no-cache"
    again = visitor.get("/static/app.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_files_to_download_are_left_as_they_are(app: Flask) -> None:
    answer = Person(app, "operator").get("/bureau/log?as=xlsx", headers=OURS)
    assert "Content-Encoding" not in answer.headers
