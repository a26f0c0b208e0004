"""Files to records: reads whatever table an operator was sent and says what is wrong with it, row by row.

``read_rows`` is the way in. Nothing here writes, and nothing here knows a database.
"""
