"""Changes of both sides: a plan, a request that somebody else approves, and an apply."""
