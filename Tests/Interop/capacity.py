# SPDX-License-Identifier: Apache-2.0
"""A thousand torrents: the list answers at once, and a restart brings all of them back."""
from __future__ import annotations

import statistics
import tempfile
import time
import unittest
from pathlib import Path

from lab import settings
from lab.payload import Payload, make_torrent
from lab.swarm import Swarmd

TORRENTS = 1_000
LIST_SECONDS = 0.1


class Capacity(unittest.TestCase):
    def test_list_of_a_thousand(self) -> None:
        """swarmctl list answers in under 100 ms with 1,000 torrents, also after a restart"""
        work = tempfile.TemporaryDirectory(prefix="swarm-interop-", dir=settings.WORK)
        self.addCleanup(work.cleanup)
        folder = Path(work.name)
        daemon = Swarmd(folder / "swarmd", port=0, peer={"listen": []})
        self.addCleanup(lambda: daemon.process and daemon.process.stop())
        daemon.start()
        for number in range(TORRENTS):
            source = folder / "source" / f"torrent number {number}"
            source.parent.mkdir(exist_ok=True)
            source.write_bytes(b"%d" % number)
            make_torrent(Payload(source), torrent := folder / f"{number}.torrent", [])
            daemon.say("add", torrent, "--paused")
        self.expect_fast(daemon)
        daemon.process.stop()
        daemon.start()
        self.expect_fast(daemon)

    def expect_fast(self, daemon: Swarmd) -> None:
        seconds = []
        for _ in range(9):
            started = time.monotonic()
            listed = daemon.control("list")
            seconds.append(time.monotonic() - started)
            self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertEqual(len(daemon.torrents()), TORRENTS)
        self.assertLess(statistics.median(seconds), LIST_SECONDS, f"seconds of the runs: {sorted(seconds)}")
