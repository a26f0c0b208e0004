"""One record as a page shows it: labels, timeline, evidence, origins, and why it counts."""
