#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One shares a folder, three fetch it, every byte is compared: the whole of Swarm on one machine, driven by swarmctl.

    make demo [DEMO_PATH=FILE-OR-FOLDER]

Starts swarm-trackerd and four swarmd on loopback, each with its own state in a temporary folder, and leaves nothing
behind: no process, no file. Exit code 0 means that every copy is the original, byte for byte.
"""
from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from compare import Inventory, inventory  # noqa: E402
from default_folder import stage_default_folder, toolchain_size  # noqa: E402
from display import Display, done, rate, size  # noqa: E402
from peers import Failure, Peer, Tracker, free_ports  # noqa: E402

PEERS = 3
PATIENCE = 600  # seconds without any progress until the demo gives up


def say(text: str) -> None:
    print(text, flush=True)


def work_folder(needed: int) -> Path:
    """A temporary folder with room for `needed` bytes, from the first place that has it."""
    places = [tempfile.gettempdir(), "/var/tmp", str(Path.home())]
    rooms = {}
    for place in dict.fromkeys(places):
        try:
            rooms[place] = shutil.disk_usage(place).free
            if rooms[place] > needed * 1.05 + (64 << 20):
                return Path(tempfile.mkdtemp(prefix="swarm-demo-", dir=place))
        except OSError:
            continue
    free = ", ".join(f"{place} has {size(room)}" for place, room in rooms.items())
    raise Failure(f"the demo needs {size(needed)} of disk space for {PEERS} copies: {free}. "
                  "Set TMPDIR to a folder with more room, or DEMO_PATH to a smaller folder")


def original(path: Path) -> Inventory:
    if not path.exists():
        raise Failure(f"{path}: no such file or folder (DEMO_PATH)")
    try:
        found = inventory(path)
    except PermissionError as error:
        raise Failure(f"{error.filename}: cannot be read, and so not be shared") from None
    if not found.files:
        raise Failure(f"{path}: there is no file in it to share")
    return found


def share(seed: Peer, tracker: Tracker, path: Path) -> str:
    """Shares `path` from the seed; returns the info-hash."""
    started = time.monotonic()
    say(f"$ swarmctl share '{path}' --tracker {tracker.url}")
    seed.control("share", path, "--tracker", tracker.url, seconds=1800)
    while True:
        torrents = seed.torrents()
        if torrents and torrents[0]["state"] == "seeding":
            break
        if torrents and torrents[0]["state"] == "suspended":
            raise Failure(f"the seed suspended the torrent: {torrents[0]['error']}")
        if time.monotonic() - started > 1800:
            raise Failure(f"the seed is not ready:\n{seed.log_tail()}")
        time.sleep(0.05)
    say(f"  hashed and registered in {time.monotonic() - started:.1f} s, info-hash {torrents[0]['info_hash']}")
    return torrents[0]["info_hash"]


def fetch(peers: list[Peer], info_hash: str, name: str) -> float:
    """All peers get the torrent at the same time; returns the seconds until the last has it."""
    for number, peer in enumerate(peers):
        wanted = name if number == 0 else info_hash  # by name and by hash: both find it in the tracker's catalogue
        say(f"$ swarmctl --socket {peer.socket.relative_to(peer.socket.parents[1])} get '{wanted}' --dir {peer.downloads}")
    started = time.monotonic()
    for number, peer in enumerate(peers):
        peer.control("get", name if number == 0 else info_hash, "--dir", peer.downloads)
    display = Display([peer.name for peer in peers], started)
    moved, moved_at = -1.0, started
    while True:
        rows = []
        for peer in peers:
            torrent = next((t for t in peer.torrents() if t["info_hash"] == info_hash), None)
            if torrent and torrent["state"] == "suspended":
                raise Failure(f"{peer.name} suspended the torrent: {torrent['error']}")
            if torrent and torrent["state"] == "seeding" and peer.seconds is None:
                peer.seconds = time.monotonic() - started
            rows.append(torrent)
        display.show(rows)
        if all(peer.seconds is not None for peer in peers):
            return time.monotonic() - started
        progress = sum(done(row) for row in rows)
        if progress > moved:
            moved, moved_at = progress, time.monotonic()
        elif time.monotonic() - moved_at > PATIENCE:
            raise Failure(f"nothing has moved for {PATIENCE} s:\n{peers[0].log_tail()}")
        time.sleep(0.1)


def compare(peers: list[Peer], source: Inventory) -> None:
    say(f"\nComparing {source.summary()} of each copy with the original (SHA-256):")
    hashes = source.hashes()
    whole = True
    for peer in peers:
        differences = source.differences(peer.downloads / source.path.name, hashes)
        whole = whole and not differences
        say(f"  {peer.name}: " + ("identical" if not differences else f"{len(differences)} differences"))
        for line in differences[:20]:
            say(f"    {line}")
    if not whole:
        raise Failure("the copies are not the original")


def summary(seed: Peer, peers: list[Peer], info_hash: str, source: Inventory, seconds: float) -> None:
    for _ in range(20):  # daemons publish their totals once a second
        totals = {p: next(t for t in p.torrents() if t["info_hash"] == info_hash) for p in [seed, *peers]}
        if sum(t["uploaded"] for t in totals.values()) >= source.bytes * len(peers):
            break
        time.sleep(0.1)
    say(f"\n{'':10} {'time':>8} {'average':>12} {'received':>12} {'sent':>12}")
    for peer, torrent in totals.items():
        took = f"{peer.seconds:.1f} s" if peer.seconds else ""
        average = rate(source.bytes / peer.seconds) if peer.seconds else ""
        say(f"{peer.name:10} {took:>8} {average:>12} {size(torrent['downloaded']):>12} {size(torrent['uploaded']):>12}")
    total = source.bytes * len(peers)
    say(f"\n{size(total)} delivered to {len(peers)} peers in {seconds:.1f} s: {rate(total / seconds)} in all. "
        "Every byte is right.")


def run(options: argparse.Namespace, running: list) -> None:
    for program in ("swarmd", "swarmctl", "swarm-trackerd"):
        if not (options.bin / program).exists():
            raise Failure(f"{options.bin / program} is not there: run make first")
    if options.path:
        source = original(options.path.resolve())
        work = work_folder(source.bytes * PEERS)
    else:
        work = work_folder(toolchain_size() * (PEERS + 1))
    running.append(work)
    if not options.path:
        say("Making a folder to share from the Swift toolchain (DEMO_PATH=... shares one of yours) ...")
        source = original(stage_default_folder(work / "source"))
    say(f"Sharing {source.path.name}: {source.summary()}, {size(source.bytes)}\n")

    ports = free_ports(PEERS + 2)
    tracker = Tracker(options.bin, work, ports.pop())
    running.append(tracker)
    seed, *peers = (Peer(options.bin, work, name, ports.pop(), tracker.url)
                    for name in ("seed", *(f"peer-{i}" for i in range(1, PEERS + 1))))
    for peer in (seed, *peers):
        running.append(peer)
    for program in (tracker, seed, *peers):
        program.start()
    for program in (tracker, seed, *peers):
        program.wait_ready()
    say(f"1 tracker, 1 seed and {PEERS} peers run, each with its own state and control socket.\n")

    info_hash = share(seed, tracker, source.path)
    say("")
    seconds = fetch(peers, info_hash, source.path.name)
    compare(peers, source)
    summary(seed, peers, info_hash, source, seconds)


def clean_up(running: list) -> bool:
    """Ends what was started and removes what was made; says whether all of it went."""
    programs = [r for r in running if not isinstance(r, Path)]
    for program in reversed(programs):
        program.ask_to_stop()
    forced = [program.name for program in reversed(programs) if not program.stop()]
    for folder in (r for r in running if isinstance(r, Path)):
        shutil.rmtree(folder, ignore_errors=True)
    left = [str(folder) for folder in running if isinstance(folder, Path) and folder.exists()]
    if forced:
        say(f"These did not stop when asked and were killed: {', '.join(forced)}")
    if left:
        say(f"Could not be removed: {', '.join(left)}")
    if running and not left and not forced:
        say("Everything is stopped and removed.")
    return not forced and not left


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bin", type=Path, default=Path(__file__).resolve().parents[2] / ".build" / "release")
    arguments.add_argument("--path", type=Path, help="what to share; default: a part of the Swift toolchain")
    options = arguments.parse_args()
    options.bin = options.bin.resolve()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    running: list = []
    code = 0
    try:
        run(options, running)
    except Failure as failure:
        print(f"\ndemo: {failure}", file=sys.stderr, flush=True)
        code = 1
    except KeyboardInterrupt:
        print("\ndemo: stopped", file=sys.stderr, flush=True)
        code = 130
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if not clean_up(running):
            code = code or 1
    return code


if __name__ == "__main__":
    sys.exit(main())
