"""The main story, chapter by chapter."""
