"""From rows to the plain values that the counting rules judge, cut to what was known at a moment."""
