"""``python3 run.py sbom [FILE]``: the software bill of materials as CycloneDX 1.6 (ECMA-424).

The same lock gives the same document.
Components are the packages of ``requirements.lock`` (scope ``excluded``: for development only) and the vendored files.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import matchhub
from release.inventory import ROOT, Package, Vendored, packages, vendored


def bill(root: Path = ROOT) -> dict[str, Any]:
    """The document as plain JSON values."""
    parts, files = packages(root), vendored(root)
    lock = (root / "requirements.lock").read_text("utf-8")
    own = f"pkg:pypi/matchhub@{matchhub.__version__}"
    known = {part.name: _purl(part) for part in parts}
    direct = sorted(known[part.name] for part in parts if part.scope == "required")
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, own + lock)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "matchhub",
                "version": matchhub.__version__,
                "purl": own,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": [*map(_package, parts), *map(_file, files)],
        "dependencies": [
            {"ref": own, "dependsOn": direct},
            *(
                {"ref": known[part.name], "dependsOn": sorted(known[each] for each in part.needs if each in known)}
                for part in parts
            ),
        ],
    }


def _purl(part: Package) -> str:
    return f"pkg:pypi/{part.name}@{part.version}"


def _package(part: Package) -> dict[str, Any]:
    about: dict[str, Any] = {
        "type": "library",
        "bom-ref": _purl(part),
        "name": part.name,
        "version": part.version,
        "scope": part.scope,
        "purl": _purl(part),
    }
    if part.licence:
        about["licenses"] = [{"license": {"name": part.licence}}]
    if part.home.startswith(("https://", "http://")):
        about["externalReferences"] = [{"type": "website", "url": part.home}]
    return about


def _file(file: Vendored) -> dict[str, Any]:
    return {
        "type": "file",
        "bom-ref": file.path,
        "name": f"{file.name} {file.path}",
        "version": file.version,
        "scope": "required",
        "hashes": [{"alg": "SHA-256", "content": file.sha256}],
        "licenses": [{"license": {"name": file.licence}}],
    }


def main(arguments: list[str] | None = None) -> int:
    """Write the document to a file, or to standard output."""
    parser = argparse.ArgumentParser(prog="python3 run.py sbom", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    chosen = parser.parse_args(arguments)
    text = json.dumps(bill(), ensure_ascii=False, indent=1) + "\n"
    if chosen.file is None:
        sys.stdout.write(text)
    else:
        chosen.file.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
