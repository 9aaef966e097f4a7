#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What swarm-trackerd's memory holds: announces so many peers in so many torrents, each at least one and each peer once, over
UDP on loopback, and prints its resident memory before and after.

    packaging/bench/memory.py [--bin DIR] [--peers 2000000] [--torrents 1000000] [--shape even|skewed] [--most BYTES]

`even` gives all torrents as many peers; `skewed` gives each one and the rest to few, the first the most, as in the wild. Fails
where a peer takes more than --most bytes, the program itself left out.
"""
from __future__ import annotations

import argparse
import hashlib
import random
import socket
import struct
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from trackerd import arguments, figures, running  # noqa: E402

from lab.datagrams import ANNOUNCE, Asker  # noqa: E402

BATCH = 128
SEEDS = 0.75


def crowd(peers: int, torrents: int, shape: str, seed: int):
    """Torrent and port of each peer; no two of a torrent have the same."""
    chance = random.Random(seed)
    ports: dict[int, int] = {}
    for number in range(peers):
        if number < torrents or shape == "even":
            torrent = number % torrents
        else:
            # A power law: every tenth torrent is ten times as far down and has a tenth of the peers.
            torrent = int(torrents ** chance.random()) - 1
            while ports.get(torrent, 1) >= 64_000:
                torrent += 1
        port = ports.get(torrent, 1 if shape == "skewed" else number // torrents)
        if shape == "skewed" and number >= torrents:
            port += 1
            ports[torrent] = port
        yield torrent, 1024 + port


def fill(port: int, options: argparse.Namespace) -> None:
    asker = Asker(port)
    began, chance = time.monotonic(), random.Random(options.seed)
    waiting: dict[int, bytes] = {}
    for number, (torrent, own) in enumerate(crowd(options.peers, options.torrents, options.shape, options.seed)):
        if time.monotonic() - began > 60:
            began, fresh = time.monotonic(), Asker(port)
            asker.connection = fresh.connection
            fresh.close()
        info_hash = hashlib.sha1(struct.pack(">QI", options.seed, torrent)).digest()
        left = 0 if chance.random() < SEEDS else 5
        waiting[number] = struct.pack(">QII20s20sQQQIIIiH", asker.connection, ANNOUNCE, number, info_hash, b"-ME0001-%012d" % number,
                                      0, left, 0, 2, 0, number, 1, own)
        if len(waiting) == BATCH:
            exchange(asker, waiting)
    exchange(asker, waiting)
    asker.close()


def exchange(asker: Asker, waiting: dict[int, bytes]) -> None:
    """Sends what waits until all of it has been answered."""
    while waiting:
        for datagram in waiting.values():
            asker.socket.send(datagram)
        try:
            while waiting:
                answer = asker.socket.recv(2048)
                action, number = struct.unpack(">II", answer[:8])
                if action != ANNOUNCE:
                    raise AssertionError(answer[8:])
                waiting.pop(number, None)
        except socket.timeout:
            continue


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--peers", type=int, default=2_000_000)
    parser.add_argument("--torrents", type=int, default=1_000_000)
    parser.add_argument("--shape", choices=["even", "skewed"], default="even")
    parser.add_argument("--most", type=float, default=48)
    options = parser.parse_args()
    with running(options, threads=1) as tracker:
        figures(tracker.port)
        before = tracker.process.resident_mib()
        fill(tracker.port, options)
        counts, after = figures(tracker.port), tracker.process.resident_mib()
    own, all_ = ((size) * (1 << 20) / counts["peers"] for size in (after - before, after))
    print(f"{counts['peers']} peers in {counts['torrents']} torrents, {options.shape}: resident {before:.1f} MiB before, "
          f"{after:.1f} MiB after; {own:.1f} bytes a peer above the program, {all_:.1f} with it")
    complete = counts["peers"] == options.peers and counts["torrents"] == options.torrents
    return 0 if complete and own <= options.most else 1


if __name__ == "__main__":
    sys.exit(main())
