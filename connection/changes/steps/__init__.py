"""The steps, by topic; their order and rows are in `connection.changes.table`."""
