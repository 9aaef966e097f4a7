# SPDX-License-Identifier: Apache-2.0
"""Live progress of several peers: bars on a terminal, a line a second in a pipe."""
from __future__ import annotations

import os
import shutil
import sys
import time

UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def size(count: float) -> str:
    for unit in UNITS:
        if abs(count) < 1024 or unit == UNITS[-1]:
            break
        count /= 1024
    return f"{count:.0f} {unit}" if unit == "B" or count >= 100 else f"{count:.1f} {unit}"


def rate(count: float) -> str:
    return size(count) + "/s"


def done(row: dict | None) -> float:
    """How much of the payload is there, 0 to 1; while a daemon looks at what is on disk, that is not known."""
    return row["progress"] if row and row["state"] != "checking" else 0


class Display:
    def __init__(self, names: list[str], started: float) -> None:
        self._names, self._started = names, started
        self._live = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._drawn = False
        self._last = 0.0
        if not self._live:
            print()

    def show(self, rows: list[dict | None]) -> None:
        """Shows the torrent of each peer; None for one that has not got it yet."""
        now = time.monotonic()
        finished = all(row and row["state"] == "seeding" for row in rows)
        if now - self._last < (0.1 if self._live else 1) and not finished:
            return
        self._last = now
        if self._live:
            self._bars(rows, now - self._started)
        else:
            self._line(rows, now - self._started)

    def _bars(self, rows: list[dict | None], seconds: float) -> None:
        if self._drawn:
            sys.stdout.write(f"\x1b[{len(rows) + 1}A")
        self._drawn = True
        width = max(10, min(50, shutil.get_terminal_size().columns - 50))
        for name, row in zip(self._names, rows):
            progress = done(row)
            full = int(progress * width)
            what = "" if not row else rate(row["down_rate"]) if row["state"] == "downloading" else row["state"]
            peers = f"{row['peers']} peers" if row else ""
            bar = "█" * full + "░" * (width - full)
            sys.stdout.write(f"\x1b[2K{name:8} {bar} {progress:6.1%} {what:>12}  {peers}\n")
        sys.stdout.write(f"\x1b[2K{'':8} {seconds:.1f} s\n")
        sys.stdout.flush()

    def _line(self, rows: list[dict | None], seconds: float) -> None:
        parts = [f"{name} {done(row):6.1%}" for name, row in zip(self._names, rows)]
        total = sum(row["down_rate"] for row in rows if row)
        print(f"{seconds:6.1f} s  " + "  ".join(parts) + f"  {rate(total)} in all", flush=True)
