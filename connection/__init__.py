"""The core: rules, use cases and ports of administering one connection. Standard library only."""
