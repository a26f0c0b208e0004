"""Recording what files say: one module per kind, one way of counting for all (CONTRACT.md, ``matchhub import``)."""

from matchhub.services.imports.batch import ImportResult, import_rows

__all__ = ["ImportResult", "import_rows"]
