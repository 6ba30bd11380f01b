"""Slack, Entra ID, Dataverse and Business Central on loopback, for learning, demo and tests."""
