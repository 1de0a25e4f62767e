"""Floor 6: where interpreters and environments are found."""
