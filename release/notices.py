"""``python3 run.py notices``: writes ``THIRD-PARTY-NOTICES.md`` anew from the lock and the installed packages."""

from __future__ import annotations

import sys

from release.inventory import ROOT, packages, vendored

FILE = ROOT / "THIRD-PARTY-NOTICES.md"
_HEAD = """# Third-party notices

matchhub is licensed under Apache-2.0 (`LICENSE`). It ships the front-end files named first, and installs the packages
named after them, each under its own licence, whose text comes with the package. Written by `python3 run.py notices`.

"""


def notices() -> str:
    """The whole text: vendored files, then packages that an installation gets."""
    lines = ["| shipped file | from | version | licence |", "|---|---|---|---|"]
    lines += [f"| `{file.path}` | {file.name} | {file.version} | {file.licence} |" for file in vendored()]
    lines += ["", "| installed package | version | licence | home |", "|---|---|---|---|"]
    lines += [
        f"| {part.name} | {part.version} | {part.licence.replace('|', '/')} | {part.home} |"
        for part in packages()
        if part.scope != "excluded" and part.applies
    ]
    return _HEAD + "\n".join(lines) + "\n"


def main() -> int:
    """Write the file."""
    FILE.write_text(notices(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
