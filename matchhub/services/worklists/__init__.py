"""Lists of what waits: one first page per audience."""
