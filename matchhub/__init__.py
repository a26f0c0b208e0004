"""matchhub: patent transaction matching and provable counting for a county-level city."""

__version__ = "0.1.0"
