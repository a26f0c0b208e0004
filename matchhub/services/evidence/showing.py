"""Evidence to be looked at in a page (查看器): pages drawn as pictures, never the file itself.

A picture is drawn anew from the decoded one, a page of a PDF file by pypdfium2, both in the picture process, so that
nothing in the file reaches a browser. What was drawn is kept below the home and may be thrown away at any time.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from matchhub.durable import write_durably
from matchhub.errors import NotFound
from matchhub.services.evidence.files import checked_content, evidence_row
from matchhub.services.evidence.pictures import draw_page
from matchhub.services.kernel.unit import Unit


def page_of_evidence(unit: Unit, evidence_id: int, page: int) -> bytes:
    """One page (from 1) of a file as PNG; the file is compared with its hash first.

    Raises ``NotFound`` for a file or page that is not there, ``Conflict("evidence_damaged")``, and ``Refusal`` where a
    page cannot be drawn within the limits (``pictures.draw_page``).
    """
    row = evidence_row(unit, evidence_id)
    content = checked_content(unit.home, row)
    if not 1 <= page <= row.pages:
        raise NotFound("evidence_page_missing", id=evidence_id)
    return drawn_page(unit.home, row.sha256, content, row.media_type, page)


def drawn_page(home: Path, sha256: str, content: bytes, media_type: str, page: int) -> bytes:
    """One page of a kept file as PNG, drawn once; raises as ``draw_page``. Who may see it is the caller's to ask."""
    place = home / "cache" / "evidence" / sha256[:2] / f"{sha256}-{page}.png"
    try:
        return place.read_bytes()
    except FileNotFoundError:
        made = draw_page(content, media_type, page)
        _keep(place, made)
        return made


def _keep(place: Path, made: bytes) -> None:
    """Keep a picture for the next look; where there is no room for it, it is drawn anew each time."""
    with suppress(OSError):
        write_durably(place, made)
