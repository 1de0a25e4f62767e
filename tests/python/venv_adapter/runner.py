"""Run the `test.test_venv` of the CPython that runs this file, 3.6 or newer: `python -I runner.py FOLDER`.

The folder holds the adapter as `venv`, and `calls`. `outcomes.json` will be there, too: for each test its
name, whether it passed, failed or was skipped, what was said about it, and how often it called Holdfast.
"""

import json
import os
import sys
import unittest


class Outcomes(unittest.TestResult):
    """What became of each test, by its name."""

    def __init__(self, folder):
        super().__init__()
        self.by_name = {}
        self._calls = os.path.join(folder, "calls")
        self._before = 0

    def startTest(self, test):  # noqa: N802 - unittest's name, as are those below
        super().startTest(test)
        self._before = self._count()
        self._note(test, "passed")

    def stopTest(self, test):  # noqa: N802
        self._note(test)["calls"] = self._count() - self._before
        super().stopTest(test)

    def addSkip(self, test, reason):  # noqa: N802
        super().addSkip(test, reason)
        self._note(test, "skipped", reason)

    def addError(self, test, err):  # noqa: N802
        super().addError(test, err)
        self._note(test, "failed", self._exc_info_to_string(err, test))  # type: ignore[attr-defined]

    def addFailure(self, test, err):  # noqa: N802
        super().addFailure(test, err)
        self._note(test, "failed", self._exc_info_to_string(err, test))  # type: ignore[attr-defined]

    def addSubTest(self, test, subtest, err):  # noqa: N802
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._note(test, "failed", self._exc_info_to_string(err, test))  # type: ignore[attr-defined]

    def _note(self, test, outcome=None, *said):
        # 3.12.1 says of a skipped test neither that it starts nor that it stops.
        name = test.id().replace("test.test_venv.", "")
        of_test = self.by_name.setdefault(name, {"name": name, "said": [], "calls": 0})
        of_test["said"] += said
        if outcome:
            of_test["outcome"] = outcome
        return of_test

    def _count(self):
        with open(self._calls, encoding="utf-8") as file:
            return len(file.readlines())


def main(folder):
    sys.path.insert(0, folder)
    outcomes = Outcomes(folder)
    unittest.defaultTestLoader.loadTestsFromName("test.test_venv").run(outcomes)
    with open(os.path.join(folder, "outcomes.json"), "w", encoding="utf-8") as file:
        json.dump(list(outcomes.by_name.values()), file)


if __name__ == "__main__":
    main(sys.argv[1])
