"""Floor 10: the language server."""
