# SPDX-License-Identifier: Apache-2.0
"""A daemon whose payload lies on a slow disk, and eight torrents that come in there."""
from __future__ import annotations

import subprocess
from pathlib import Path

from .payload import make_file, make_torrent, Payload
from .process import wait_until
from .settings import COMPILER
from .swarm import Swarmd, SwarmTracker

SOURCE = Path(__file__).with_suffix(".c")
TORRENTS = 8


def why_unavailable() -> str | None:
    return None if COMPILER else "there is no C compiler for the slow disk"


class SlowDisk:
    """What a program needs in its environment so that `folder` is slow to it. It can be held up wholly."""

    def __init__(self, work: Path, folder: Path, milliseconds: int) -> None:
        self.library = work / "slow_disk.so"
        subprocess.run([COMPILER, "-O1", "-shared", "-fPIC", "-o", str(self.library), str(SOURCE), "-ldl"], check=True)
        self.gate = work / "gate"
        self.wrapper = ["env", f"LD_PRELOAD={self.library}", f"SLOW_DISK={folder.resolve()}",
                        f"SLOW_DISK_GATE={self.gate}", f"SLOW_DISK_MS={milliseconds}"]

    @property
    def has_held(self) -> bool:
        """Whether an operation was held up since the last `hold`."""
        return self.gate.with_name("gate.held").exists()

    def hold(self) -> None:
        self.gate.with_name("gate.held").unlink(missing_ok=True)
        self.gate.touch()

    def release(self) -> None:
        self.gate.unlink(missing_ok=True)


class SlowFetch:
    """Eight torrents of `mib` MiB each that one daemon fetches from another, which sends `upload` a second, on a slow
    disk."""

    def __init__(self, work: Path, ports: tuple[int, int, int], mib: int, milliseconds: int,
                 upload: str = "0 B") -> None:
        self.tracker = SwarmTracker(work / "tracker", port=ports[0], tracker={"interval": "5 s", "min_interval": "1 s"})
        self.seed = Swarmd(work / "seed", port=ports[1], name="seed", limits={"upload": upload})
        self.fetch = Swarmd(work / "fetch", port=ports[2], name="fetch")
        self.disk = SlowDisk(work, self.fetch.downloads, milliseconds)
        self.fetch.wrapper = self.disk.wrapper
        self.hashes: list[str] = []
        self._files = []
        for number in range(TORRENTS):
            path = work / "source" / f"part {number}"
            make_file(path.parent, path.name, mib << 20, number)
            torrent = work / f"{number}.torrent"
            self.hashes.append(make_torrent(Payload(path), torrent, [[self.tracker.announce]]))
            self._files.append((torrent, path.parent))

    def start(self) -> bool:
        """All eight have looked at their files, and come in; False when that takes for ever."""
        self.fetch.start()
        for torrent, _ in self._files:
            self.fetch.say("add", torrent)
        # On a busy disk a file is looked at late: nobody sends before all have been.
        looked = wait_until(lambda: all(t["state"] == "downloading" for t in self.fetch.torrents()), 120)
        self.seed.start()
        for torrent, folder in self._files:
            self.seed.say("add", torrent, "--dir", folder)
        return looked and wait_until(lambda: self.are_moving, 120)

    @property
    def are_moving(self) -> bool:
        torrents = self.fetch.torrents()
        return all(t["state"] == "downloading" for t in torrents) and any(t["downloaded"] > 0 for t in torrents)

    def stop(self) -> None:
        self.disk.release()
        for process in (self.fetch.process, self.seed.process, self.tracker.process):
            if process:
                process.stop()
