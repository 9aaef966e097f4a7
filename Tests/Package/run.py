#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries the Debian packages in booted machines: installation, use, trouble, upgrade, removal.

    sudo Tests/Package/run.py [--build FOLDER] [--until STEP] [--list] [--keep]

The steps are played in order, each on what those before it left. Where machines cannot be booted all is skipped, with a
plain line. The last line is `Package: N passed, N failed, N skipped`.
"""
from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))

import installing  # noqa: E402
import making  # noqa: E402
import removing  # noqa: E402
import trouble  # noqa: E402
import upgrading  # noqa: E402
import using  # noqa: E402
from box import Failure, why_unavailable  # noqa: E402
from stage import Stage, raise_stage  # noqa: E402

STEPS = [step for module in (making, installing, using, trouble, upgrading, removing) for step in module.STEPS]


def play(step, stage: Stage) -> bool:
    started = time.monotonic()
    try:
        step(stage)
    except Exception as error:  # a step that fails in any way is a failed step
        text = str(error) if isinstance(error, Failure) else traceback.format_exc()
        print(f"FAILED  {step.__doc__} ({time.monotonic() - started:.1f} s)")
        print("        " + text.strip().replace("\n", "\n        "), flush=True)
        return False
    print(f"ok      {step.__doc__} ({time.monotonic() - started:.1f} s)", flush=True)
    return True


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", type=Path, default=Path(".build"), help="the build folder, with the packages in deb")
    options.add_argument("--until", metavar="STEP", help="stop behind this step (a function's name)")
    options.add_argument("--list", action="store_true", help="list the steps, play nothing")
    options.add_argument("--keep", action="store_true", help="keep the machines, and say where they are")
    chosen = options.parse_args()
    if chosen.list:
        print("\n".join(f"{step.__name__:16} {step.__doc__}" for step in STEPS))
        return 0
    if reason := why_unavailable():
        print(f"package: skipping all {len(STEPS)} steps: {reason}")
        print(f"Package: 0 passed, 0 failed, {len(STEPS)} skipped")
        return 0
    steps = STEPS
    if chosen.until:
        steps = STEPS[:[step.__name__ for step in STEPS].index(chosen.until) + 1]

    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="swarm-package-"))
    stage: Stage | None = None
    try:
        try:
            stage = raise_stage(folder, chosen.build.resolve())
        except Failure as failure:
            print(f"package: skipping all {len(STEPS)} steps: no machine can be booted here: {failure}")
            print(f"Package: 0 passed, 0 failed, {len(STEPS)} skipped")
            return 0
        print(f"package: two machines are up ({time.monotonic() - started:.1f} s)", flush=True)
        outcomes = [play(step, stage) for step in steps]
    finally:
        if chosen.keep:
            print(f"package: the machines are kept: {folder}/seed and {folder}/peer; `systemd-box destroy` ends them")
        else:
            if stage:
                stage.destroy()
            shutil.rmtree(folder, ignore_errors=True)
    passed = sum(outcomes)
    print(f"package: {time.monotonic() - started:.0f} s in all")
    print(f"Package: {passed} passed, {len(outcomes) - passed} failed, {len(STEPS) - len(outcomes)} skipped")
    return 0 if passed == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
