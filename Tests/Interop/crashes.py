# SPDX-License-Identifier: Apache-2.0
"""Crashes and full disks: what was durable stays, what was not is hashed again, and nothing else is."""
from __future__ import annotations

import os
import random
import subprocess
import time

from lab.case import NetworkCase
from lab.payload import make_folder, make_torrent

KILLS = 20
MIB = 64
PIECE = 128 << 10
SLACK = 6 << 20  # what a start reads besides payload: libraries, configuration, state


class Crashes(NetworkCase):
    def test_twenty_kills(self) -> None:
        """a downloading swarmd is killed 20 times at random moments and loses nothing"""
        seed_number = int(os.environ.get("SWARM_SEED", random.randrange(1 << 32)))
        moments = random.Random(seed_number)
        lab = self.lab(hosts=2)
        payload = make_folder(lab.work / "source", "album", MIB)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce]], PIECE)
        source = lab.peer("swarmd")
        source.host.limit(8)
        source.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: source.complete(info_hash), "the seed has everything")

        fetch = lab.peer("swarmd", store={"sync_interval": "300 ms"})
        fetch.fetch(torrent, info_hash)
        note = f"(SWARM_SEED={seed_number} repeats it)"
        # While it looks at its files, progress is that of looking.
        lab.wait(lambda: fetch.torrent(info_hash)["state"] == "downloading", "the download begins")
        for kill in range(1, KILLS + 1):
            begin = fetch.torrent(info_hash)["progress"]
            mbit = self.pace(payload.size * (1 - begin), KILLS - kill)
            source.host.limit(mbit)
            lab.wait(lambda: fetch.torrent(info_hash)["progress"] > begin or fetch.complete(info_hash),
                     f"the download goes on after kill {kill - 1} {note}")
            time.sleep(moments.uniform(0, 1.2))
            before = fetch.torrent(info_hash)["progress"]
            lab.expect(before < 1, f"complete after {kill - 1} kills already: the link was too fast for this test {note}")
            fetch.process.kill()
            if kill % 4 == 0:
                self.restart_without_network(lab, fetch, info_hash, payload.size, before, mbit, note)
            else:
                fetch.start()
                self.expect_kept(lab, fetch, info_hash, before, f"kill {kill} {note}")
        source.host.limit(None)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)

    @staticmethod
    def pace(missing: float, kills_left: int) -> float:
        """Mbit/s at which what is missing lasts until the last kill, on a busy machine as well: eight seconds a kill."""
        return max(1, missing * 8 / 1e6 / (kills_left + 2) / 8)

    def expect_kept(self, lab, fetch, info_hash: str, before: float, when: str) -> None:
        """Nothing that was verified before the crash is gone: the kernel still has what was written."""
        seen = []

        def checked() -> bool:
            seen.append(fetch.torrent(info_hash))
            return seen[-1]["state"] in ("downloading", "seeding")

        lab.wait(checked, f"checking ends after {when}")
        history = [f"{t['state']} {t['progress']:.4f}" for t in seen]
        lab.expect(seen[-1]["progress"] >= before - 1e-9, f"progress was {before:.4f}, after {when} it went {history}")

    def restart_without_network(self, lab, fetch, info_hash: str, size: int, before: float, mbit: float,
                                note: str) -> None:
        """Starts with the cable out, so that all the daemon reads is its state and what it hashes again."""
        fetch.host.link(up=False)
        fetch.start()
        self.expect_kept(lab, fetch, info_hash, before, f"a restart without network {note}")
        read = fetch.process.bytes_read()
        unrecorded = size * (1 - before) + mbit * 125_000  # what was missing, and a second's worth that was not recorded
        lab.expect(read <= unrecorded + SLACK,
                   f"{read} bytes were read at start, though only {unrecorded:.0f} were not recorded: it hashed more {note}")
        fetch.host.link(up=True)

    def test_kill_seed(self) -> None:
        """a seed that was killed seeds again at once, without hashing its payload"""
        lab = self.lab(hosts=2)
        payload = make_folder(lab.work / "source", "album", MIB)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce]], PIECE)
        source = lab.peer("swarmd", store={"sync_interval": "300 ms"})
        source.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: source.complete(info_hash), "the seed has everything")
        lab.wait(lambda: source.has_recorded(info_hash), "all of it is recorded")
        source.process.kill()
        source.start()
        lab.wait(lambda: source.complete(info_hash), "the seed has everything after a crash")
        read = source.process.bytes_read()
        lab.expect(read < SLACK, f"the seed read {read} bytes at start: it hashed its payload again")
        fetch = lab.peer("swarmd")
        fetch.fetch(torrent, info_hash)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)

    def test_paused_survives(self) -> None:
        """totals, folder and pause survive a clean stop and a kill"""
        lab = self.lab(hosts=2)
        payload = make_folder(lab.work / "source", "album", 4)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce]], PIECE)
        source, fetch = lab.peer("swarmd"), lab.peer("swarmd", store={"sync_interval": "300 ms"})
        source.seed(torrent, info_hash, payload.parent)
        fetch.fetch(torrent, info_hash)
        lab.wait_complete([fetch], info_hash)
        fetch.say("pause", info_hash)
        fetch.process.stop()
        fetch.start()
        lab.expect(fetch.state(info_hash) == "paused", f"is {fetch.state(info_hash)} after a stop, was paused")
        downloaded = fetch.torrent(info_hash)["downloaded"]
        lab.expect(downloaded >= payload.size, f"{downloaded} bytes downloaded are remembered, were {payload.size}")
        fetch.say("resume", info_hash)
        lab.wait(lambda: fetch.complete(info_hash), "seeding after resume")
        lab.wait(lambda: fetch.has_recorded(info_hash), "all of it is recorded")
        fetch.process.kill()
        fetch.start()
        lab.wait(lambda: fetch.complete(info_hash), "seeding after a kill")
        lab.expect_whole([fetch], payload)


