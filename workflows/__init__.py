"""Durable jobs: the port `Jobs` carried out by DBOS, and the dispatcher that starts them."""
