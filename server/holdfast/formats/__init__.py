"""Floor 2: bytes to values and back, without policy."""
