"""Digests that make a record that has no number of its own recognisable when it comes again."""

from __future__ import annotations

import hashlib
import unicodedata


def digest(*values: object) -> str:
    """SHA-256, hex, over the normalised texts of ``values``: full width, blanks and case make no difference."""
    plain = ("".join(unicodedata.normalize("NFKC", str(value or "")).split()).casefold() for value in values)
    return hashlib.sha256("\x1f".join(plain).encode()).hexdigest()
