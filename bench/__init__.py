"""Benchmarks, each beside its reference in the same run: `python -m bench [name]`."""
