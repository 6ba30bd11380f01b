"""What becomes of secrets, by the use cases alone."""
