"""The simulated Slack, driven by Slack's own client and by a tiny bot."""
