"""What a page costs that does nothing: Flask, one ORM query of 50 rows, one template; the peer of ``bench/load.py``."""

from __future__ import annotations

import sys

import waitress
from flask import Flask, render_template_string
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

PAGE = """<!doctype html><html lang="en"><head><title>Rows</title></head><body><table>
{% for row in rows %}<tr><td>{{ row.id }}</td><td>{{ row.title }}</td><td>{{ row.holder }}</td></tr>
{% endfor %}</table></body></html>"""


class Base(DeclarativeBase):
    """Of the bare page alone."""


class Line(Base):
    """A row of the bare page."""

    __tablename__ = "lines"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    holder: Mapped[str]


def bare_app(file: str) -> Flask:
    """The application over a SQLite base of its own with 50 rows."""
    engine = create_engine(f"sqlite:///{file}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Line(title=f"一种鞋底的制备方法 {at}", holder=f"福建某大学{at % 7}") for at in range(50))
        session.commit()
    app = Flask(__name__)

    @app.get("/")
    def page() -> str:
        with Session(engine) as session:
            return render_template_string(PAGE, rows=session.execute(select(Line).limit(50)).scalars().all())

    return app


if __name__ == "__main__":
    waitress.serve(bare_app(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), threads=8, _quiet=True)
