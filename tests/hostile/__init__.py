"""`make hostile`: attacks and faults, and what became of them, as one table."""
