"""Words for the fields of records: some names mean another thing for another kind (``title`` of a person)."""

from __future__ import annotations

from web.bureau import blueprint
from web.language import word, words


@blueprint.app_template_global()
def field_word(kind: str, name: str) -> str:
    """The word for field ``name`` of a record of ``kind``."""
    own = f"{kind}.{name}"
    return word("record_field", own if own in words()["record_field"] else name)
