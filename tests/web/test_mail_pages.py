"""What pages say of mail: trouble in the server's words, letters only written, bounced addresses."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from matchhub.db.tables import BouncedAddress
from matchhub.services.kernel.settings import MailSettings
from matchhub.services.pushes.bounces import note_bounce
from matchhub.services.pushes.troubles import clear_trouble, note_trouble
from tests.web.test_operator import Desk, desk, follow, told

__all__ = ["desk"]


def test_the_page_of_pushes_says_that_letters_are_only_written(desk: Desk) -> None:
    assert "没有设置邮件服务器" in desk.get("/operator/pushes").text


def test_the_page_of_pushes_says_what_the_server_said_and_what_to_do_until_it_is_over(desk: Desk) -> None:
    runtime = desk.base.runtime
    runtime.settings = replace(runtime.settings, smtp_url="smtp://127.0.0.1:1", mail=MailSettings("a@b.example"))
    with runtime.unit() as unit:
        note_trouble(unit, "mail", "mail_trouble_sign_in", "535 登录失败")
    page = desk.get("/operator/pushes").text
    assert "535 登录失败" in page and "授权码" in page and "邮件没有发出" in page
    with runtime.unit() as unit:
        clear_trouble(unit, "mail")
    assert "535" not in desk.get("/operator/pushes").text


def test_bounced_addresses_are_listed_and_lifted_with_a_reason(desk: Desk) -> None:
    with desk.base.runtime.unit() as unit:
        note_bounce(unit, "mail", "gone@firm.example", "550 5.1.1 no such user")
    assert "退信地址 1 个" in desk.get("/operator/pushes").text
    page = desk.get("/operator/pushes/bounces").text
    assert "gone@firm.example" in page and "550 5.1.1 no such user" in page
    assert desk.post("/operator/pushes/bounces/1/lift", reason="").status_code == 422
    assert "没有退信地址" in told(follow(desk, desk.post("/operator/pushes/bounces/1/lift", reason="已电话核实")))
    with desk.base.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(BouncedAddress.withdrawn_reason)).scalar_one() == "已电话核实"
