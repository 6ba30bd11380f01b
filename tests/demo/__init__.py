"""The demo: what it prints, the tour, and the prompt."""
