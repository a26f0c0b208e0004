"""Channels that carry messages out of the house: one file per channel."""
