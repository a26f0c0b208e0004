"""Files to records: reads any table that an operator was sent and reports what is wrong with it, row by row.

``ingest.reading.read_rows`` is the way in. Nothing here writes a record, and nothing here knows a database.
"""
