"""Ways to raise a count dishonestly, played as a clerk of the operator would (docs/schemes.md)."""
