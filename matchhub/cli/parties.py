"""``matchhub relate``."""

from __future__ import annotations

import click

from matchhub.cli.console import installation, json_option, language, show
from matchhub.domain.affiliation import RELATIONS
from matchhub.services.parties.relations import relate_parties
from matchhub.wording import sentence


@click.command()
@click.argument("left")
@click.argument("right")
@click.option("--relation", type=click.Choice(RELATIONS), default="declared", show_default=True)
@click.option("--evidence", required=True, help="where it was seen")
@json_option
def relate(left: str, right: str, relation: str, evidence: str, as_json: bool) -> None:
    """Put an affiliation of two parties on file, each by its credit code or its name."""
    with installation() as runtime, runtime.unit() as unit:
        new = relate_parties(unit, left, right, relation, evidence)
    show({"created": new}, as_json, sentence("notice_related" if new else "notice_related_already", language()))


COMMANDS = (relate,)
