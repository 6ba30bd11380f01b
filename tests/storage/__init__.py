"""The database: what is remembered, that it stays as it was, and that secrets stay sealed."""
