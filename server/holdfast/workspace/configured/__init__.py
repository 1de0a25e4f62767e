"""The paths that configuration files of a project name: of environments, interpreters and what is in them."""
