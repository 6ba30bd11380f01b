"""Pure functions from a value to a Slack message or modal."""
