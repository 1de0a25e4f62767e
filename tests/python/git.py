"""Git repositories for tests, made by git itself."""

import os
import subprocess

PERSON = {
    f"GIT_{role}_{what}": "a@b.invalid" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


def git(folder, *arguments, text=""):
    """What git prints; without what this machine's user has configured."""
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", **PERSON}
    command = ["git", "-C", str(folder), "-c", "protocol.file.allow=always", *map(str, arguments)]
    run = subprocess.run(command, env=env, input=text.encode(), capture_output=True, check=True, timeout=60)
    return run.stdout


def repository(folder, *options):
    """A new one."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", *options)
    return folder


def written(folder, *names):
    """Files whose content is their name."""
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)


def listed(folder):
    """The files that git itself says it tracks."""
    return tuple(sorted(filter(None, git(folder, "ls-files", "-z").split(b"\0"))))