class FullDisk(NetworkCase):
    def test_full_disk(self) -> None:
        """a full disk suspends the torrent with a reason, and it goes on by itself when there is room"""
        lab = self.lab(hosts=2)
        payload = make_folder(lab.work / "source", "album", 24)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce]], PIECE)
        source, fetch = lab.peer("swarmd"), lab.peer("swarmd")
        source.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: source.complete(info_hash), "the seed has everything")
        mount = ["mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", str(fetch.downloads)]
        if (made := subprocess.run(mount, capture_output=True, text=True)).returncode != 0:
            self.skipTest(f"no tmpfs can be mounted here: {made.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(fetch.downloads)], capture_output=True)
        fetch.fetch(torrent, info_hash)
        lab.wait(lambda: fetch.state(info_hash) == "suspended", "the torrent is suspended")
        error = fetch.torrent(info_hash)["error"] or ""
        lab.expect("space" in error.lower(), f"the error names no cause: {error!r}")
        lab.expect(fetch.answers(), "the daemon still answers")
        subprocess.run(["mount", "-o", "remount,size=100m", str(fetch.downloads)], check=True)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)


class MissingDisk(NetworkCase):
    def test_missing_disk(self) -> None:
        """a disk that is not mounted suspends its torrents, nothing is written in its place, and they go on with it"""
        lab = self.lab(hosts=2)
        payload = make_folder(lab.work / "source", "album", 24)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce]], PIECE)
        source, fetch = lab.peer("swarmd"), lab.peer("swarmd", store={"sync_interval": "300 ms"})
        source.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: source.complete(info_hash), "the seed has everything")
        source.host.limit(20)
        (disk := lab.work / "disk").mkdir()
        if (made := self.run_quietly("mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", disk)).returncode != 0:
            self.skipTest(f"no tmpfs can be mounted here: {made.stderr.strip()}")
        self.addCleanup(self.run_quietly, "umount", "--lazy", disk)
        self.addCleanup(self.run_quietly, "umount", "--lazy", fetch.downloads)
        self.run_quietly("mount", "--bind", disk, fetch.downloads)
        fetch.fetch(torrent, info_hash)
        lab.wait(lambda: fetch.torrent(info_hash)["progress"] > 0.1, "some of it is there")
        fetch.process.stop()

        self.run_quietly("umount", fetch.downloads)
        fetch.start()
        self.expect_missing(lab, fetch, info_hash)
        self.mount_for(fetch, disk)
        lab.wait(lambda: fetch.state(info_hash) == "downloading", "it goes on by itself at the disk's return")

        inside = ["nsenter", "--mount", "--target", str(fetch.process.pid)]
        self.run_quietly(*inside, "umount", "--lazy", fetch.downloads)
        self.expect_missing(lab, fetch, info_hash)
        source.host.limit(None)
        self.mount_for(fetch, disk)
        lab.wait_complete([fetch], info_hash)
        differences = payload.differences(disk)
        lab.expect(not differences, "the copy on the disk differs:\n" + "\n".join(differences[:20]))

    def expect_missing(self, lab, fetch, info_hash: str) -> None:
        lab.wait(lambda: fetch.state(info_hash) == "suspended", "the torrent is suspended")
        error = fetch.torrent(info_hash)["error"] or ""
        lab.expect(f"the disk that belongs at {fetch.downloads} is not mounted" in error, f"the reason is {error!r}")
        seen = self.run_quietly("nsenter", "--mount", "--target", fetch.process.pid, "ls", "-A", fetch.downloads).stdout
        lab.expect(not seen, f"something was written in the place of the disk: {seen}")

    def mount_for(self, fetch, disk) -> None:
        """Mounts the disk where the daemon sees it: its namespace may follow ours or not."""
        self.run_quietly("mount", "--bind", disk, fetch.downloads)
        if f" {fetch.downloads} " not in open(f"/proc/{fetch.process.pid}/mountinfo").read():
            self.run_quietly("nsenter", "--mount", "--target", fetch.process.pid, "mount", "--bind", disk,
                             fetch.downloads)

    @staticmethod
    def run_quietly(*command) -> subprocess.CompletedProcess[str]:
        return subprocess.run(list(map(str, command)), capture_output=True, text=True)
