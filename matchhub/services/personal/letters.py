"""Letters that were written to the outbox folder instead of being sent: copies that hold addresses."""

from __future__ import annotations

from email import policy
from email.parser import BytesParser
from pathlib import Path

from matchhub.domain.erasure import Erased


def remove_letters(home: Path, erased: Erased) -> int:
    """Delete the letters that hold something erased; returns how many. That they were written stays on record."""
    found = 0
    for file in sorted((home / "outbox").glob("*.eml")):
        if any(erased.is_in(each) for each in _texts(file)):
            file.unlink(missing_ok=True)
            found += 1
    return found


def _texts(file: Path) -> list[str]:
    letter = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    parts = [str(each.get_content()) for each in letter.walk() if each.get_content_maintype() == "text"]
    return [*(str(value) for value in letter.values()), *parts]
