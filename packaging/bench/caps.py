#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How well swarmd holds a cap: what moves in ten seconds, and the most in any quarter of a second, beside the cap.

    sudo packaging/bench/caps.py [--bin DIR] [--rates 65536,1048576,104857600]

One swarmd fetches from another, over namespaces joined by a bridge; the cap is the fetching one's, then the seed's.
"""
from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Interop"))
sys.dont_write_bytecode = True

from lab import settings  # noqa: E402
from lab.lab import Lab  # noqa: E402
from lab.network import why_unavailable  # noqa: E402
from lab.payload import Payload, make_file, make_torrent  # noqa: E402

SECONDS = 10
WINDOW = 0.25
PIECE = 1 << 20


class Counter:
    """The payload that a daemon has received, asked for over one connection, because a program a sample is too slow."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("rb")

    def read(self) -> int:
        self.socket.sendall(b'{"jsonrpc":"2.0","id":1,"method":"torrent.peers","params":{"id":"%b"}}\n' % self.name)
        return sum(peer["downloaded"] for peer in json.loads(self.lines.readline())["result"]["peers"])

    name = b"payload.bin"


def measure(payload: Payload, rate: int, side: str) -> dict:
    with Lab(hosts=2) as lab:
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce]], PIECE)
        caps = {"fetch": {}, "seed": {}, side: {"limits": {"download" if side == "fetch" else "upload": f"{rate} B"}}}
        seed, fetch = lab.peer("swarmd", **caps["seed"]), lab.peer("swarmd", **caps["fetch"])
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        fetch.fetch(torrent, info_hash)
        counter = Counter(fetch.socket)
        lab.wait(lambda: counter.read() > 0, "it moves")
        time.sleep(2)
        samples = [(time.monotonic(), counter.read())]
        while samples[-1][0] - samples[0][0] < SECONDS:
            time.sleep(0.02)
            samples.append((time.monotonic(), counter.read()))
        (began, first), (ended, last) = samples[0], samples[-1]
        burst = max((later[1] - sample[1] for sample in samples for later in samples
                     if 0 <= later[0] - sample[0] <= WINDOW), default=0)
        return {"rate": (last - first) / (ended - began) / rate, "burst": burst / (rate * WINDOW)}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bin", type=Path)
    arguments.add_argument("--rates", default="65536,1048576,104857600")
    options = arguments.parse_args()
    if options.bin:
        os.environ["SWARM_BIN"] = str(options.bin.resolve())
    if reason := settings.missing("swarmd") or why_unavailable():
        print(f"caps: {reason}", file=sys.stderr)
        return 1
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="swarm-caps-", dir=place) as name:
        settings.WORK = Path(name)
        rates = [int(rate) for rate in options.rates.split(",")]
        payload = make_file(Path(name) / "source", "payload.bin", max(64 << 20, max(rates) * (SECONDS + 4)))
        print(f"{'cap, bytes/s':>14}{'held by':>9}{'moved/cap':>11}{'most in 250 ms/cap':>20}")
        for rate in rates:
            for side in ("fetch", "seed"):
                row = measure(payload, rate, side)
                print(f"{rate:>14}{side:>9}{row['rate']:>11.3f}{row['burst']:>20.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
