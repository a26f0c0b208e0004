"""``matchhub user``."""

from __future__ import annotations

from pathlib import Path

import click

from matchhub.cli.acts import Told, act_in_unit, key_option
from matchhub.cli.console import json_option, language
from matchhub.domain.permissions import permissions, role_names
from matchhub.services.accounts.accounts import add_account, is_confirmed_account
from matchhub.services.accounts.keeping import recover_keeper
from matchhub.services.kernel.unit import Unit
from matchhub.services.organisations.confirming import Proof, confirm_added
from matchhub.wording import sentence


@click.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(role_names()), required=True)
@click.option("--organisation", required=True, help="whom the account acts for")
@click.option("--display-name", help="name shown (default: the login)")
@click.option("--enterprise", "enterprise_id", type=int, help="enterprise of the base, by its number")
@click.option("--email")
@click.option("--note", default="", help="how it was checked that the account speaks for a firm or an institution")
@click.option(
    "--document", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="the file that proves it"
)
@click.option("--code", default="", help="credit code (统一社会信用代码) of an institution")
@click.option(
    "--link", "names", multiple=True, help="written name of a holder that is this organisation; may be repeated"
)
@click.password_option(help="asked for when not given")
@key_option
@json_option
def user_add(
    name: str,
    role: str,
    organisation: str,
    display_name: str | None,
    enterprise_id: int | None,
    email: str | None,
    password: str,
    key: str | None,
    as_json: bool,
    note: str,
    document: Path | None,
    code: str,
    names: tuple[str, ...],
) -> None:
    """Add an account. Of the bureau the first one only; one of a firm or an institution waits for the operator,
    unless a note says how it was checked."""
    proof = Proof(note, (document.name, document.read_bytes()) if document else None, code, names)

    def act(unit: Unit) -> Told:
        number = add_account(
            unit,
            login=name,
            display_name=display_name or name,
            role=role,
            organisation_name=organisation,
            organisation_kind=permissions().roles[role].organisation,
            password=password,
            enterprise_id=enterprise_id,
            email=email,
            temporary=True,
        )
        if note.strip():
            confirm_added(unit, number, proof)
        waits = not is_confirmed_account(unit, number)
        said = "account_added_waits" if waits else "account_added"
        return Told({"id": number, "confirmed": not waits}, sentence(said, language(), login=name, role=role))

    act_in_unit(key, act, [document] if document else []).show(as_json)


@user.command("recover")
@click.argument("name")
@click.password_option(help="asked for when not given")
@key_option
@json_option
def user_recover(name: str, password: str, key: str | None, as_json: bool) -> None:
    """A new password for who keeps the bureau's accounts, when nobody of the bureau can help; the log keeps it."""

    def act(unit: Unit) -> Told:
        number = recover_keeper(unit, name, password)
        return Told({"id": number}, sentence("keeper_recovered", language(), login=name))

    act_in_unit(key, act).show(as_json)


COMMANDS = (user,)
