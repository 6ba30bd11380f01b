"""Rows and values: what each table holds, by topic, as functions over a connection."""
