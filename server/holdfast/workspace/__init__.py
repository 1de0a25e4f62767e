"""Floor 7: facts about a project."""
