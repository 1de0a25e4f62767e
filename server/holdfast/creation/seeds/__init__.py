"""What new environments start with: wheels that the base brings, unpacked once and kept for the next."""
