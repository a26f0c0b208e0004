"""The rooms of the API, by which its operations are ordered and its keys are narrowed."""

from __future__ import annotations

ROOMS = (
    "site", "patents", "demands", "matching", "conversations", "trade", "pushes", "parties", "imports", "records",
    "counts", "accounts",
)  # fmt: skip
READING, WRITING = "read", "write"
SCOPES = tuple(f"{room}:{verb}" for room in ROOMS for verb in (READING, WRITING))
