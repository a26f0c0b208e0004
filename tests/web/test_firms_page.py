"""The page and the report of firms that a patent fits: names for the operator, none for a holder before contact."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from matchhub.db.tables import Enterprise
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from tests.web.people import Person

FIRM = "晋江市恒步鞋业有限公司"


@pytest.mark.parametrize("path", ["/matching/patents/1/firms", "/matching/patents/1/firms/report"])
def test_a_firm_is_named_to_the_operator_and_masked_to_the_holder(app: Flask, runtime: Runtime, path: str) -> None:
    with runtime.unit(SYSTEM) as unit:
        unit.session.execute(update(Enterprise).values(business_scope="鞋底、胶粘剂的生产", local=True))
    named, masked = Person(app, "operator").get(path).text, Person(app, "institution").get(path).text
    assert FIRM in named and "名称在双方同意联系后显示" not in named
    assert FIRM not in masked and "企业 1（名称在双方同意联系后显示）" in masked
    assert "适配企业" in Person(app, "institution").get("/institution/patents/1").text
    assert ("data-print" in named) is path.endswith("report")
