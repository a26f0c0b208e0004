"""The desk of operator and bureau: read views as frozen dataclasses, and decisions on rows that were held.

Views never judge: whether a record counts, and why, comes from ``services.counts`` alone.
"""
