# SPDX-License-Identifier: Apache-2.0
"""A swarm-trackerd of one's own on loopback, and what it says of itself: for the programs here that measure one."""
from __future__ import annotations

import argparse
import os
import re
import socket
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Interop"))
sys.dont_write_bytecode = True

from lab import settings  # noqa: E402
from lab.process import wait_until  # noqa: E402
from lab.swarm import SwarmTracker  # noqa: E402


def arguments(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    return parser


@contextmanager
def running(options: argparse.Namespace, **configuration: object) -> Iterator[SwarmTracker]:
    """A tracker that answers, with this in its `[tracker]`."""
    if options.bin:
        os.environ["SWARM_BIN"] = str(options.bin.resolve())
    if reason := settings.missing("swarmd"):
        sys.exit(f"{Path(sys.argv[0]).stem}: {reason}")
    with tempfile.TemporaryDirectory(prefix="swarm-bench-") as name:
        tracker = SwarmTracker(Path(name), port=free_port(), tracker=configuration)
        try:
            if not wait_until(tracker.ready, 20):
                raise AssertionError(tracker.process.tail())
            yield tracker
        finally:
            tracker.process.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def figures(port: int) -> dict[str, int]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as reply:
        text = reply.read().decode()
    return {name: int(value) for name, value in re.findall(r"^swarm_tracker_(\w+) (\d+)$", text, re.MULTILINE)}


def cpu_nanoseconds(pid: int) -> int:
    """What all threads of a process have run for, finer than the ticks of `/proc/PID/stat`."""
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in Path(f"/proc/{pid}/task").iterdir())
