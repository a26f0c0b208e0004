"""The files of a package, its manifest and its bytes: the same facts make the same zip."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from matchhub.domain.counting.facts import RecordId
from matchhub.dossier import verify
from matchhub.dossier.ledgers import Showing, gap_book, ledger_book, sample_book, showing_of
from matchhub.dossier.papers import application, undertaking
from matchhub.dossier.report import report
from matchhub.errors import Refusal
from matchhub.services.claim.package import PackageFacts, Step, paper_content
from matchhub.services.kernel.settings import OperatorSettings
from matchhub.services.kernel.unit import Unit

FORMAT = 1
_LARGEST = 1 << 32  # bytes and
_MOST_FILES = 0xFFFF  # files that a zip holds without its large form


@dataclass(frozen=True, slots=True)
class Packed:
    """A package: its bytes, number of files, SHA-256 of the zip, and ``root``: that of its manifest."""

    content: bytes
    files: int
    sha256: str
    root: str


def verifier() -> bytes:
    """The verifier as it lies in every package."""
    return resources.files(__package__).joinpath("verify.py").read_bytes()


def pack(unit: Unit, facts: PackageFacts, applicant: OperatorSettings, step: Step) -> Packed:
    """Write all files of a package. Raises ``FontMissing``, ``Refusal`` ``package_too_large``, ``package_name_unsafe``.

    Names of papers are made here; those of a pack's files are whatever somebody called them.
    """
    files = dict(sorted(_files(unit, facts, applicant, step)))
    if (unsafe := next(filter(verify.leaves, files), None)) is not None:
        raise Refusal("package_name_unsafe", file=unsafe)
    step("packing")
    listed = [
        {"name": name, "sha256": verify.digest(content), "bytes": len(content)} for name, content in files.items()
    ]
    manifest = _json({"format": FORMAT, "files": listed})
    if len(files) >= _MOST_FILES or sum(map(len, files.values())) >= _LARGEST - (1 << 26):
        raise Refusal("package_too_large")
    content = verify.container([*files.items(), (verify.MANIFEST, manifest)])
    return Packed(content, len(files) + 1, verify.digest(content), verify.digest(manifest))


def _files(unit: Unit, facts: PackageFacts, applicant: OperatorSettings, step: Step) -> Iterator[tuple[str, bytes]]:
    showing = showing_of(facts)
    step("evidence")
    evidence = dict(_evidence(unit, facts, showing))
    yield from evidence.items()
    included = frozenset(verify.digest(content) for content in evidence.values())
    step("workbooks")
    titles = {each.threshold.key: each.threshold.title_zh for each in facts.goal.thresholds}
    for key, rows in facts.ledgers.items():
        yield f"{verify.LEDGERS}{key}.xlsx", ledger_book(titles[key], rows, showing, included)
    for key, sheets in facts.samples.items():
        if sheets:
            yield f"samples/{key}.xlsx", sample_book(titles[key], sheets, showing)
    yield "缺项清单.xlsx", gap_book(facts.gaps, titles, showing)
    step("report")
    yield "申报书.docx", application(facts, applicant, showing)
    yield "承诺书.docx", undertaking(facts, applicant)
    yield "申报报告.pdf", report(facts, applicant)
    yield verify.CLAIM, _json(claim_of(facts))
    yield from ((verify.PACK + name, content) for name, content in facts.pack_files)
    yield verify.LOG, facts.log.lines
    yield verify.HEAD, _json(dict(facts.log.head))
    yield from ((verify.CHECKPOINTS + each.name, _json(each.to_json())) for each in facts.checkpoints)
    yield "verify.py", verifier()


def _evidence(unit: Unit, facts: PackageFacts, showing: Showing) -> Iterator[tuple[str, bytes]]:
    """The papers of every record that counts literally, whole ones only, in a folder for each record."""
    lost = {sha256 for gap in facts.gaps for sha256 in gap.damaged}
    told: set[tuple[str, RecordId, int]] = set()
    for rows in facts.ledgers.values():
        for row in rows:
            for paper in row.papers if row.literal else ():
                here = (row.kind, row.record_id, paper.id)
                if not paper.stands or not showing.holds(paper.paper) or paper.sha256 in lost or here in told:
                    continue
                told.add(here)
                ending = paper.name.rpartition(".")[2].lower() if "." in paper.name else ""
                ending = ending if ending.isascii() and ending.isalnum() and len(ending) <= 5 else "bin"
                name = f"evidence/{row.kind}/{row.record_id}/{paper.paper}-{paper.id}.{ending}"
                yield name, paper_content(unit, paper.sha256)


def claim_of(facts: PackageFacts) -> dict[str, object]:
    """What the package claims, for the verifier and for whoever compares later: ``claim.json``."""
    goal = facts.goal.goal
    return {
        "format": FORMAT,
        "demo": facts.demo,
        "goal": goal.key,
        "title": goal.title_zh,
        "document": facts.pack.document,
        "clause": goal.citation.clause,
        "bonus_yuan": goal.bonus_yuan,
        "as_of": facts.as_of.isoformat(),
        "policy": facts.pack.key,
        "policy_digest": facts.pack.digest,
        "policy_confirmed": facts.pack_confirmed,
        "masked": not facts.wish.unmasked,
        "entries": facts.log.head["entries"],
        "known_at": facts.log.at.isoformat() if facts.log.at else None,
        "earned": facts.goal.earned,
        "thresholds": [
            {
                "key": each.threshold.key,
                "title": each.threshold.title_zh,
                "unit": each.count.unit,
                "least": each.threshold.least,
                "literal": each.count.literal,
                "strict": each.count.strict,
            }
            for each in facts.goal.thresholds
        ],
    }


def _json(said: object) -> bytes:
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
