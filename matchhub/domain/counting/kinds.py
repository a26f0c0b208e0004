"""The kinds of record that can be counted: each has its counter, and the facts that it judges."""

from __future__ import annotations

KINDS = ("patents", "enterprises", "experts", "agencies", "demands", "pushes", "deals", "offers", "licences")
