"""``python3 run.py audit``: known weaknesses of every package of the lock, by pip-audit against a public advisory list.

It passes only when every package that this platform installs was looked up. A list that cannot be reached, a package
that was skipped and a weakness that was found all fail, each with its own sentence.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from release.inventory import ROOT, packages

SERVICES = ("pypi", "osv")
_SAID = {
    "passed": ("已查询 {asked} 个依赖包，没有已知漏洞。", "{asked} packages looked up: no known weakness."),
    "found": ("发现已知漏洞，见上表。请升级后重新锁定（docs/operations.md）。",
              "Known weaknesses were found, see above. Take newer releases (docs/operations.md)."),
    "not_looked": ("没有查成，因此不算通过：{why}。请在能访问漏洞库的网络中重试。",
                   "It could not look, so this is no pass: {why}. Try again where an advisory list can be reached."),
}  # fmt: skip


def judge(told: str, expected: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """What pip-audit's JSON means: ``passed``, ``found`` or ``not_looked``, with what a sentence needs.

    ``expected``: version by name of every package that had to be looked up.
    """
    try:
        listed = json.loads(told)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return "not_looked", {"why": "no answer"}
    asked = {each["name"]: each for each in listed if "skip_reason" not in each}
    missing = sorted(name for name, version in expected.items() if asked.get(name, {}).get("version") != version)
    weak = [(each["name"], each["version"], flaw["id"]) for each in asked.values() for flaw in each.get("vulns", ())]
    for name, version, flaw in weak:
        print(f"{name} {version}  {flaw}")
    if weak:
        return "found", {}
    if missing or not expected:
        return "not_looked", {"why": ", ".join(missing[:5]) or "no packages"}
    return "passed", {"asked": len(expected)}


def look(service: str) -> str:
    """pip-audit's JSON on standard output; empty when it failed. What it says goes to standard error."""
    command = [sys.executable, "-m", "pip_audit", "--strict", "--progress-spinner", "off", "--format", "json"]
    command += ["--vulnerability-service", service, "--disable-pip", "--require-hashes"]
    done = subprocess.run([*command, "-r", str(ROOT / "requirements.lock")], stdout=subprocess.PIPE, check=False)
    return done.stdout.decode("utf-8", "replace")


def main() -> int:
    """0 only when everything was looked up and nothing found."""
    expected = {part.name: part.version for part in packages() if part.applies}
    outcome, data = "not_looked", {"why": "no answer"}
    for service in SERVICES:
        outcome, data = judge(look(service), expected)
        if outcome != "not_looked":
            break
    print("\n".join(each.format(**data) for each in _SAID[outcome]), file=sys.stderr)
    return 0 if outcome == "passed" else 1


if __name__ == "__main__":
    sys.exit(main())
