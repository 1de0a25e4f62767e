"""Floor 8: the rules, from facts to problems."""
