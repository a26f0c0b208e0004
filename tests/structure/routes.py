"""The table of routes in ``docs/routes.md``: made from the application, checked by a test.

``python -m tests.structure.routes`` writes it anew; the difference is what a reviewer looks at.
"""

from __future__ import annotations

import inspect
import tempfile
from pathlib import Path

from flask import Flask

from matchhub.domain.permissions import VISITOR, permissions
from matchhub.services.kernel.runtime import open_runtime
from matchhub.services.kernel.settings import read_settings
from tests.machine import ROOT
from web import create_app
from web.gate import act_of

TABLE = ROOT / "docs" / "routes.md"
HEAD = """# Routes

Every address the web application answers, the act it is, who may do that, and what it does. Made
by `python -m tests.structure.routes` from the application itself; a test compares. The act stands in the table of
permissions (`matchhub/domain/permissions.toml`). "everybody" includes visitors who are not signed in.

| address | methods | act | who | what |
|---|---|---|---|---|
"""


def make_app(home: Path) -> Flask:
    """The application over an empty base in ``home``."""
    runtime, _ = open_runtime(read_settings({"MATCHHUB_HOME": str(home)}))
    return create_app(runtime)


def who(act: str) -> str:
    allowed, roles = permissions().roles_of(act), permissions().roles
    if VISITOR in allowed:
        return "everybody"
    return "everybody signed in" if allowed == frozenset(roles) else ", ".join(r for r in roles if r in allowed)


def table(app: Flask) -> str:
    """The document as it should be."""
    rows = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        told = (inspect.getdoc(app.view_functions[rule.endpoint]) or "").split("\n\n")[0].replace("\n", " ")
        what = "files of the pages" if rule.endpoint == "static" else told
        address = rule.rule.replace("|", "\\|")
        act = act_of(app, rule.endpoint)
        allowed = f"{act} | {who(act)}" if act is not None else "not declared | nobody"
        rows.append(f"| `{address}` | {methods} | {allowed} | {what} |\n")
    return HEAD + "".join(rows)


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        TABLE.write_text(table(make_app(Path(home))), encoding="utf-8")


if __name__ == "__main__":
    main()
