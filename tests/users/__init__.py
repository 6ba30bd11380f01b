"""The mapping of users: its rule, its words, and how both sides are read."""
