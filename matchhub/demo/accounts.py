"""The accounts to try the demo city with: one per role, and some firms of the city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matchhub.demo.city import City
from matchhub.demo.names import uscc_of
from matchhub.demo.papers import scan_of
from matchhub.demo.parties import Firm
from matchhub.domain.organisations import BUREAU, ENTERPRISE, HOLDER_KINDS
from matchhub.domain.permissions import permissions
from matchhub.services.accounts.accounts import add_account, disable_account
from matchhub.services.accounts.bureau import add_colleague
from matchhub.services.accounts.keeping import bureau_has_accounts
from matchhub.services.accounts.sessions import actor_of, open_session, sign_out
from matchhub.services.kernel.unit import Actor, Unit
from matchhub.services.organisations.confirming import Proof, confirm_added

PASSWORD = "demo-jinjiang"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to sign in with; ``note`` says whom it stands for."""

    login: str
    role: str
    password: str
    note: str


DEMO_ACCOUNTS = (
    DemoAccount("enterprise", "enterprise", PASSWORD, "制鞋企业：有需求、推送和应答 / a shoe firm"),
    DemoAccount("institution", "institution", PASSWORD, "晋水理工学院：持有专利 / a university that holds patents"),
    DemoAccount("operator", "operator", PASSWORD, "平台运营机构 / the platform's operator"),
    DemoAccount("reviewer", "reviewer", PASSWORD, "主管部门审核人员 / the bureau's reviewer"),
    DemoAccount("auditor", "auditor", PASSWORD, "审计人员：只读 / an auditor, who reads only"),
    DemoAccount("admin", "administrator", PASSWORD, "系统管理员 / the administrator"),
)
_INSTITUTION_SERIAL = 29_000  # far above those of the firms
_ORGANISATIONS = {
    "operator": "晋水知识产权运营中心（演示）",
    "bureau": "晋江市市场监督管理局（演示）",
    "system": "平台技术组（演示）",
}


def open_staff(unit: Unit, city: City) -> None:
    """Accounts of the staff and of the institution, and of the clerk who enters the records."""
    for account in DEMO_ACCOUNTS:
        if account.role != "enterprise":
            city.actors[account.login] = _open_one_of_staff(unit, city, account)
    city.actors["clerk"] = _open(unit, "clerk", "operator", _ORGANISATIONS["operator"], "operator")


def _open_one_of_staff(unit: Unit, city: City, account: DemoAccount) -> Actor:
    """The installer makes the bureau's first account, and that one the bureau's others."""
    kind = permissions().roles[account.role].organisation
    if kind == BUREAU and bureau_has_accounts(unit):
        number = add_colleague(
            city.by(unit, "reviewer"),
            login=account.login,
            display_name=account.login,
            role=account.role,
            password=PASSWORD,
            email=f"{account.login}@example.com",
            demo=True,
        )
        return _actor(unit, number)
    name = _ORGANISATIONS.get(kind, city.names.data["institutions"][0])
    return _open(unit, account.login, account.role, name, kind)


def open_firms(unit: Unit, city: City) -> None:
    """The account ``enterprise`` of the first firm, and one each of some others."""
    for at, firm in enumerate(city.firms[: city.sizes.accounts]):
        login = "enterprise" if at == 0 else f"firm{at:02d}"
        _open_firm(unit, city, login, firm)


def _open_firm(unit: Unit, city: City, login: str, firm: Firm) -> None:
    firm.has_account = True
    actor = _open(unit, login, "enterprise", firm.name, "enterprise", firm)
    city.actors[firm.record.uscc or ""] = city.actors[login] = actor


def _proof(organisation: str, kind: str) -> Proof:
    """An invented word of the operator; a holder is confirmed with an invented document, and its name is linked."""
    if kind == ENTERPRISE:
        return Proof("演示：已拨打库中电话核实")
    letter = scan_of("authorisation_sheet", "DEMO", "演示授权书", date(2023, 1, 3))
    return Proof(
        "演示：授权书原件已核对",
        (letter.name, letter.content),
        uscc_of(_INSTITUTION_SERIAL, registry="12"),
        (organisation,),
    )


def close_clerk(unit: Unit, city: City) -> None:
    """The clerk leaves: an account that is shut out stays on record."""
    clerk = city.actors["clerk"]
    assert clerk.account_id is not None
    disable_account(city.by(unit, "admin"), clerk.account_id)


def _open(unit: Unit, login: str, role: str, organisation: str, kind: str, firm: Firm | None = None) -> Actor:
    person = firm.record.contact_name if firm else None
    number = add_account(
        unit,
        login=login,
        display_name=person or login,
        role=role,
        organisation_name=organisation,
        organisation_kind=kind,
        password=PASSWORD,
        enterprise_id=firm.id if firm else None,
        email=firm.record.contact_email if firm else f"{login}@example.com",
        demo=True,
    )
    if kind in HOLDER_KINDS:
        confirm_added(unit, number, _proof(organisation, kind))
    return _actor(unit, number)


def _actor(unit: Unit, number: int) -> Actor:
    token = open_session(unit, number)
    actor = actor_of(unit, token)
    sign_out(unit, token)
    assert actor is not None
    return actor
