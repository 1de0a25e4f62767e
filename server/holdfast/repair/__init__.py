"""Floor 9: planning and applying fixes."""
