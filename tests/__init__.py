"""Stories through the front door, rules by themselves, and the house's own rules."""
