"""Tables that leave the platform as csv or xlsx, by columns named once for both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any

from flask import send_file
from werkzeug.wrappers import Response

from matchhub.errors import NotFound
from matchhub.reports.tables import Cell, Sheet, write_csv, write_tables

MIMES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
Columns = Sequence[tuple[str, int, Callable[[Any], Cell]]]


def table_file(ending: str, name: str, title: str, columns: Columns, rows: Iterable[Any]) -> Response:
    """The rows as a file ``name.ending``; ``NotFound`` for an ending that is neither."""
    if ending not in MIMES:
        raise NotFound()
    headings = [(heading, width) for heading, width, _ in columns]
    sheet = Sheet(title, headings, [[read(row) for _, _, read in columns] for row in rows])
    target = BytesIO()
    if ending == "csv":
        write_csv(target, sheet)
    else:
        write_tables(target, [sheet])
    target.seek(0)
    return send_file(target, mimetype=MIMES[ending], as_attachment=True, download_name=f"{name}.{ending}")
