"""Which wheels a base carries, found without running it."""

import re
import shutil

import pytest

from holdfast.creation.seeds.wheel import bundled_wheels
from holdfast.errors import HoldfastError
from holdfast.host import Host
from pythons import ask
from seeding import read_interpreter, wheels_of


def bundle(python):
    return python.prefix / "lib" / python.tag / "ensurepip" / "_bundled"


def filled(folder, *names):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_bytes(b"")
    return folder


def test_it_is_the_version_that_ensurepip_itself_would_install(python):
    said = ask(python.path, "import ensurepip; print(ensurepip.version())").stdout.strip()
    (wheel,) = wheels_of(read_interpreter(python.path))
    assert (wheel.name, wheel.version) == ("pip", said)
    assert wheel.path.name.startswith(f"pip-{said}-")


def test_of_several_it_is_the_one_that_ensurepip_names(copied):
    source = bundle(copied).parent / "__init__.py"
    text = re.sub(r"_PIP_VERSION = .*", '_PIP_VERSION = "22.0.4"', source.read_text())
    source.unlink()  # other copies share it
    source.write_text(text)
    filled(bundle(copied), "pip-22.0.4-py3-none-any.whl", "pip-23.0.1-py3-none-any.whl", "pip-x.whl")
    assert wheels_of(read_interpreter(copied.path))[0].version == "22.0.4"
    source.write_text("import os\n")
    assert wheels_of(read_interpreter(copied.path))[0].version == "23.0.1"


def test_what_is_no_wheel_of_pip_is_passed_over(copied):
    names = ("pip-9.0-cp39-cp39-linux_x86_64.whl", "pip_tools-99-py3-none-any.whl", "pip-99.tar.gz", "pip")
    filled(bundle(copied), "pip-9.0.1-py2.py3-none-any.whl", *names)
    (bundle(copied) / "pip-99-py3-none-any.whl").mkdir()
    assert wheels_of(read_interpreter(copied.path))[0].version == "9.0.1"


def test_a_folder_that_the_build_names_is_looked_into(copied, tmp_path):
    filled(bundle(copied))
    wheels = filled(tmp_path / "wheels", "pip-24.0-py3-none-any.whl")
    for old in bundle(copied).parent.parent.glob("_sysconfigdata*.py"):
        old.unlink()
    config = bundle(copied).parent.parent / "_sysconfigdata__linux.py"
    config.write_text(f"build_time_vars = {{'A': 1,\n 'WHEEL_PKG_DIR': '{wheels}',\n 'B': ''}}\n")
    assert wheels_of(read_interpreter(copied.path))[0].path.parent == wheels


@pytest.mark.parametrize("of_debian", [True, False])
def test_debian_keeps_the_wheels_of_its_own_pythons_elsewhere(copied, tmp_path, of_debian):
    filled(bundle(copied))
    for config in bundle(copied).parent.parent.glob("_sysconfigdata*.py"):
        config.unlink()
    source = bundle(copied).parent / "__init__.py"
    source.unlink()  # it is a hard link to that of other copies
    source.write_text("wheels = '/usr/share/python-wheels'\n" if of_debian else "")
    wheels = filled(tmp_path / "usr" / "share" / "python-wheels", "pip-23.0.1-py3-none-any.whl")
    machine = Host(platform="linux", home=tmp_path, roots={"/usr": tmp_path / "usr"})
    base = read_interpreter(copied.path)
    if of_debian:
        (wheel,) = bundled_wheels(base, machine, setuptools=False)
        assert wheel.path.parent == wheels
    else:
        with pytest.raises(HoldfastError, match="comes without pip"):
            bundled_wheels(base, machine, setuptools=False)


def test_without_ensurepip_the_message_says_what_to_do(copied, tmp_path):
    shutil.rmtree(bundle(copied).parent)
    machine = Host(platform="linux", home=tmp_path)
    with pytest.raises(HoldfastError, match=r"comes without pip .*python3-venv.*--no-pip"):
        bundled_wheels(read_interpreter(copied.path), machine, setuptools=False)


def test_a_missing_setuptools_is_a_message_of_its_own(tmp_path, copied):
    base = read_interpreter(copied.path)
    filled(bundle(copied), "pip-23.0.1-py3-none-any.whl")
    machine = Host(platform="linux", home=tmp_path, roots={"/usr": tmp_path / "nothing"})
    if base.version[:2] < (3, 12):
        with pytest.raises(HoldfastError, match="comes without setuptools"):
            bundled_wheels(base, machine, setuptools=True)
    else:
        assert len(bundled_wheels(base, machine, setuptools=True)) == 1
