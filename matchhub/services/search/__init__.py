"""Free search over every kind of record an actor may see."""
