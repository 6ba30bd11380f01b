"""The rules of the core, without anything around them."""
