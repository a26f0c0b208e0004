"""The database: engine, tables, queries and migrations. Known only to the services."""
