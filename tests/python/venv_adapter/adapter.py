"""CPython's `venv`, but environments are made by Holdfast.

The CPython whose tests are run, 3.6 or newer, finds this file under the name `venv` before its own, and so
does every Python that those tests start. It loads the true module and replaces `EnvBuilder.create`, through
which `venv.create` and the command line of `venv` go, too. Nothing else is touched, and nothing that a test
looks at is made here.

The folder that holds this `venv` holds `holdfast.json`, the command that starts Holdfast, and `calls`, a line
for each call of it.
"""

import importlib.util
import json
import os
import subprocess
import sys

_RUN = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def create(builder, env_dir):
    """Do as `EnvBuilder.create` does, by Holdfast: what the builder was told becomes options."""
    if builder.upgrade:
        call("repair", "--yes", os.fspath(env_dir))
        return
    # Where a version of venv knows no such thing, nobody can have asked for it.
    others = set(getattr(builder, "scm_ignore_files", ())) - {"git"}
    if others or getattr(builder, "upgrade_deps", False):
        raise NotImplementedError("Holdfast has no option for that")
    prompt = getattr(builder, "orig_prompt", builder.prompt)  # as it was given, "." included
    call(
        "create",
        "--python=" + sys.executable,
        "--links=" + ("symlink" if builder.symlinks else "copy"),
        *(["--system-site-packages"] if builder.system_site_packages else []),
        *(["--replace"] if builder.clear else []),
        *([] if builder.with_pip else ["--no-pip"]),
        *([] if prompt is None else ["--prompt=" + prompt]),
        os.fspath(env_dir),
    )


def call(*arguments):
    """Run Holdfast. Raises ValueError where it refuses, as venv does, and RuntimeError where it breaks."""
    with open(os.path.join(_RUN, "holdfast.json"), encoding="utf-8") as file:
        command = json.load(file)
    done = subprocess.run(
        [*command, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8"
    )
    with open(os.path.join(_RUN, "calls"), "a", encoding="utf-8") as file:
        file.write(json.dumps([arguments, done.returncode]) + "\n")
    if done.returncode == 1 and done.stderr.startswith("holdfast " + arguments[0]):
        raise ValueError(done.stderr)
    if done.returncode != 0:
        raise RuntimeError(f"Holdfast ended with code {done.returncode}: {done.stderr}")


def _true_venv():
    """CPython's own module; it takes the place of this one, from which `venv.__main__` is found, too."""
    folder = os.path.join(os.path.dirname(os.__file__), "venv")
    spec = importlib.util.spec_from_file_location(
        "venv", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["venv"] = module
    spec.loader.exec_module(module)
    return module


_true_venv().EnvBuilder.create = create
