"""Jobs and their dispatcher, with the real engine."""
