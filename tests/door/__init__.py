"""The door and the entry: clients that know only Slack's protocol, and hostile ones."""
