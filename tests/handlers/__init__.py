"""Views and handlers: what Slack would refuse is found here, for any content."""
