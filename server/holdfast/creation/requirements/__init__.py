"""What a project needs, and installing it into its environment."""
