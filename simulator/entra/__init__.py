"""Entra ID: discovery, keys and tokens of the world's tenants."""
