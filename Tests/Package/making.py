# SPDX-License-Identifier: Apache-2.0
"""The packages as files."""
from __future__ import annotations

import subprocess

from box import Failure
from packages import build
from stage import Stage


def lintian(stage: Stage) -> None:
    """lintian finds no errors and no warnings"""
    done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", str(stage.packages.changes)],
                          capture_output=True, text=True)
    if done.returncode:
        raise Failure(done.stdout + done.stderr)


def reproducible(stage: Stage) -> None:
    """making the packages again, elsewhere and later, gives the same bytes"""
    again = build(stage.programs, stage.folder / "again")
    if again.sums != stage.packages.sums:
        raise Failure(f"first {stage.packages.sums}\nthen  {again.sums}")


STEPS = (lintian, reproducible)
