"""Precise pushes (精准推送): planned from the latest run, delivered, read, answered, or switched off."""
