"""Slack in and out: commands, forms and buttons come in, messages go out."""
