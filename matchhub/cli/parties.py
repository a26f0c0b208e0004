"""``matchhub relate``."""

from __future__ import annotations

import click

from matchhub.cli.acts import Told, act_in_unit, key_option
from matchhub.cli.console import json_option, language
from matchhub.domain.affiliation import RELATIONS
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.relations import relate_parties
from matchhub.wording import sentence


@click.command()
@click.argument("left")
@click.argument("right")
@click.option("--relation", type=click.Choice(RELATIONS), default="declared", show_default=True)
@click.option("--evidence", required=True, help="where it was seen")
@key_option
@json_option
def relate(left: str, right: str, relation: str, evidence: str, key: str | None, as_json: bool) -> None:
    """Put an affiliation of two parties on file, each by its credit code or its name."""

    def act(unit: Unit) -> Told:
        new = relate_parties(unit, left, right, relation, evidence)
        return Told({"created": new}, sentence("notice_related" if new else "notice_related_already", language()))

    act_in_unit(key, act).show(as_json)


COMMANDS = (relate,)
