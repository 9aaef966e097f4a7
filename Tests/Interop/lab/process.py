# SPDX-License-Identifier: Apache-2.0
"""Child processes that log to a file, end with their parent, and can be told to stop."""
from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Callable, Sequence

# What comes, comes by then, on a busy machine as well; what is promised sooner is measured beside.
PATIENCE = float(os.environ.get("SWARM_PATIENCE", "120"))

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Process:
    """One child in a session of its own, its output in `log`."""

    def __init__(self, name: str, command: Sequence[str], log: Path, *, environment: dict[str, str] | None = None,
                 folder: Path | None = None) -> None:
        self.name = name
        self.log = log
        self.expected_end = False
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                list(command), stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder,
                env={**os.environ, **(environment or {})}, start_new_session=True, preexec_fn=_die_with_parent)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; minus the signal's number when a signal ended it."""
        return self._child.poll()

    @property
    def running(self) -> bool:
        return self.exit_code is None

    def stop(self, seconds: float = 10) -> int:
        """Asks it to end, and makes it end when it does not. Returns the exit code."""
        self.expected_end = True
        if self.running:
            self._child.terminate()
            try:
                self._child.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        return self._child.wait()

    def kill(self) -> None:
        """SIGKILL, as a crash or a power cut would."""
        self.expected_end = True
        if self.running:
            self._child.kill()
        self._child.wait()

    def wait(self, seconds: float) -> int:
        return self._child.wait(seconds)

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def tail(self, lines: int = 15) -> str:
        return "\n".join(self.said().splitlines()[-lines:])

    # What the kernel counted

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self, peak: bool = False) -> float:
        key = "VmHWM:" if peak else "VmRSS:"
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(key):
                return int(line.split()[1]) / 1024
        return 0

    def bytes_read(self) -> int:
        """Bytes that it took in through read calls, from files and anything else."""
        for line in Path(f"/proc/{self.pid}/io").read_text().splitlines():
            if line.startswith("rchar:"):
                return int(line.split()[1])
        return 0


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE, step: float = 0.05) -> bool:
    """Polls until `condition` holds; False when `seconds` have passed before."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(step)
    return condition()
