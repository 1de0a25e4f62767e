"""CPython's own path logic as an oracle: Modules/getpath.py, which 3.11 to 3.13 carry inside.

Executed in a subprocess of the interpreter that carries it, this file answers for trees on the disk, with
the file functions of Modules/getpath.c, and for the mock systems of Lib/test/test_getpath.py.
"""

import json
import os
import posixpath
import subprocess
import sys


def carries_getpath(python) -> bool:
    """Whether an interpreter can be asked for its path logic, and brings the tests of it."""
    code = "import _testinternalcapi, test.test_getpath; _testinternalcapi.get_getpath_codeobject"
    return subprocess.run([str(python), "-I", "-c", code], capture_output=True, timeout=60).returncode == 0


def consult(python, cases: list[dict]) -> list[dict]:
    """What the path logic of `python` answers for files on the disk.

    A case has `executable`, and `compiled` and `platlibdir`, which were compiled in. An answer has `prefix`,
    `stdlib_dir` and `warnings`, or `error`.
    """
    return _asked(python, "disk", cases)


def mock_cases(python) -> list[dict]:
    """The set-ups of CPython's own tests: each has `name`, `files`, `links`, `values`, `config`, `answer`.

    `files` are lines by path, `values` what the mock system is told, `config` the names of what an embedding
    program would have set.
    """
    return _asked(python, "record", [])


def consult_mock(python, cases: list[dict]) -> list[dict]:
    """What the path logic answers on a mock system: a case has `files`, `links` and `values`."""
    return _asked(python, "mock", cases)


def _asked(python, mode, cases) -> list[dict]:
    done = subprocess.run(
        [str(python), "-I", __file__, mode],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        timeout=300,
        cwd="/",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


# What follows runs in the interpreter that is asked.


def answer_for_disk(code, case):
    warnings = []
    names = [
        *["abspath", "basename", "dirname", "hassuffix", "isabs", "isdir", "isfile", "isxfile", "joinpath"]
    ]
    space = {name: globals()[name] for name in (*names, "readlines", "realpath")}
    space |= dict.fromkeys(["PYTHONPATH", "PYDEBUGEXT", "PYWINVER", "EXE_SUFFIX", "VPATH", "ABI_THREAD"], "")
    space |= dict.fromkeys(
        ["ENV_PATH", "ENV_PYTHONHOME", "ENV_PYTHONEXECUTABLE", "ENV___PYVENV_LAUNCHER__"], ""
    )
    space |= dict.fromkeys(["real_executable", "executable_dir", "py_setpath", "library", "winreg"])
    space |= {
        "_warnings": warnings,
        "os_name": "posix",
        "WITH_NEXT_FRAMEWORK": 0,
        "PREFIX": case["compiled"],
        "EXEC_PREFIX": case["compiled"],
        "PLATLIBDIR": case["platlibdir"],
        "VERSION_MAJOR": sys.version_info[0],
        "VERSION_MINOR": sys.version_info[1],
        "warn": warnings.append,
        "config": {"orig_argv": [case["executable"]], "use_environment": 0, "pythonpath_env": None},
    }
    return executed(code, space)


def executed(code, space):
    try:
        exec(code, space)
    except Exception as error:  # noqa: BLE001 - whatever stops it is its answer
        return {"error": repr(error)}
    return answered(space)


def abspath(path):
    return posixpath.abspath(path)


def basename(path):
    return path.rpartition("/")[2]


def dirname(path):
    return path.rpartition("/")[0]  # as C does it: of `/bin` the empty string


def hassuffix(path, suffix):
    return path.endswith(suffix)


def isabs(path):
    return path.startswith("/")


def isdir(path):
    return os.path.isdir(path)


def isfile(path):
    return os.path.isfile(path)


def isxfile(path):
    return os.path.isfile(path) and os.access(path, os.X_OK)


def joinpath(*parts):
    return posixpath.normpath(posixpath.join(*(part or "" for part in parts)))


def readlines(path):
    if os.path.isdir(path):
        return []  # fopen opens a folder, and fread reads nothing from it
    with open(path, "rb") as file:
        content = file.read(32 * 1024)
    if len(content) >= 32 * 1024:
        raise MemoryError("cannot read file larger than 32KB during initialization")
    text = content.partition(b"\0")[0].decode("utf-8", "surrogateescape")
    return [line.rstrip("\r\n") for line in text.split("\n")]


def realpath(path):
    for _ in range(40):
        try:
            target = os.readlink(path)
        except OSError:
            return path
        path = target if target.startswith("/") else joinpath(dirname(path), target)
    raise OSError("maximum number of symbolic links reached")


VALUES = [
    "os_name",
    "PREFIX",
    "ENV_PATH",
    "ENV_PYTHONHOME",
    "ENV___PYVENV_LAUNCHER__",
    "real_executable",
    "library",
]


def mock_space(module, case):
    make = module.MockNTNamespace if case["values"]["os_name"] == "nt" else module.MockPosixNamespace
    space = make(**case["values"])
    for path, lines in case["files"].items():
        space.add_known_xfile(path)
        space._files[path.casefold() if case["values"]["os_name"] == "nt" else path] = lines
    for path, target in case["links"].items():
        space.add_known_link(path, target)
    return space


def remember_spellings(module):
    """The mock of Windows keeps its names in lower case only."""
    for system in (module.MockNTNamespace, module.MockPosixNamespace):
        for method, kept in (("add_known_file", "spelled"), ("add_known_link", "spelled_links")):
            setattr(system, method, remembering(getattr(system, method), kept))


def remembering(real, kept):
    def adding(self, path, value=None):
        self.__dict__.setdefault(kept, {})[path] = value
        real(self, path, value)

    return adding


def recorded(module):
    """Run CPython's own tests, and keep what each of them sets up and what comes of it."""
    import unittest

    remember_spellings(module)
    cases = []
    real = module.getpath

    def recording(space, keys):
        values = {key: space[key] for key in VALUES}
        case = {
            "files": {path: lines or [] for path, lines in space.__dict__.get("spelled", {}).items()},
            "links": space.__dict__.get("spelled_links", {}),
            "values": values | {"argv0": space["config"]["orig_argv"][0]},
            "config": sorted(k for k, v in space["config"].items() if v != module.DEFAULT_CONFIG[k]),
        }
        answer = real(space, keys)
        cases.append(case | {"answer": answered(space)})
        return answer

    module.getpath = recording
    tests = unittest.defaultTestLoader.loadTestsFromTestCase(module.MockGetPathTests)
    with open(os.devnull, "w") as null:
        runner = unittest.TextTestRunner(stream=null)
        for test in tests:
            before = len(cases)
            assert runner.run(test).wasSuccessful(), test
            for case in cases[before:]:
                case["name"] = test.id().rpartition(".")[2]
    return cases


def answered(space):
    keys = ("executable", "prefix", "base_prefix", "stdlib_dir")
    return {key: space["config"][key] for key in keys} | {"warnings": list(space["_warnings"])}


def main():
    from _testinternalcapi import get_getpath_codeobject

    code, cases = get_getpath_codeobject(), json.load(sys.stdin)
    if sys.argv[1] == "disk":
        answers = [answer_for_disk(code, case) for case in cases]
    else:
        from test import test_getpath

        test_getpath.verbose = False
        if sys.argv[1] == "record":
            answers = recorded(test_getpath)
        else:
            spaces = [mock_space(test_getpath, case) for case in cases]
            answers = [executed(code, space) for space in spaces]
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main()
