"""Stories: signed payloads in, messages out, against the simulated world."""
