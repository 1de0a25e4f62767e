"""Floor 5: facts about one environment."""
