"""Use cases: one verb each, over a ``Unit``. They read and write, but never commit; the edge does."""
