#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the interop tests: real clients and real programs against swarmd and swarm-trackerd.

    sudo Tests/Interop/run.py [--bin FOLDER] [-k WORD]... [--list] [--keep] [--update]

Cases that need network namespaces are skipped, with a plain line, where there are none. The last line is
`Interop: N passed, N failed, N skipped`.
"""
from __future__ import annotations

import argparse
import os
import sys
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = ("bad_input", "configuration", "life", "strategies", "transfers", "merkle", "magnets", "encryption", "utp",
           "swarms", "datagrams", "sharing", "web_seeds", "extensions", "crashes", "piece_maps", "discovery",
           "clusters", "tracker_socket", "control_socket", "documented", "documented_errors", "transcript", "abuse",
           "capacity")


class PlainResult(unittest.TestResult):
    """A line a test, with its time; the cause of a failure right below it."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0
        self._started = 0.0

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._started = time.monotonic()

    def _line(self, word: str, test: unittest.TestCase, more: str = "") -> None:
        seconds = time.monotonic() - self._started
        print(f"{word:7} {title(test)} ({seconds:.1f} s){more}", flush=True)

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        self.passed += 1
        self._line("ok", test)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        self._started = self._started or time.monotonic()
        self._line("skipped", test, f": {reason}")

    def addFailure(self, test: unittest.TestCase, error) -> None:
        super().addFailure(test, error)
        self._failed(test, self.failures[-1][1])

    def addError(self, test: unittest.TestCase, error) -> None:
        super().addError(test, error)
        self._failed(test, self.errors[-1][1])

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, error) -> None:
        super().addSubTest(test, subtest, error)
        if error is not None:
            kind = self.failures if issubclass(error[0], test.failureException) else self.errors
            self._failed(test, f"{subtest._subDescription()}\n{kind[-1][1]}")

    def failed(self) -> set[str]:
        """The ids of the cases that failed, in whatever part."""
        return {getattr(test, "test_case", test).id() for test, _ in self.failures + self.errors}

    def _failed(self, test: unittest.TestCase, text: str) -> None:
        self._line("FAILED", test)
        print("        " + text.strip().replace("\n", "\n        "), flush=True)


def again(failed: set[str], tests: list[unittest.TestCase]) -> int:
    """Gives the cases that failed another run, takes those that pass out of the set, and says how many they are."""
    if not failed:
        return 0
    print(f"interop: {len(failed)} failed and get another run", flush=True)
    result = PlainResult()
    unittest.TestSuite([test for test in tests if test.id() in failed]).run(result)
    unstable = failed - result.failed()
    for name in sorted(unstable):
        print(f"interop: UNSTABLE, passed on another run: {name}")
    failed -= unstable
    return len(unstable)


def title(test: unittest.TestCase) -> str:
    return test.shortDescription() or test.id()


def flat(suite: unittest.TestSuite) -> list[unittest.TestCase]:
    tests = []
    for item in suite:
        tests += flat(item) if isinstance(item, unittest.TestSuite) else [item]
    return tests


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--bin", type=Path, help="folder with swarmd, swarmctl and swarm-trackerd")
    options.add_argument("-k", metavar="WORD", action="append", default=[], help="only cases whose name has WORD")
    options.add_argument("--list", action="store_true", help="list the cases, run nothing")
    options.add_argument("--keep", action="store_true", help="keep the work folders")
    options.add_argument("--update", action="store_true", help="write the golden files anew instead of comparing")
    chosen = options.parse_args()
    if chosen.bin:
        os.environ["SWARM_BIN"] = str(chosen.bin.resolve())
    if chosen.keep:
        os.environ["SWARM_KEEP"] = "1"
    if chosen.update:
        os.environ["SWARM_GOLDEN"] = "write"
    sys.path.insert(0, str(HERE))
    sys.dont_write_bytecode = True

    tests = flat(unittest.defaultTestLoader.loadTestsFromNames(MODULES))
    tests = [t for t in tests if not chosen.k or any(w.lower() in (t.id() + " " + title(t)).lower() for w in chosen.k)]
    if chosen.list:
        print("\n".join(f"{test.id():60} {title(test)}" for test in tests))
        return 0

    from lab import network, settings

    for client in ("swarmd", "libtorrent", "transmission", "aria2"):
        if reason := settings.missing(client):
            print(f"interop: {reason}")
            if client == "swarmd":
                return 1
    if reason := network.why_unavailable():
        print(f"interop: skipping all that needs network namespaces: {reason}")

    result = PlainResult()
    unittest.TestSuite(tests).run(result)
    passed, failed = result.passed, result.failed()
    for _ in range(1, int(os.environ.get("SWARM_ATTEMPTS", "1"))):
        passed += again(failed, tests)
    print(f"Interop: {passed} passed, {len(failed)} failed, {len(result.skipped)} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
