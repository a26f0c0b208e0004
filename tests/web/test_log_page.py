"""The log as people read it: a sentence for every entry, its record linked, the raw data folded; who, what and when."""

from __future__ import annotations
