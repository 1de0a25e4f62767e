"""Floor 9: making an environment."""
