"""Floor 3: link chains."""
