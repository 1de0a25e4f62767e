"""What happens to environments, and whether they work afterwards."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from holdfast.formats.exec_line import exec_line
from holdfast.formats.shebang import script_head
from machines import elf, mach_o, pe
from pythons import INSTALLED, Python, ask, make_environment

PACKAGE = "holdfast_test_package"
_QUESTION = f"""
import json, os, sys
print(json.dumps({{"prefix": sys.prefix, "library": os.path.dirname(os.__file__)}}))
import ssl, _struct, {PACKAGE}
print("all")
"""


@dataclass(frozen=True)
class Scene:
    """An environment in which a package is installed, and what it rests on."""

    environment: Path
    base: Python
    library: Path
    """The standard library of its true base."""
    built: Path
    """That of the installation of which the base is a copy."""
    place: Path
    """A folder for whatever else is needed."""

    @property
    def python(self) -> Path:
        return self.environment / "bin" / "python"

    @property
    def config(self) -> Path:
        return self.environment / "pyvenv.cfg"

    @property
    def packages(self) -> Path:
        return self.environment / "lib" / self.base.tag / "site-packages"

    def put(self, content: bytes, mode: int = 0o755) -> None:
        """Something else in the place of `bin/python`."""
        self.remove_python()
        self.python.parent.mkdir(exist_ok=True)
        self.python.write_bytes(content)
        self.python.chmod(mode)

    def link_to(self, target) -> None:
        self.remove_python()
        self.python.parent.mkdir(exist_ok=True)
        self.python.symlink_to(target)

    def remove_python(self) -> None:
        if self.python.is_dir() and not self.python.is_symlink():
            self.python.rmdir()
        self.python.unlink(missing_ok=True)

    @property
    def script(self) -> Path:
        return self.environment / "bin" / "holdfast-test"

    def begin_script(self, line) -> None:
        """Let the script that the package brings begin with a line, or with some."""
        self.script.write_text(f"{line}\nimport sys, {PACKAGE}\nprint(sys.prefix)\n")
        self.script.chmod(0o755)

    def link_to_environment(self, name: str) -> Path:
        """Another path of the environment: a link by this name."""
        link = self.place / name
        link.unlink(missing_ok=True)
        link.symlink_to(self.environment)
        return link

    def configure(self, change) -> None:
        """Change the bytes of pyvenv.cfg, if it still has any."""
        if self.config.is_file():
            self.config.write_bytes(change(self.config.read_bytes()))

    def say_home(self, line: bytes) -> None:
        def changed(content):
            lines = content.splitlines(keepends=True)
            return b"".join(
                line if one.lower().lstrip(b"\xef\xbb\xbf").startswith(b"home") else one for one in lines
            )

        self.configure(changed)


def install_package(environment: Path, tag: str) -> None:
    """A package with a script, as pip writes them."""
    packages = environment / "lib" / tag / "site-packages"
    (packages / PACKAGE).mkdir()
    (packages / PACKAGE / "__init__.py").touch()
    Scene(environment, None, None, None, None).begin_script(f"#!{environment}/bin/python")


def why_it_fails(scene: Scene) -> str:
    """What of an environment does not work when it is run; empty where all does."""
    try:
        done = ask(scene.python, _QUESTION)
    except subprocess.TimeoutExpired:
        return "it hangs"
    except OSError as error:
        return f"it does not start ({error.strerror})"
    first, _, rest = done.stdout.partition("\n")
    if not first.startswith("{"):
        return "it does not start"
    said = json.loads(first)
    if not _same(said["prefix"], scene.environment):
        return f"sys.prefix is {said['prefix']}"
    # The base is a copy of an installation, which is still there, and for which the executable was compiled.
    if not any(_same(said["library"], own) for own in (scene.library, scene.built)):
        return f"its library is {said['library']}"
    return "" if rest.strip() == "all" else done.stderr.strip().splitlines()[-1]


def why_script_fails(scene: Scene) -> str:
    """Why the script of the package does not run in the environment; empty where it does."""
    try:
        done = subprocess.run(
            [scene.script], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60
        )
    except subprocess.TimeoutExpired:
        return "it hangs"
    except OSError as error:
        return f"it does not start ({error.strerror})"
    if done.returncode != 0:
        return (done.stderr.strip().splitlines() or ["it fails"])[-1]
    prefix = done.stdout.strip()
    return "" if _same(prefix, scene.environment) else f"it runs in {prefix}"


def _same(one, other) -> bool:
    return os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)


# Of the base


def base_removed(scene):
    shutil.rmtree(scene.base.prefix)


def base_upgraded(scene):
    scene.base.prefix.rename(scene.base.prefix.with_name(f"{scene.base.series}.99"))
    return replace(
        scene, library=scene.base.prefix.with_name(f"{scene.base.series}.99") / "lib" / scene.base.tag
    )


def base_upgraded_behind_its_link(scene):
    """As pyenv and uv do it that keep a link X.Y: it leads to the new one, and the old one goes."""
    new = scene.base.prefix.with_name(f"{scene.base.series}.98")
    if new.exists():
        return None
    scene.base.prefix.rename(new)
    link = scene.base.prefix.with_name(scene.base.series)
    link.unlink(missing_ok=True)
    link.symlink_to(new.name)
    return replace(scene, library=new / "lib" / scene.base.tag)


def base_moved_and_linked(scene):
    elsewhere = scene.base.prefix.with_name("elsewhere")
    if not elsewhere.exists() and scene.base.prefix.exists():
        scene.base.prefix.rename(elsewhere)
        scene.base.prefix.symlink_to("elsewhere")


def base_without_library(scene):
    shutil.rmtree(scene.base.prefix / "lib" / scene.base.tag)


def base_with_a_config(scene):
    (scene.base.prefix / "pyvenv.cfg").write_text("# stray\n")


# Of the interpreter


def python_removed(scene):
    scene.remove_python()


def bin_removed(scene):
    shutil.rmtree(scene.environment / "bin")


def python_in_a_circle(scene):
    scene.link_to("python")


def python_may_not_run(scene):
    scene.put(Path(os.path.realpath(INSTALLED[0].path)).read_bytes(), 0o644)


def python_a_folder(scene):
    scene.remove_python()
    scene.python.mkdir(parents=True)


def python_empty(scene):
    scene.put(b"")


def python_a_fifo(scene):
    scene.remove_python()
    os.mkfifo(scene.python, 0o755)


def python_a_text_link(scene):
    scene.put(os.fsencode(scene.base.path), 0o644)


def python_an_executable_text_link(scene):
    scene.put(os.fsencode(scene.base.path))


def python_any_text(scene):
    scene.put(b"this is no program\n")


def python_another_program(scene):
    scene.link_to("/bin/true")


def python_of_another_processor(scene):
    scene.put(elf("aarch64"))


def python_of_windows(scene):
    scene.put(pe())


def python_of_macos(scene):
    scene.put(mach_o("aarch64"))


def python_a_shim(scene):
    shim = scene.place / ".pyenv" / "shims" / "python"
    if not shim.exists():
        shim.parent.mkdir(parents=True)
        shim.write_text(f'#!/bin/sh\n# exec pyenv exec\nexec "{scene.base.path}" "$@"\n')
        shim.chmod(0o755)
    scene.link_to(shim)


def minor_jumped(scene):
    other = next(python for python in INSTALLED if python.series != scene.base.series)
    scene.link_to(other.path)
    return replace(scene, library=Path(os.path.realpath(other.prefix / "lib" / other.tag)))


def linked_to_another_installation(scene):
    """Of the same X.Y, as a repair does it."""
    other = next((p for p in INSTALLED if p.series == scene.base.series), None)
    if other is None:
        return None
    scene.link_to(other.path)
    scene.say_home(b"home = %s\n" % os.fsencode(other.path.parent))
    return replace(scene, library=other.prefix / "lib" / other.tag)


# Of pyvenv.cfg


def config_removed(scene):
    scene.config.unlink()


def config_empty(scene):
    scene.configure(lambda _: b"")


def config_binary(scene):
    scene.configure(lambda content: content + b"prompt = \xff\n")


def config_large(scene):
    scene.configure(lambda content: content + b"#" * 40_000 + b"\n")


def config_a_folder(scene):
    scene.config.unlink()
    scene.config.mkdir()


def config_in_a_circle(scene):
    scene.config.unlink()
    scene.config.symlink_to("pyvenv.cfg")


def config_with_a_mark(scene):
    scene.configure(lambda content: b"\xef\xbb\xbf" + content)


def config_with_a_mark_before_the_choice(scene):
    scene.configure(lambda content: b"\xef\xbb\xbfinclude-system-site-packages = false\n" + content)


def config_with_comments(scene):
    scene.configure(lambda content: content + "\n# ☃\nunknown = ☃\n".encode())


def config_with_returns(scene):
    scene.configure(lambda content: content.replace(b"\n", b"\r\n"))


def config_said_twice(scene):
    scene.configure(lambda content: content + b"home = /gone\n")


def home_absent(scene):
    scene.say_home(b"")


def home_gone(scene):
    scene.say_home(b"home = /gone/bin\n")


def home_relative(scene):
    scene.say_home(b"home = somewhere/bin\n")


def home_a_file(scene):
    scene.say_home(b"home = /etc/passwd\n")


def home_below_a_file(scene):
    scene.say_home(b"home = /etc/passwd/bin\n")


def home_in_a_circle(scene):
    (scene.place / "circle").symlink_to("circle")
    scene.say_home(b"home = %s\n" % os.fsencode(scene.place / "circle"))


def home_of_the_system(scene):
    scene.say_home(b"home = /usr/bin\n")


def home_below_the_system(scene):
    scene.say_home(b"home = /usr/local/gone/bin\n")


def home_of_another_version(scene):
    other = next(python for python in INSTALLED if python.series != scene.base.series)
    scene.say_home(b"home = %s\n" % os.fsencode(other.path.parent))


def home_an_empty_folder(scene):
    (scene.place / "empty").mkdir(exist_ok=True)
    scene.say_home(b"home = %s\n" % os.fsencode(scene.place / "empty"))


def home_its_own_folder(scene):
    scene.say_home(b"home = %s\n" % os.fsencode(scene.environment / "bin"))


def home_in_capitals(scene):
    scene.configure(lambda content: content.replace(b"home = ", b"HOME=", 1))


# Of the folders


def folder_moved(scene):
    moved = scene.environment.with_name("moved")
    if moved.exists():
        return None
    scene.environment.rename(moved)
    return replace(scene, environment=moved)


def folder_moved_and_linked(scene):
    moved = scene.environment.with_name("elsewhere")
    if not moved.exists():
        scene.environment.rename(moved)
        scene.environment.symlink_to(moved.name)


def folder_copied(scene):
    copy = scene.environment.with_name("copy")
    if copy.exists():
        return None
    shutil.copytree(scene.environment, copy, symlinks=True)
    return replace(scene, environment=copy)


def project_renamed(scene):
    renamed = scene.environment.parent.with_name("renamed")
    if renamed.exists():
        return None
    scene.environment.parent.rename(renamed)
    return replace(scene, environment=renamed / scene.environment.name)


def lib64_removed(scene):
    if (scene.environment / "lib64").is_symlink():
        (scene.environment / "lib64").unlink()


def lib64_dangling(scene):
    lib64_removed(scene)
    if not (scene.environment / "lib64").exists():
        (scene.environment / "lib64").symlink_to("gone")


def lib64_a_second_folder(scene):
    lib64_removed(scene)
    if (scene.environment / "lib").exists() and not os.path.lexists(scene.environment / "lib64"):
        shutil.copytree(scene.environment / "lib", scene.environment / "lib64", symlinks=True)


def packages_removed(scene):
    shutil.rmtree(scene.packages)


def packages_emptied(scene):
    for path in scene.packages.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def lib_removed(scene):
    shutil.rmtree(scene.environment / "lib")


def alias_dangling(scene):
    if not os.path.lexists(scene.environment / "Scripts"):
        (scene.environment / "Scripts").symlink_to("gone")


def alias_added(scene):
    if not os.path.lexists(scene.environment / "Scripts"):
        (scene.environment / "Scripts").symlink_to("bin")


def sources_gone(scene):
    (scene.packages / "__editable__.shop-1.0.pth").write_text(f"{scene.place}/gone/src\n")


# Of scripts


def script_stale(scene):
    scene.begin_script("#!/gone/.venv/bin/python")


def script_stale_behind_sh(scene):
    scene.begin_script(os.fsdecode(script_head(f"/gone/{'x' * 150}/bin/python"))[:-1])


def script_of_another_environment(scene):
    other = scene.place / "other" / ".venv"
    if not other.exists():
        make_environment(INSTALLED[0], other)
    scene.begin_script(f"#!{other}/bin/python")


def script_with_returns(scene):
    scene.begin_script(f"#!{scene.python}\r")


def script_with_returns_and_an_option(scene):
    scene.begin_script(f"#!{scene.python} -s\r")


def script_with_a_blank(scene):
    scene.begin_script(f"#!{scene.link_to_environment('a b')}/bin/python")


def script_in_quotes(scene):
    scene.begin_script(f'#!"{scene.python}"')


def script_with_a_path_that_is_too_long(scene):
    scene.begin_script(f"#!{scene.link_to_environment('x' * 240)}/bin/python")


def script_with_a_long_path(scene):
    long = scene.link_to_environment("x" * max(1, 180 - len(str(scene.place))))
    scene.begin_script(f"#!{long}/bin/python")


def script_behind_sh(scene):
    scene.begin_script(
        f"#!/bin/sh\n{exec_line(str(scene.link_to_environment('a b') / 'bin' / 'python'))[:-1]}"
    )


def script_that_may_be_moved(scene):
    beside = '"$(dirname -- "$(realpath -- "$0")")"/\'python\''
    scene.begin_script(f"#!/bin/sh\n'''exec' {beside} \"$0\" \"$@\"\n' '''")


def script_of_a_name_that_goes(scene):
    """A name of the interpreter in the environment, which stands on its own or is linked to by the others."""
    scene.begin_script(f"#!{scene.environment}/bin/python3")
    (scene.environment / "bin" / "python3").unlink()


def script_of_a_folder_in_a_circle(scene):
    circle = scene.place / "circle"
    if not os.path.lexists(circle):
        circle.symlink_to("circle")
    scene.begin_script(f"#!{circle}/bin/python")


def script_of_an_interpreter_that_may_not_run(scene):
    (scene.place / "python").touch(0o644)
    scene.begin_script(f"#!{scene.place}/python")


def script_through_an_alias(scene):
    alias_added(scene)
    scene.begin_script(f"#!{scene.environment}/Scripts/python")


def script_through_an_alias_that_goes(scene):
    script_through_an_alias(scene)
    (scene.environment / "Scripts").unlink()


def script_through_an_alias_that_is_broken(scene):
    script_through_an_alias_that_goes(scene)
    alias_dangling(scene)


def script_written_anew(scene):
    """As installing the package again does it."""
    scene.begin_script(f"#!{scene.python}")


def activation_stale(scene):
    """That of one shell; Python does not care."""
    file = scene.environment / "bin" / "activate.fish"
    file.write_text(file.read_text().replace(str(scene.environment), "/gone/.venv"))


def nothing(scene):
    pass


BREAKAGES = [
    *(nothing, base_removed, base_upgraded, base_upgraded_behind_its_link, base_moved_and_linked),
    *(base_without_library, base_with_a_config, python_removed, bin_removed, python_in_a_circle),
    *(python_may_not_run, python_a_folder, python_empty, python_a_fifo, python_a_text_link),
    *(python_an_executable_text_link,),
    *(python_any_text, python_another_program, python_of_another_processor, python_of_windows),
    *(python_of_macos, python_a_shim, minor_jumped, linked_to_another_installation),
    *(config_removed, config_empty, config_binary, config_large, config_a_folder, config_in_a_circle),
    *(config_with_a_mark, config_with_a_mark_before_the_choice, config_with_comments, config_with_returns),
    *(config_said_twice, home_absent, home_gone, home_relative, home_a_file, home_of_the_system),
    *(home_below_a_file, home_in_a_circle),
    *(home_below_the_system, home_of_another_version, home_an_empty_folder, home_its_own_folder),
    *(home_in_capitals, folder_moved, folder_moved_and_linked, folder_copied, project_renamed),
    *(lib64_removed, lib64_dangling, lib64_a_second_folder, packages_removed, packages_emptied, lib_removed),
    *(alias_dangling, alias_added, sources_gone),
    *(script_stale, script_stale_behind_sh, script_of_another_environment, script_with_returns),
    *(script_with_returns_and_an_option, script_with_a_blank, script_in_quotes),
    *(script_with_a_path_that_is_too_long, script_with_a_long_path, script_behind_sh),
    *(script_that_may_be_moved, script_of_a_name_that_goes, script_of_a_folder_in_a_circle),
    *(script_of_an_interpreter_that_may_not_run, script_through_an_alias, script_written_anew),
    *(script_through_an_alias_that_goes, script_through_an_alias_that_is_broken, activation_stale),
]
OF_THE_BASE = {base_removed, base_upgraded, base_upgraded_behind_its_link, base_moved_and_linked}
OF_THE_BASE |= {base_without_library, base_with_a_config}
HARMLESS = {
    nothing,
    config_with_comments,
    config_with_returns,
    folder_moved_and_linked,
    lib64_removed,
    alias_added,
}
HARMLESS |= {base_moved_and_linked}
HARMLESS |= {script_with_a_long_path, script_behind_sh, script_that_may_be_moved, script_through_an_alias}
HARMLESS |= {script_written_anew}
"""After these an environment is as healthy as before."""
LOSING_PACKAGES = {packages_removed, packages_emptied, lib_removed}
NAMING_ANOTHER = {
    script_of_another_environment,
    script_of_an_interpreter_that_may_not_run,
    script_with_a_blank,
}
"""After these the script names no Python of the environment, and none that is gone."""
