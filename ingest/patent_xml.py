"""One patent document in XML to one row: WIPO ST.36 (``application-reference``) and ST.96 (``ApplicationReference``).

Both standards name the same things, one with hyphens, one in capitals; names are compared without either. Where a
document gives a number in its original and in a standard form, the original comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    if not isinstance(element.tag, str):
        return ""
    return re.sub(r"[-_]", "", etree.QName(element).localname).lower()


def _all(element: Any, *names: str) -> Iterator[Any]:
    """Descendants with one of the names, in the document's order."""
    wanted = set(names)
    return (found for found in element.iter() if _plain(found) in wanted and found is not element)


def _text(element: Any | None) -> str:
    if element is None:
        return ""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def _first(element: Any, *names: str) -> str:
    return next((text for found in _all(element, *names) if (text := _text(found))), "")


def _references(document: Any, name: str) -> list[Any]:
    """References of one name, the one in its original form first."""
    found = list(_all(document, name))
    return sorted(found, key=lambda item: "original" not in " ".join(map(str, item.attrib.values())).lower())


def _number(reference: Any | None) -> str:
    """Country, number and kind of a reference, joined (``CN109996757A``)."""
    if reference is None:
        return ""
    number = _first(reference, "docnumber", "applicationnumbertext", "publicationnumber", "documentnumber")
    country, kind = (
        _first(reference, "country", "wipost3code", "ipofficecode"),
        _first(reference, "kind", "patentdocumentkindcode"),
    )
    if country and number.upper().startswith(country.upper()):
        country = ""
    return f"{country}{number}{'' if number.upper().endswith(kind.upper()) else kind}" if number else ""


def _names(document: Any, *roles: str) -> str:
    """Names of the persons in a role, each once."""
    listed: dict[str, None] = {}
    for person in _all(document, *roles):
        name = _first(person, "orgname", "organizationstandardname", "name", "personfullname", "entityname")
        if not name:
            name = _first(person, "lastname") + _first(person, "firstname")
        if name := name or ("" if len(person) else _text(person)):
            listed[name] = None
    return ";".join(listed)


def _classes(document: Any) -> str:
    """IPC classes, main first, built from their parts where they are given in parts."""
    found = []
    for item in _all(document, "classificationipcr", "ipcrclassification", "classificationipc", "ipcclassification"):
        parts = [_first(item, name) for name in _PARTS]
        if all(parts):
            found.append("{}{}{} {}/{}".format(*parts))
        else:
            found.append(_first(item, "text", "mainclassification", "patentclassificationtext") or _text(item))
    return ";".join(dict.fromkeys(text for text in found if text))


def read_document(document: Any) -> dict[str, str]:
    """The row of one document, under the words of ``HEADER``."""
    application = next(iter(_references(document, "applicationreference")), None)
    if application is None:
        application = next(_all(document, "applicationidentification"), None)
    publication = next(iter(_references(document, "publicationreference")), None)
    if publication is None:
        publication = next(_all(document, "patentpublicationidentification"), None)
    application_number = _first(application, "docnumber", "applicationnumbertext") if application is not None else ""
    abstract, claim = next(_all(document, "abstract"), None), next(_all(document, "claim"), None)
    return {
        "申请号": application_number,
        "公开(公告)号": _number(publication),
        "专利名称": _first(document, "inventiontitle", "designtitle"),
        "摘要": _text(abstract),
        "申请人": _names(document, "applicant"),
        "专利权人": _names(document, "assignee", "grantee", "patentee"),
        "发明人": _names(document, "inventor", "designer"),
        "IPC分类号": _classes(document),
        "洛迦诺分类号": _first(document, "classificationlocarno", "locarnoclassification"),
        "申请日": _first(application, "date", "filingdate") if application is not None else "",
        "公开(公告)日": _first(publication, "date", "publicationdate") if publication is not None else "",
        "代理机构": _first(document, "agencyname", "agency"),
        "主权项": _text(claim),
    }
