"""The user agreement (用户协议) and the privacy text (隐私政策): which version is in force.

A new version is asked of every account that agreed to an older one. ``tests/web/test_agreement_pages.py`` fails when
the texts change and the version does not.
"""

from __future__ import annotations

from typing import Final

VERSION: Final = "1"


def is_consent_due(given: str | None) -> bool:
    """Whether an account that last agreed to version ``given`` is to be asked; nobody who was never asked is."""
    return given is not None and given != VERSION
