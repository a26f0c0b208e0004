"""One patent document in XML to one row: WIPO ST.36 (``application-reference``) and ST.96 (``ApplicationReference``).

Both standards name the same elements, one with hyphens and one with capitals, so names are compared in lower case and
without hyphens. Where a document gives a number in its original and in a standard form, the original is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from lxml import etree

DOCUMENTS = frozenset(
    {
        "cn-patent-document", "patent-document", "exchange-document", "PatentDocument", "PatentDocumentAndRelated",
        "PatentPublication", "PatentGrant", "PatentGrantPublication", "ApplicationPublication", "us-patent-grant",
        "us-patent-application",
    }
)  # fmt: skip
HEADER = (
    "申请号", "公开(公告)号", "专利名称", "摘要", "申请人", "专利权人", "发明人", "IPC分类号", "洛迦诺分类号", "申请日",
    "公开(公告)日", "代理机构", "主权项",
)  # fmt: skip
_PARTS = ("section", "class", "subclass", "maingroup", "subgroup")


def _plain(element: Any) -> str:
    """Name of an element in the form in which names are compared; "" for comments and instructions."""
    if not isinstance(element.tag, str):
        return ""
    return re.sub(r"[-_]", "", etree.QName(element).localname).lower()


def _all(element: Any, *names: str) -> Iterator[Any]:
    """Descendants with one of the names, in the order of the document."""
    wanted = set(names)
    return (found for found in element.iter() if _plain(found) in wanted and found is not element)


def _text(element: Any | None) -> str:
    """All text of an element, with single blanks; "" without element."""
    if element is None:
        return ""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def _first(element: Any | None, *names: str) -> str:
    """The first text of a descendant with one of the names; "" for none, or without element."""
    if element is None:
        return ""
    return next((text for found in _all(element, *names) if (text := _text(found))), "")


def _reference(document: Any, name: str, other_name: str) -> Any | None:
    """The reference of a name, rather in its original form; else the first element of the other name; or None."""
    found = sorted(_all(document, name), key=lambda item: not _is_original(item))
    return next(chain(found, _all(document, other_name)), None)


def _is_original(reference: Any) -> bool:
    return "original" in " ".join(map(str, reference.attrib.values())).lower()


def _number(reference: Any | None) -> str:
    """Country, number and kind code of a reference, joined (``CN109996757A``), each of them once."""
    number = _first(reference, "docnumber", "applicationnumbertext", "publicationnumber", "documentnumber")
    country = _first(reference, "country", "wipost3code", "ipofficecode")
    kind = _first(reference, "kind", "patentdocumentkindcode")
    if not number:
        return ""
    before = "" if number.upper().startswith(country.upper()) else country
    after = "" if number.upper().endswith(kind.upper()) else kind
    return f"{before}{number}{after}"


def _names(document: Any, *roles: str) -> str:
    """Names of the persons in any of the roles, each once, joined by ``;``."""
    listed: dict[str, None] = {}
    for person in _all(document, *roles):
        name = _first(person, "orgname", "organizationstandardname", "name", "personfullname", "entityname")
        if not name:
            name = _first(person, "lastname") + _first(person, "firstname")
        if not name and not len(person):  # the name stands in the element itself
            name = _text(person)
        if name:
            listed[name] = None
    return ";".join(listed)


def _classes(document: Any) -> str:
    """IPC symbols in the order of the document, joined by ``;``, and built from their parts where these are given."""
    found = []
    for item in _all(document, "classificationipcr", "ipcrclassification", "classificationipc", "ipcclassification"):
        parts = [_first(item, name) for name in _PARTS]
        if all(parts):
            found.append("{}{}{} {}/{}".format(*parts))
        else:
            found.append(_first(item, "text", "mainclassification", "patentclassificationtext") or _text(item))
    return ";".join(dict.fromkeys(text for text in found if text))


def read_document(document: Any) -> dict[str, str]:
    """The row of one document by the words of ``HEADER``; "" for what the document does not say."""
    application = _reference(document, "applicationreference", "applicationidentification")
    publication = _reference(document, "publicationreference", "patentpublicationidentification")
    abstract, claim = next(_all(document, "abstract"), None), next(_all(document, "claim"), None)
    return {
        "申请号": _first(application, "docnumber", "applicationnumbertext"),
        "公开(公告)号": _number(publication),
        "专利名称": _first(document, "inventiontitle", "designtitle"),
        "摘要": _text(abstract),
        "申请人": _names(document, "applicant"),
        "专利权人": _names(document, "assignee", "grantee", "patentee"),
        "发明人": _names(document, "inventor", "designer"),
        "IPC分类号": _classes(document),
        "洛迦诺分类号": _first(document, "classificationlocarno", "locarnoclassification"),
        "申请日": _first(application, "date", "filingdate"),
        "公开(公告)日": _first(publication, "date", "publicationdate"),
        "代理机构": _first(document, "agencyname", "agency"),
        "主权项": _text(claim),
    }
