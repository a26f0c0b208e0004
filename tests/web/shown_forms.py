"""What a page shows of a form that was refused: the sentence at its field, and what was typed."""

from __future__ import annotations

from lxml import html
from werkzeug.test import TestResponse


def fault_at(answer: TestResponse, field_id: str) -> str:
    """The sentence that stands right at a field; the field points at it, for those who hear the page."""
    page = html.fromstring(answer.text)
    (field,) = page.xpath(f'//*[@id="{field_id}"]')
    assert field.get("aria-describedby") == f"{field_id}-error", html.tostring(field)
    (told,) = page.xpath(f'//*[@id="{field_id}-error"]')
    assert _around(field) == _around(told), "the sentence stands in the block of its field"
    return str(told.text_content().strip())


def _around(element: html.HtmlElement) -> html.HtmlElement:
    """The field's block; a group of radio buttons holds its sentence itself."""
    return element if element.tag == "fieldset" else element.getparent()


def typed_in(answer: TestResponse, field_id: str) -> str:
    """What a field holds."""
    (field,) = html.fromstring(answer.text).xpath(f'//*[@id="{field_id}"]')
    if field.tag == "textarea":
        return str(field.text or "").strip()
    if field.tag == "select":
        return str(next(iter(field.xpath("option[@selected]/@value")), ""))
    return str(field.get("value") or "")


def is_unfolded(answer: TestResponse, field_id: str) -> bool:
    """Whether every fold around a field stands open."""
    page = html.fromstring(answer.text)
    return not page.xpath(f'//*[@id="{field_id}"]/ancestor::details[not(@open)]')


def summary_of(answer: TestResponse) -> str:
    """What is told above the page, with what was typed where its form is gone; "" for nothing."""
    return " ".join(" ".join(html.fromstring(answer.text).xpath('//*[@id="refused"]//text()')).split())


def leads_to(answer: TestResponse) -> list[str]:
    """The ids to which the summary above the page leads."""
    page = html.fromstring(answer.text)
    links = [link.removeprefix("#") for link in page.xpath('//*[@id="refused"]//a/@href')]
    assert all(page.xpath(f'//*[@id="{link}"]') for link in links)
    return links
