"""Counting (统计): the counts behind the goals and what the other clauses would pay."""
