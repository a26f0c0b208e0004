"""Addresses in forms: tidied, names apart, refused where no letter can go."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchhub.db.tables import Demand
from tests.services.small_city import City
from tests.web.people import Person
from tests.web.test_enterprise_pages import FORM, firm, runtime

__all__ = ["firm", "runtime"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("李工 <li@qq.com>；wang@163.com", "li@qq.com; wang@163.com"),
        ("ｌｉ＠ｑｑ．ｃｏｍ", "li@qq.com"),
        ("wang@例子.cn", "wang@xn--fsqu00a.cn"),
    ],
)
def test_a_form_keeps_addresses_tidied(firm: Person, city: City, typed: str, kept: str) -> None:
    assert firm.post("/enterprise/demands", {**FORM, "contact_email": typed}).status_code == 302
    with city.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(Demand.contact_email)).scalar_one() == kept


@pytest.mark.parametrize("typed", ["李工@qq.com", "li@qq.com；李工@qq.com", "a..b@qq.com", "a@qq"])
def test_a_form_refuses_what_no_letter_can_go_to_and_keeps_what_was_typed(firm: Person, typed: str) -> None:
    answer = firm.post("/enterprise/demands", {**FORM, "contact_email": typed})
    assert answer.status_code == 422 and "邮箱地址的 @" in answer.text
    assert f'value="{typed}"' in answer.text
