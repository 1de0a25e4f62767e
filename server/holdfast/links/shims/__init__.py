"""Version managers whose shims choose an interpreter by the folder that they are called from."""
