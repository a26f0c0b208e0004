"""The pages of claim packages: gaps, building by the worker, download, handing in, what changed since."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import select, update

from matchhub.db.tables import Account, Claim
from matchhub.dossier import verify
from matchhub.dossier.ordered import build_waiting
from matchhub.services.claim.claims import place_of
from matchhub.services.evidence.files import place_of as evidence_place
from tests.dossier.conftest import fill
from tests.policy.packs import FILE
from tests.services.small_city import City
from tests.web.people import Person
from web import frame, status
from web.units import EXTENSION

WISH = {"goal": "base_database", "as_of": "2025-06-02"}


@dataclass
class Town:
    """The city with its pages."""

    city: City
    app: Flask

    def at(self, login: str) -> Person:
        return Person(self.app, login)

    def built(self, **more: str) -> str:
        """The address of a package that was asked for and built."""
        address = self.at("operator").post("/bureau/packages", WISH | more).location
        assert build_waiting(self.city.runtime) == 1
        return str(address)


@pytest.fixture
def town(city: City, made_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Town:
    fill(city)
    monkeypatch.setitem(made_app.extensions, EXTENSION, city.runtime)
    monkeypatch.setitem(made_app.extensions, status.EXTENSION, status.Counters())
    made_app.extensions.pop(frame.EXTENSION, None)
    return Town(city, made_app)


def test_a_package_is_asked_for_built_by_the_worker_and_downloaded(town: Town) -> None:
    operator = town.at("operator")
    assert "/bureau/packages" in operator.get("/bureau/").text and "/bureau/packages" in operator.get("/operator/").text
    answer = operator.post("/bureau/packages", WISH)
    assert answer.status_code == 302
    again = operator.post("/bureau/packages", WISH)
    assert again.location == answer.location, "asked for twice while it waits it is one"
    page = operator.get(answer.location).text
    assert "排队等待后台处理" in page and "后台服务没有运行" in page
    assert operator.get(f"{answer.location}/package.zip").status_code == 404
    assert build_waiting(town.city.runtime) == 1 and build_waiting(town.city.runtime) == 0
    page = operator.get(answer.location).text
    file = operator.get(f"{answer.location}/package.zip")
    assert verify.digest(file.data) in page and "没有变化" in operator.get(f"{answer.location}/changes").text
    place = place_of(town.city.runtime.home, 1)
    assert verify.verify(str(place))["valid"] and place.parent.stat().st_mode & 0o077 == 0
    assert {each.name for each in place.parent.iterdir()} == {"1.zip"}
    assert town.at("auditor" if "auditor" in town.city.actors else "reviewer").get(answer.location).status_code == 200


def test_what_the_bureau_built_is_not_handed_to_the_operator(town: Town) -> None:
    """It holds which records were drawn for a spot check, and what the log says of accounts."""
    address = town.at("reviewer").post("/bureau/packages", WISH).location
    assert build_waiting(town.city.runtime) == 1
    operator, reviewer = town.at("operator"), town.at("reviewer")
    assert reviewer.get(f"{address}/package.zip").status_code == 200
    assert operator.get(f"{address}/package.zip").status_code == 403
    page = operator.get(address).text
    assert "无权查看" in page and "package.zip" not in page and f"{address}/changes" in page
    assert operator.get(f"{address}/changes").status_code == 200


def test_an_account_that_was_disabled_meanwhile_builds_nothing(town: Town) -> None:
    address = town.at("operator").post("/bureau/packages", WISH).location
    with town.city.unit() as unit:
        unit.session.execute(select(Account).where(Account.login == "operator")).scalar_one().disabled_at = unit.now
    build_waiting(town.city.runtime)
    assert not place_of(town.city.runtime.home, 1).exists()
    assert town.at("reviewer").get(f"{address}/package.zip").status_code == 404


def test_a_form_that_is_refused_says_so_at_its_field(town: Town) -> None:
    operator = town.at("operator")
    answer = operator.post("/bureau/packages", WISH | {"as_of": "2031-01-01"})
    assert answer.status_code == 422 and "尚未到来" in answer.text
    assert operator.post("/bureau/packages", WISH | {"goal": "nothing"}).status_code == 422


def test_gaps_are_listed_filtered_and_taken_along(town: Town) -> None:
    page = town.at("reviewer").get("/bureau/packages/gaps?goal=base_database").text
    assert "尚不能申报" in page and "未按严格口径计入" in page
    table = town.at("operator").get("/bureau/packages/gaps?threshold=invention_deals&as=csv").text
    assert "发明专利交易" in table and "专利,1," not in table
    assert town.at("operator").get("/bureau/packages/gaps?goal=nothing").status_code == 404


def test_it_is_handed_in_once_and_never_before_it_was_built(town: Town) -> None:
    address, operator = town.built(), town.at("operator")
    early = operator.post(f"{address}/hand-in", {"day": "2025-06-01", "note": ""})
    assert early.status_code == 422 and "不能早于" in early.text
    assert town.at("reviewer").post(f"{address}/hand-in", {"day": "", "note": ""}).status_code == 403
    assert operator.post(f"{address}/hand-in", {"day": "", "note": "收件 12 号"}).status_code == 302
    page = operator.get(address).text
    assert "2025年6月2日提交" in page and "收件 12 号" in page
    assert operator.post(f"{address}/hand-in", {"day": "", "note": ""}).status_code == 409


def test_what_changed_since_is_told_by_record(town: Town) -> None:
    address = town.built(unmasked="y")
    (row,) = verify.rows_of(verify.Package(str(place_of(town.city.runtime.home, 1))).read("ledgers/local_demands.xlsx"))
    assert row[verify.STRICT] in verify.YES
    town.city.clock.forward(days=500)  # it is valid no longer
    assert "已不计入" in changed(town, address, "left") and "没有变化" not in changed(town, address, "left")


def changed(town: Town, address: str, what: str) -> str:
    page = town.at("reviewer").get(f"{address}/changes?what={what}").text
    return page[page.index('class="list-tools') :]  # the rows, below the numbers and the filters


def test_a_paper_that_was_damaged_since_is_told(town: Town) -> None:
    address = town.built(unmasked="y")
    package = verify.Package(str(place_of(town.city.runtime.home, 1)))
    (row,) = verify.rows_of(package.read("ledgers/local_demands.xlsx"))
    assert "没有变化" in changed(town, address, "damaged")
    evidence_place(town.city.runtime.home, str(row[verify.PAPERS])).write_bytes(b"another paper")
    assert "证据损坏或撤回" in changed(town, address, "damaged")


def test_a_package_whose_file_was_changed_is_compared_with_nothing(town: Town) -> None:
    address = town.built()
    place_of(town.city.runtime.home, 1).write_bytes(b"something else")
    assert "与生成时不一致" in town.at("reviewer").get(f"{address}/changes").text


def test_a_package_whose_file_was_changed_is_neither_handed_out_nor_handed_in(town: Town) -> None:
    address, operator = town.built(), town.at("operator")
    file = place_of(town.city.runtime.home, 1)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b"x")
    page = operator.get(address).text
    assert "与生成时不一致" in page and "package.zip" not in page
    assert operator.get(f"{address}/package.zip").status_code == 409
    assert operator.post(f"{address}/hand-in", {"day": "", "note": ""}).status_code == 409
    file.write_bytes(whole)
    assert operator.post(f"{address}/hand-in", {"day": "", "note": ""}).status_code == 302


def test_a_pack_that_was_edited_after_a_package_was_built_is_told(town: Town) -> None:
    address = town.built()
    said = "规则包的内容有改动"
    assert said not in town.at("reviewer").get(f"{address}/changes").text
    (town.city.runtime.home / "packs").mkdir()
    (town.city.runtime.home / "packs" / FILE.name).write_bytes(FILE.read_bytes() + b"\n# another word\n")
    assert said in town.at("reviewer").get(f"{address}/changes").text


def test_another_package_in_its_place_is_told_though_its_row_was_changed_too(town: Town) -> None:
    address, operator = town.built(), town.at("operator")
    forged = b"another package"
    place_of(town.city.runtime.home, 1).write_bytes(forged)
    with town.city.unit() as unit:
        unit.session.execute(update(Claim).values(sha256=sha256(forged).hexdigest(), size=len(forged)))
    assert operator.get(f"{address}/package.zip").status_code == 409
    assert operator.post(f"{address}/hand-in", {"day": "", "note": ""}).status_code == 409


def test_a_package_that_could_not_be_built_says_why(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matchhub.reports.typeset.FONTS", ("No Such Font",))
    page = town.at("operator").get(town.built()).text
    assert "字体未安装" in page and "下载" not in page


def test_one_with_personal_data_is_not_for_every_reader(town: Town) -> None:
    address = town.built(unmasked="y")
    with town.city.unit() as unit:
        assert unit.may("claim.unmask")
    assert town.at("reviewer").get(f"{address}/package.zip").status_code == 200
