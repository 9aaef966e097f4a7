#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How soon swarmd answers with very many torrents: pages and whole lists, single calls, and what an idle torrent costs.

    packaging/bench/control.py [--bin FOLDER] [--torrents N] [--rounds N] [--seeding]

The torrents are written straight into the state: paused ones, or with --seeding sources of small files that nobody asks
for. Absolute figures are this machine's.
"""
from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests" / "Interop"))
sys.dont_write_bytecode = True
from lab.control import Control  # noqa: E402
from lab.crowd import make_crowd  # noqa: E402
from lab.process import wait_until  # noqa: E402
from lab.swarm import Swarmd  # noqa: E402


def fill(state: Path, count: int) -> None:
    """Torrents that were added paused: rows as swarmd writes them, without metainfo, which nobody asks for here."""
    with sqlite3.connect(state) as database:
        database.executemany(
            "INSERT INTO torrents (info_hash, name, folder, added, paused, trackers, uploaded, downloaded, length, "
            "piece_length, file_count) VALUES (?, ?, '/srv', ?, 1, '', 0, 0, ?, 1048576, 1)",
            ((os.urandom(20), f"release-{number:06}", 1_700_000_000 + number, (number + 1) << 20)
             for number in range(count)))
        database.commit()


def measure(rounds: int, work) -> list[float]:
    """Milliseconds of each round, sorted."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1_000)
    return sorted(times)


def report(what: str, times: list[float], more: str = "") -> None:
    worst = times[max(0, int(len(times) * 0.99) - 1)]
    print(f"{what:<48} {statistics.median(times):9.2f} ms median {worst:9.2f} ms p99  {more}")


def look(client: Control, bin: Path, socket: Path, torrents: int, rounds: int) -> None:
    """Pages, the whole list, and the same through swarmctl."""
    for what, params in ((", first page of 50", {"limit": 50}),
                         (", a page from the middle", {"limit": 50, "offset": torrents // 2}),
                         (", names that contain, first 50", {"limit": 50, "text": "9"}),
                         (", all", {}), (", all, name and state", {"fields": ["name", "state"]})):
        report("torrent.list" + what, measure(rounds, lambda: client.call("torrent.list", **params)))
    report("daemon.status", measure(rounds, lambda: client.call("daemon.status")))
    for words in (["list", "--limit", "50"], ["list", "--json"], ["list"]):
        command = [str(bin / "swarmctl"), "--socket", str(socket), *words]
        report("swarmctl " + " ".join(words),
               measure(max(3, rounds // 4), lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True)))


def watched(client: Control, daemon: Swarmd, seconds: int = 10) -> float:
    """The share of a core that the daemon takes while it is asked what `swarmctl watch` asks, once a second."""
    before = daemon.process.cpu_seconds()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        client.call("torrent.list", limit=21, offset=0)
        client.call("daemon.status")
        time.sleep(1)
    return (daemon.process.cpu_seconds() - before) / seconds * 100


def main() -> int:
    parser = argparse.ArgumentParser(description="How soon swarmd answers with very many torrents.")
    parser.add_argument("--bin", type=Path, default=Path(".build/release"))
    parser.add_argument("--torrents", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seeding", action="store_true")
    given = parser.parse_args()
    os.environ["SWARM_BIN"] = str(given.bin.resolve())
    with tempfile.TemporaryDirectory(prefix="swarm-control-") as name:
        daemon = Swarmd(Path(name) / "swarmd", port=0, peer={"listen": []})
        daemon.start()
        time.sleep(1)
        empty = daemon.process.resident_mib()
        daemon.process.stop()
        if given.seeding:
            make_crowd(daemon, given.torrents)
        else:
            fill(daemon.work / "state" / "state.sqlite", given.torrents)
        daemon.start()
        try:
            client = Control(daemon.socket)
            state = "seeding" if given.seeding else "paused"
            if not wait_until(lambda: client.call("daemon.status")["torrents"][state] == given.torrents, 600, 1):
                sys.exit(f"control: {client.call('daemon.status')['torrents']}")
            # What the start took is given back by then.
            time.sleep(5)
            print(f"{given.torrents} {state} torrents")
            each = (daemon.process.resident_mib() - empty) * (1 << 20) / given.torrents
            before = daemon.process.cpu_seconds()
            time.sleep(10)
            print(f"{'swarmd while nobody asks':<48} {(daemon.process.cpu_seconds() - before) * 10:9.2f} % of a core")
            print(f"{'swarmd while it is watched':<48} {watched(client, daemon):9.2f} % of a core")
            print(f"{'memory of an idle torrent':<48} {each / 1000:9.2f} kB")
            look(client, given.bin, daemon.socket, given.torrents, given.rounds)
        finally:
            daemon.process.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
