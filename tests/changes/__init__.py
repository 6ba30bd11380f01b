"""Rules of changes, without Slack and Microsoft."""
