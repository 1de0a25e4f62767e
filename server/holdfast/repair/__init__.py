"""Floor 9: planning, applying and undoing fixes."""
