#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast swarmd moves a file beside libtorrent on this machine, what an idle swarmd costs, and how soon it answers with
very many torrents.

    sudo packaging/bench/bench.py [--size MiB] [--runs N] [--pairs SEED:FETCH,...] [--json FILE] [--no-idle]

Absolute figures are this machine's. What counts is a ratio within one run, so pairs are interleaved: whatever else the
machine does hits all of them alike. Data lie in memory (/dev/shm), hosts are network namespaces joined by a bridge.
"""
from __future__ import annotations

import argparse
import json
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
from lab.crowd import make_crowd  # noqa: E402
from lab.lab import Lab  # noqa: E402
from lab.network import why_unavailable  # noqa: E402
from lab.payload import Payload, make_file, make_torrent  # noqa: E402
from lab.process import wait_until  # noqa: E402
from lab.swarm import Swarmd  # noqa: E402

PAIRS = ("swarmd:swarmd,libtorrent:libtorrent,libtorrent:swarmd,swarmd:libtorrent,"
         "swarmd+utp:swarmd+utp,libtorrent+utp:libtorrent+utp,swarmd+mse:swarmd+mse,"
         "swarmd+mse-required:swarmd+mse-required")
PIECE = 1 << 20
IDLE_SECONDS = 20
CROWDS = (1_000, 10_000)


def client(kind: str) -> str:
    """The program of a kind such as `swarmd+utp`, which is swarmd over uTP alone, `swarmd+mse`, which encrypts handshakes
    and what a peer wants encrypted, or `swarmd+mse-required`, which encrypts every byte."""
    return kind.partition("+")[0]


def peer(lab: Lab, kind: str):
    name, _, transport = kind.partition("+")
    if name == "libtorrent":
        return lab.peer(name, tuned=True, utp=transport == "utp")
    transport, _, policy = transport.partition("-")
    tables: dict[str, dict] = {"strategy": {"transports": [transport]}} if transport else {}
    if transport == "mse":
        tables["peer"] = {"encryption": policy or "allowed"}
    return lab.peer(name, **tables)


def transfer(payload: Payload, seed_kind: str, fetch_kind: str) -> dict:
    """One transfer in a fresh network; what it took on both sides."""
    with Lab(hosts=2) as lab:
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce]], PIECE)
        seed, fetch = peer(lab, seed_kind), peer(lab, fetch_kind)
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), f"{seed.name} has everything")
        time.sleep(0.5)
        seed_cpu = seed.process.cpu_seconds()
        started = time.monotonic()
        fetch.fetch(torrent, info_hash)
        while not fetch.complete(info_hash):
            if lab.dead() or time.monotonic() - started > 300:
                raise AssertionError(f"{seed.name} to {fetch.name} did not finish\n{lab.describe()}")
            time.sleep(0.02)
        wall = time.monotonic() - started
        measured = {
            "mib_s": payload.size / (1 << 20) / wall, "seed_cpu_s": seed.process.cpu_seconds() - seed_cpu,
            "fetch_cpu_s": fetch.process.cpu_seconds(), "seed_mib": seed.process.resident_mib(peak=True),
            "fetch_mib": fetch.process.resident_mib(peak=True),
        }
        lab.expect_whole([fetch], payload)
        return measured


def transfers(options: argparse.Namespace, folder: Path) -> dict[str, list[dict]]:
    payload = make_file(folder, "payload.bin", options.size << 20)
    pairs = [pair for pair in options.pairs.split(",") if not any(settings.missing(client(k)) for k in pair.split(":"))]
    rows: dict[str, list[dict]] = {pair: [] for pair in pairs}
    for number in range(options.runs):
        for pair in pairs:
            rows[pair].append(transfer(payload, *pair.split(":")))
            print(f"  run {number + 1}: {pair:24} {rows[pair][-1]['mib_s']:6.0f} MiB/s", file=sys.stderr, flush=True)
    return rows


def report(rows: dict[str, list[dict]]) -> None:
    def median(pair: str, key: str) -> float:
        return statistics.median(row[key] for row in rows[pair])

    def base(pair: str) -> float | None:
        """What libtorrent with itself does over the same transport; with encryption, what the pair does without."""
        same = ":".join("libtorrent" + kind[len(client(kind)):] for kind in pair.split(":"))
        if "+mse" in pair:
            same = ":".join(client(kind) for kind in pair.split(":"))
        return median(same, "mib_s") if rows.get(same) else None

    print(f"{'seed:fetch':24}{'MiB/s':>8}{'ratio':>8}{'seed CPU s':>12}{'fetch CPU s':>13}{'seed MiB':>10}{'fetch MiB':>11}")
    for pair in rows:
        ratio = f"{median(pair, 'mib_s') / base(pair):.2f}" if base(pair) else "-"
        print(f"{pair:24}{median(pair, 'mib_s'):8.0f}{ratio:>8}{median(pair, 'seed_cpu_s'):12.2f}"
              f"{median(pair, 'fetch_cpu_s'):13.2f}{median(pair, 'seed_mib'):10.0f}{median(pair, 'fetch_mib'):11.0f}")
    print("ratio: to libtorrent with itself over the same transport, tuned for speed; with mse to the same pair without encryption. "
          "Medians; every transfer was compared byte by byte.")


def idle(folder: Path) -> dict:
    """What a swarmd with one seeded torrent costs while nobody asks for anything."""
    daemon = Swarmd(folder / "idle", port=0, peer={"listen": ["127.0.0.1:0"]})
    payload = make_file(folder / "idle-source", "some.bin", 8 << 20)
    info_hash = make_torrent(payload, torrent := folder / "idle.torrent", [])
    try:
        daemon.seed(torrent, info_hash, payload.parent)
        if not wait_until(lambda: daemon.complete(info_hash), 30):
            raise AssertionError(daemon.describe())
        time.sleep(2)
        before = daemon.process.cpu_seconds()
        time.sleep(IDLE_SECONDS)
        cpu = (daemon.process.cpu_seconds() - before) / IDLE_SECONDS
        return {"cpu_percent": cpu * 100, "resident_mib": daemon.process.resident_mib()}
    finally:
        if daemon.process:
            daemon.process.stop()


def crowd(folder: Path, count: int) -> dict:
    """How soon a swarmd with `count` torrents answers after its start, how long `list` takes, and how long stopping."""
    daemon = Swarmd(folder / f"crowd-{count}", port=0, peer={"listen": []})
    make_crowd(daemon, count)
    try:
        started = time.monotonic()
        daemon.launch()
        while not daemon.socket.exists() or daemon.control("status").returncode != 0:
            time.sleep(0.01)
        measured = {"torrents": count, "answers_s": time.monotonic() - started}
        while daemon.ask("status")["loading"]:
            time.sleep(0.1)
        measured["all_up_s"] = time.monotonic() - started
        for name, arguments in (("list_s", ["list"]), ("list_json_s", ["list", "--json"])):
            measured[name] = statistics.median(timed(daemon, arguments) for _ in range(9))
        measured["resident_mib"] = daemon.process.resident_mib()
        started = time.monotonic()
        daemon.process.stop()
        return {**measured, "stop_s": time.monotonic() - started}
    finally:
        if daemon.process:
            daemon.process.stop()


def timed(daemon: Swarmd, arguments: list[str]) -> float:
    started = time.monotonic()
    daemon.control(*arguments)
    return time.monotonic() - started


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bin", type=Path)
    arguments.add_argument("--size", type=int, default=512, help="MiB to move (512)")
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--pairs", default=PAIRS)
    arguments.add_argument("--json", type=Path, help="also write every row there")
    arguments.add_argument("--no-idle", action="store_true")
    options = arguments.parse_args()
    if options.bin:
        os.environ["SWARM_BIN"] = str(options.bin.resolve())
    if reason := settings.missing("swarmd"):
        print(f"bench: {reason}", file=sys.stderr)
        return 1
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    results: dict = {}
    with tempfile.TemporaryDirectory(prefix="swarm-bench-", dir=place) as name:
        settings.WORK = Path(name)
        if reason := why_unavailable():
            print(f"bench: no transfers: {reason}")
        else:
            results["transfers"] = transfers(options, Path(name) / "source")
            report(results["transfers"])
        if not options.no_idle:
            results["idle"] = idle(Path(name))
            print(f"idle with one torrent: {results['idle']['resident_mib']:.1f} MiB resident, "
                  f"{results['idle']['cpu_percent']:.2f} % of a core over {IDLE_SECONDS} s")
            results["crowds"] = [crowd(Path(name), count) for count in CROWDS]
            for row in results["crowds"]:
                print("{torrents:>6} torrents: answers {answers_s:.2f} s after its start, all up after {all_up_s:.1f} s; "
                      "list {list_s:.3f} s, as JSON {list_json_s:.3f} s; {resident_mib:.0f} MiB; stops in {stop_s:.2f} s"
                      .format(**row))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
