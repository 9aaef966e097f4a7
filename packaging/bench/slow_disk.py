#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How soon swarmd answers while eight torrents come in on a disk that takes 100 ms for every operation.

    packaging/bench/slow_disk.py [--bin FOLDER] [--calls N] [--delay MS]

The disk is that of the payload. Absolute figures are this machine's.
"""
from __future__ import annotations

import argparse
import os
import random
import socket
import sys
import tempfile
import time
from pathlib import Path

INTEROP = Path(__file__).resolve().parents[2] / "Tests" / "Interop"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def report(what: str, times: list[float]) -> None:
    times = sorted(times)
    at = [times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.99)]
    print(f"{what:<20} {len(times):6} calls {at[0]:9.2f} ms median {at[1]:9.2f} ms p99 {times[-1]:9.2f} ms at most")


def main() -> int:
    parser = argparse.ArgumentParser(description="How soon swarmd answers while its disk is slow.")
    parser.add_argument("--bin", type=Path, default=Path(".build/release"))
    parser.add_argument("--calls", type=int, default=2_000)
    parser.add_argument("--delay", type=int, default=100)
    given = parser.parse_args()
    os.environ["SWARM_BIN"] = str(given.bin.resolve())
    sys.path.insert(0, str(INTEROP))
    sys.dont_write_bytecode = True
    from lab import slow_disk
    from lab.control import Control

    if reason := slow_disk.why_unavailable():
        print(f"slow disk: skipped: {reason}")
        return 0
    with tempfile.TemporaryDirectory(prefix="swarm-slow-") as name:
        swarm = slow_disk.SlowFetch(Path(name), (free_port(), free_port(), free_port()), 96, given.delay)
        try:
            if not swarm.start():
                sys.exit("slow disk: the torrents do not move\n" + swarm.fetch.describe())
            control = Control(swarm.fetch.socket)
            draw = random.Random(1)
            methods = {
                "torrent.list": lambda h: {}, "daemon.status": lambda h: {}, "torrent.show": lambda h: {"id": h},
                "torrent.peers": lambda h: {"id": h}, "torrent.pieces": lambda h: {"id": h},
                "torrent.files": lambda h: {"id": h},
                "torrent.set": lambda h: {"id": h, "picker": draw.choice(["sequential", "rarest-first"])},
                "torrent.pause": lambda h: {"id": h}, "torrent.resume": lambda h: {"id": h},
            }
            times: dict[str, list[float]] = {method: [] for method in methods}
            paused: list[str] = []
            moved = sum(t["downloaded"] for t in swarm.fetch.torrents())
            for number in range(given.calls):
                method = draw.choice(list(methods))
                info_hash = draw.choice(swarm.hashes)
                # At most one rests at a time, so that eight go on.
                if method == "torrent.pause" and paused:
                    method = "torrent.resume"
                if method == "torrent.resume":
                    info_hash = paused.pop() if paused else info_hash
                elif method == "torrent.pause":
                    paused.append(info_hash)
                begin = time.perf_counter()
                control.call(method, **methods[method](info_hash))
                times[method].append((time.perf_counter() - begin) * 1_000)
                time.sleep(0.005)
            torrents = swarm.fetch.torrents()
            for method, taken in times.items():
                report(method, taken)
            report("all", [t for taken in times.values() for t in taken])
            print(f"meanwhile {(sum(t['downloaded'] for t in torrents) - moved) >> 20} MiB came in, "
                  f"{sum(t['progress'] < 1 for t in torrents)} of {len(torrents)} torrents were not complete at the end")
        finally:
            swarm.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
