"""What the other clauses would pay, computed from the records of the base; estimates only (docs/awards.md)."""
