"""What Business Central synchronises with Sales, beside its own defaults."""
