"""The simulator keeps its promises: what it reports, what it refuses, what it logs."""
