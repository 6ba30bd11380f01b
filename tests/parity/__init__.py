"""Cases of Business Central's own published tests, ported: what they expect, held to here."""
