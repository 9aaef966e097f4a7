#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How soon a swarm of unequal links has a file: one seed and eight peers, half of them at 10 and half at 100 Mbit/s both
ways, all swarmd, all libtorrent, all aria2, in turn.

    sudo packaging/bench/mixed.py [--bin DIR] [--size MiB] [--runs N] [--kinds swarmd,libtorrent,aria2] [--links 100,10,...]

The bound is that of a fluid: nobody has a file sooner than its own link carries it, nor than the seed's has sent it once.
Peers begin together, the swarm-trackerd is the same for all, data lie in memory (/dev/shm).
"""
from __future__ import annotations

import argparse
import os
import statistics
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

PIECE = 256 << 10
PATIENCE = 600


def swarm(kind: str, payload: Payload, seed_rate: float, rates: list[float]) -> dict:
    """One swarm in a fresh network: seconds after which each peer had everything, and what the seed sent."""
    with Lab(hosts=1 + len(rates)) as lab:
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce]], PIECE)
        seed, peers = lab.peer(kind), [lab.peer(kind) for _ in rates]
        for peer, rate in zip([seed, *peers], [seed_rate, *rates]):
            lab.network.limit(peer.host, rate)
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        time.sleep(1)
        sent = lab.network.sent_bytes(seed.host)
        began: list[float] = []
        for peer in peers:
            began.append(time.monotonic())
            peer.fetch(torrent, info_hash)
        took: dict[int, float] = {}
        while len(took) < len(peers):
            for number, peer in enumerate(peers):
                if number not in took and peer.complete(info_hash):
                    took[number] = time.monotonic() - began[number]
            lab.expect(lab.dead() is None and time.monotonic() - began[0] < PATIENCE, "they did not finish")
            time.sleep(0.05)
        copies = (lab.network.sent_bytes(seed.host) - sent) / payload.size
        lab.expect_whole(peers, payload)
        return {"took": [took[number] for number in range(len(peers))], "copies": copies}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bin", type=Path)
    arguments.add_argument("--size", type=int, default=32, help="MiB of the file (32)")
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--kinds", default="swarmd,libtorrent,aria2")
    arguments.add_argument("--seed-link", type=float, default=100, help="Mbit/s of the seed (100)")
    arguments.add_argument("--links", default="10,100,10,100,10,100,10,100", help="Mbit/s of the others")
    options = arguments.parse_args()
    if options.bin:
        os.environ["SWARM_BIN"] = str(options.bin.resolve())
    if reason := settings.missing("swarmd") or why_unavailable():
        print(f"mixed: {reason}", file=sys.stderr)
        return 1
    rates = [float(rate) for rate in options.links.split(",")]
    kinds = [kind for kind in options.kinds.split(",") if not settings.missing(kind)]
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="swarm-mixed-", dir=place) as name:
        settings.WORK = Path(name)
        payload = make_file(Path(name) / "source", "payload.bin", options.size << 20)
        rows: dict[str, list[dict]] = {kind: [] for kind in kinds}
        for number in range(options.runs):
            for kind in kinds:
                rows[kind].append(swarm(kind, payload, options.seed_link, rates))
                last = max(rows[kind][-1]["took"])
                print(f"  run {number + 1}: {kind:12} the last after {last:6.1f} s", file=sys.stderr, flush=True)
        report(rows, rates, options.seed_link, payload.size)
    return 0


def report(rows: dict[str, list[dict]], rates: list[float], seed_rate: float, size: int) -> None:
    classes = sorted(set(rates), reverse=True)
    print(f"{len(rates)} peers, {size >> 20} MiB; medians of seconds until everything is there")
    print(f"{'':14}" + "".join(f"{f'at {rate:g} Mbit/s':>16}" for rate in classes) + f"{'all':>9}{'last':>9}{'seed sent':>12}")

    def line(name: str, runs: list[dict], copies: str) -> None:
        def median(pick) -> float:
            return statistics.median(pick(run["took"]) for run in runs)

        cells = [median(lambda took: statistics.mean(t for t, r in zip(took, rates) if r == rate)) for rate in classes]
        cells += [median(statistics.mean), median(max)]
        print(f"{name:14}" + "".join(f"{cell:{width}.1f}" for cell, width in zip(cells, [16] * len(classes) + [9, 9]))
              + f"{copies:>12}")

    line("bound", [{"took": [size * 8e-6 / min(rate, seed_rate) for rate in rates]}], "1.00")
    for kind, runs in rows.items():
        line(kind, runs, f"{statistics.median(run['copies'] for run in runs):.2f}")


if __name__ == "__main__":
    sys.exit(main())
