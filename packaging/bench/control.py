#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How soon swarmd answers with very many torrents: pages and whole lists, single calls, and what an idle torrent costs.

    packaging/bench/control.py [--bin FOLDER] [--torrents N] [--rounds N]

The torrents are paused and written straight into the state. Absolute figures are this machine's.
"""
from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Client:
    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.file = self.socket.makefile("rb")

    def call(self, method: str, **params) -> tuple[dict, int]:
        """The result, and the bytes of the answer."""
        self.socket.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode() + b"\n")
        line = self.file.readline()
        answer = json.loads(line)
        if "error" in answer:
            sys.exit(f"control: {method}: {answer['error']['message']}")
        return answer["result"], len(line)


def start(program: Path, folder: Path) -> subprocess.Popen:
    daemon = subprocess.Popen([str(program), "--config", str(folder / "swarmd.toml")], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            Client(folder / "sock").call("daemon.version")
            return daemon
        except OSError:
            time.sleep(0.05)
    sys.exit("control: swarmd does not answer")


def stop(daemon: subprocess.Popen) -> None:
    daemon.send_signal(signal.SIGTERM)
    daemon.wait(60)


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


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    parser = argparse.ArgumentParser(description="How soon swarmd answers with very many torrents.")
    parser.add_argument("--bin", type=Path, default=Path(".build/release"))
    parser.add_argument("--torrents", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="swarm-control-") as name:
        folder = Path(name)
        (folder / "down").mkdir()
        (folder / "swarmd.toml").write_text(
            f'[daemon]\nstate_dir = "{folder}/state"\ndownload_dir = "{folder}/down"\n'
            f'control_socket = "{folder}/sock"\n[peer]\nlisten = ["127.0.0.1:0"]\n')
        daemon = start(given.bin / "swarmd", folder)
        empty = resident(daemon.pid)
        stop(daemon)
        fill(folder / "state" / "state.sqlite", given.torrents)
        daemon = start(given.bin / "swarmd", folder)
        try:
            print(f"{given.torrents} paused torrents")
            client = Client(folder / "sock")
            page, _ = client.call("torrent.list", limit=50)
            if page["total"] != given.torrents:
                sys.exit(f"control: {page['total']} torrents are listed")
            each = (resident(daemon.pid) - empty) / given.torrents
            rounds = given.rounds
            middle = {"limit": 50, "offset": given.torrents // 2}
            report("torrent.list, first page of 50", measure(rounds, lambda: client.call("torrent.list", limit=50)))
            report("torrent.list, a page from the middle", measure(rounds, lambda: client.call("torrent.list", **middle)))
            report("torrent.list, names that contain, first 50",
                   measure(rounds, lambda: client.call("torrent.list", limit=50, text="9")))
            _, size = client.call("torrent.list")
            report("torrent.list, all", measure(rounds, lambda: client.call("torrent.list")), f"{size >> 20} MiB")
            _, size = client.call("torrent.list", fields=["name", "state"])
            report("torrent.list, all, name and state",
                   measure(rounds, lambda: client.call("torrent.list", fields=["name", "state"])), f"{size >> 20} MiB")
            report("daemon.status", measure(rounds, lambda: client.call("daemon.status")))
            control = [str(given.bin / "swarmctl"), "--socket", str(folder / "sock")]
            for words in (["list", "--limit", "50"], ["list", "--json"], ["list"]):
                report("swarmctl " + " ".join(words),
                       measure(max(3, rounds // 4), lambda: subprocess.run(control + words, stdout=subprocess.DEVNULL,
                                                                           check=True)))
            before, seconds = processor(daemon.pid), 10
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                # What `swarmctl watch` asks for.
                client.call("torrent.list", limit=21, offset=0)
                client.call("daemon.status")
                time.sleep(1)
            share = (processor(daemon.pid) - before) / seconds * 100
            print(f"{'swarmd while it is watched':<48} {share:9.2f} % of a core")
            print(f"{'memory of an idle torrent':<48} {each / 1024:9.2f} KiB")
        finally:
            stop(daemon)
    return 0


if __name__ == "__main__":
    sys.exit(main())
