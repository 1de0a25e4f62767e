"""Floor 1: what file systems do."""
