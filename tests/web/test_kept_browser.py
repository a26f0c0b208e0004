"""Nothing typed is lost (PROMISES.md P29), in a real browser: drafts, the password over the page, photographs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect

from tests.web.installation import PASSWORD, Clock
from tests.web.test_browser import serve, sign_in

FORM = "/operator/enterprises/1/demands/new"
TITLE = "运动鞋鞋底开胶"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    yield from serve(app)


def opened(page: Page, address: str, login: str = "operator", path: str = FORM) -> None:
    """Signed in, before the form."""
    sign_in(page, address, login)
    page.wait_for_load_state()
    page.goto(address + path)


def keep_now(page: Page) -> None:
    """What the script does every two seconds, at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def drafts(page: Page) -> int:
    return int(page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('matchhub-draft:')).length"))


class TestDrafts:
    def test_what_was_typed_is_back_with_a_notice_and_can_be_thrown_away(self, page: Page, address: str) -> None:
        opened(page, address)
        page.locator("#title").fill(TITLE)
        keep_now(page)
        page.reload()
        expect(page.locator("#title")).to_have_value(TITLE)
        expect(page.locator(".draft-note")).to_contain_text("尚未提交的内容")
        page.get_by_role("button", name="不要这份内容").click()
        expect(page.locator("#title")).to_have_value("")
        page.reload()
        expect(page.locator(".draft-note")).to_have_count(0)
        assert drafts(page) == 0

    def test_a_refused_form_keeps_its_draft_and_a_done_one_does_not(self, page: Page, address: str) -> None:
        opened(page, address)
        page.locator("#title").fill(TITLE)
        send = page.locator("main form").get_by_role("button", name="录入").last
        page.evaluate("document.querySelector('#title').form.noValidate = true")
        send.click()
        expect(page.locator("main .is-invalid").first).to_be_visible()
        assert drafts(page) == 1
        page.locator("#text").fill("运动鞋在潮湿环境穿着后鞋底与鞋面开胶，需要更好的胶粘剂。")
        send.click()
        page.wait_for_url(lambda url: not url.endswith("/new"))
        page.goto(address + FORM)
        expect(page.locator("#title")).to_have_value("")
        assert drafts(page) == 0

    def test_the_next_account_at_the_computer_sees_nothing_and_signing_out_clears(
        self, page: Page, address: str, clock: Clock
    ) -> None:
        opened(page, address)
        page.locator("#title").fill(TITLE)
        keep_now(page)
        clock.forward(timedelta(hours=13))
        sign_in(page, address, "enterprise")
        page.wait_for_load_state()
        page.goto(f"{address}/messages/settings")
        expect(page.get_by_text(TITLE)).to_have_count(0)
        assert drafts(page) == 1
        page.evaluate("document.querySelector('form[action$=\"/account/sign-out\"]').requestSubmit()")
        page.get_by_text("已退出登录").wait_for()
        assert drafts(page) == 0

    def test_a_password_is_never_kept(self, page: Page, address: str) -> None:
        opened(page, address, "administrator", "/account/all")
        page.locator("#login").fill("clerk")
        page.locator("#password").fill("a secret sentence")
        keep_now(page)
        kept = page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
        assert "clerk" in kept and "a secret sentence" not in kept


def test_an_ended_session_asks_for_the_password_over_the_page_and_goes_on(
    page: Page, address: str, clock: Clock
) -> None:
    page.clock.install()
    opened(page, address)
    page.locator("#title").fill(TITLE)
    page.locator("#text").fill("运动鞋在潮湿环境穿着后鞋底与鞋面开胶，需要更好的胶粘剂。")
    clock.forward(timedelta(hours=13))
    page.clock.fast_forward("02:00")
    page.locator("main form").get_by_role("button", name="录入").last.click()
    box = page.locator("#again")
    expect(box).to_be_visible()
    box.get_by_label("密码").fill("wrong")
    box.get_by_role("button", name="继续提交").click()
    expect(box.locator("[data-again-fault]")).to_contain_text("不正确")
    box.get_by_label("密码").fill(PASSWORD)
    box.get_by_role("button", name="继续提交").click()
    page.wait_for_url(lambda url: not url.endswith("/new"))
    expect(page.get_by_text(TITLE).first).to_be_visible()


def test_how_an_amount_is_read_stands_beside_it(page: Page, address: str) -> None:
    opened(page, address, path="/operator/deals/new")
    field = page.get_by_label("合同金额（元）")
    field.fill("3.5 万元")
    field.press("Tab")
    expect(page.locator(".read-as")).to_have_text("读作 3.5万元")


def photograph() -> bytes:
    """A picture as large as a telephone takes it, which packs badly."""
    made = io.BytesIO()
    Image.effect_noise((4000, 3000), 90).convert("RGB").save(made, "JPEG", quality=95)
    return made.getvalue()


def test_a_large_photograph_is_made_smaller_and_the_original_can_be_sent(page: Page, address: str) -> None:
    opened(page, address, path="/operator/demands/1")
    content = photograph()
    assert len(content) > 5 * 2**20
    field = page.locator("input[type=file]").first
    field.set_input_files({"name": "IMG_0001.JPG", "mimeType": "image/jpeg", "buffer": content})
    note = page.locator(".photo-note")
    expect(note).to_contain_text("照片已缩小")
    told = field.evaluate(
        "async e => { const p = await createImageBitmap(e.files[0]); return [e.files[0].name, e.files[0].size, p.width, p.height]; }"
    )
    assert told[0] == "IMG_0001.JPG" and told[1] < len(content) and told[2:] == [2400, 1800]
    page.locator("details", has=field).last.evaluate("e => { e.open = true; }")
    page.get_by_role("button", name="改用原图").click()
    assert field.evaluate("e => e.files[0].size") == len(content)
