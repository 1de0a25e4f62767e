"""Floor 4: facts about one interpreter, read without running it."""
