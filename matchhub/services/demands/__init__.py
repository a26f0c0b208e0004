"""Demands (技术需求): posted, edited, drafted, reviewed, repeated or not, and who may read them."""
