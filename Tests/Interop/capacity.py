# SPDX-License-Identifier: Apache-2.0
"""Very many torrents: the list answers at once, a restart brings all of them back, and a stop does not dawdle."""
from __future__ import annotations

import os
import signal
import socket
import statistics
import tempfile
import time
import unittest
from pathlib import Path

from lab import settings
from lab.crowd import make_crowd
from lab.payload import Payload, make_torrent
from lab.process import PATIENCE, wait_until
from lab.swarm import Swarmd

TORRENTS = 1_000
CROWD = 10_000
PEERS = 100


class Capacity(unittest.TestCase):
    def test_list_of_a_thousand(self) -> None:
        """swarmctl lists a thousand torrents, also after a restart"""
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
        self.expect_all(daemon)
        daemon.process.stop()
        daemon.start()
        self.expect_all(daemon)

    def expect_all(self, daemon: Swarmd) -> None:
        seconds = []
        for _ in range(9):
            started = time.monotonic()
            listed = daemon.control("list")
            seconds.append(time.monotonic() - started)
            self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertEqual(len(daemon.torrents()), TORRENTS)
        print(f"        {TORRENTS} torrents: listed in {statistics.median(seconds):.3f} s")


class Crowd(unittest.TestCase):
    def daemon(self, **tables: dict) -> Swarmd:
        work = tempfile.TemporaryDirectory(prefix="swarm-interop-", dir=settings.WORK)
        self.addCleanup(work.cleanup)
        daemon = Swarmd(Path(work.name) / "swarmd", port=0, **tables)
        self.addCleanup(lambda: daemon.process and daemon.process.stop())
        return daemon

    def counts(self, daemon: Swarmd) -> dict:
        status = daemon.ask("status")
        return {**status["torrents"], "loading": status["loading"]}

    def test_ten_thousand(self) -> None:
        """ten thousand torrents are listed and obey at once, and come up behind that"""
        daemon = self.daemon(peer={"listen": []})
        hashes = make_crowd(daemon, CROWD)
        started = time.monotonic()
        daemon.launch()
        self.assertTrue(wait_until(daemon.socket.exists, PATIENCE, 0.01), daemon.process.tail())
        first = self.counts(daemon)
        answered = time.monotonic() - started
        self.assertEqual(first["total"], CROWD, f"not all torrents are known at the first answer: {first}")
        daemon.say("pause", hashes[-1])
        self.assertEqual(daemon.ask("show", hashes[-1])["state"], "paused")
        self.assertTrue(wait_until(lambda: self.counts(daemon)["seeding"] == CROWD - 1, PATIENCE, 0.2),
                        f"{self.counts(daemon)}\n{daemon.process.tail()}")
        self.assertEqual(self.counts(daemon)["loading"], 0)
        memory = daemon.process.resident_mib()
        print(f"        {CROWD} torrents: first answer after {answered:.2f} s with {first['loading']} waiting, all up "
              f"after {time.monotonic() - started:.1f} s, {memory:.0f} MiB")
        self.stop(daemon, CROWD)
        daemon.start()
        self.assertEqual(daemon.ask("show", hashes[-1])["state"], "paused")

    def test_stop_in_a_crowd(self) -> None:
        """swarmd stops by itself with a thousand torrents, a hundred peers and a tracker that never answers"""
        deaf = socket.create_server(("127.0.0.1", 0), backlog=4_096)
        self.addCleanup(deaf.close)
        port = self.free_port()
        daemon = self.daemon(peer={"listen": [f"127.0.0.1:{port}"]})
        hashes = make_crowd(daemon, TORRENTS, f"http://127.0.0.1:{deaf.getsockname()[1]}/announce", files=3)
        daemon.start()
        self.assertTrue(wait_until(lambda: self.counts(daemon)["seeding"] == TORRENTS, PATIENCE, 0.2),
                        f"{self.counts(daemon)}\n{daemon.process.tail()}")
        peers = [self.connect(port, info_hash, number) for number, info_hash in enumerate(hashes[:PEERS])]
        self.assertTrue(wait_until(lambda: daemon.ask("status")["peers"] == PEERS, PATIENCE),
                        f"{daemon.ask('status')['peers']} peers\n{daemon.process.tail()}")
        self.stop(daemon, TORRENTS, signals=2)
        for peer in peers:
            self.assertTrue(self.is_closed(peer), "a connection outlived the daemon")
        daemon.start()
        self.assertTrue(wait_until(lambda: self.counts(daemon)["seeding"] == TORRENTS, PATIENCE, 0.2),
                        f"{self.counts(daemon)}\n{daemon.process.tail()}")
        self.assertTrue(all(t["progress"] == 1 for t in daemon.torrents()))

    def test_stop_while_starting(self) -> None:
        """swarmd that is stopped while its torrents come up ends in order and loses none"""
        daemon = self.daemon(peer={"listen": []})
        make_crowd(daemon, TORRENTS)
        for _ in range(3):
            daemon.launch()
            self.assertTrue(wait_until(daemon.socket.exists, PATIENCE, 0.001), daemon.process.tail())
            # Very early the kernel itself ends it: nothing has begun then that would have to be ended in order.
            self.stop(daemon, TORRENTS, codes=(0, -signal.SIGTERM))
        daemon.start()
        self.assertTrue(wait_until(lambda: self.counts(daemon)["seeding"] == TORRENTS, PATIENCE, 0.2),
                        f"{self.counts(daemon)}\n{daemon.process.tail()}")

    def stop(self, daemon: Swarmd, count: int, signals: int = 1, codes: tuple[int, ...] = (0,)) -> None:
        """Asks it to end, `signals` times; it must do so by itself."""
        started = time.monotonic()
        daemon.process.expected_end = True
        for _ in range(signals):
            os.kill(daemon.process.pid, signal.SIGTERM)
            time.sleep(0.05)
        code = daemon.process.wait(PATIENCE)
        print(f"        {count} torrents: stopped in {time.monotonic() - started:.2f} s")
        self.assertIn(code, codes, daemon.process.tail())

    @staticmethod
    def free_port() -> int:
        with socket.create_server(("127.0.0.1", 0)) as server:
            return server.getsockname()[1]

    def connect(self, port: int, info_hash: str, number: int) -> socket.socket:
        """A peer that has said hello, and has heard it."""
        peer = socket.create_connection(("127.0.0.1", port), 30, source_address=(f"127.0.1.{number + 1}", 0))
        self.addCleanup(peer.close)
        peer.sendall(b"\x13BitTorrent protocol" + bytes(8) + bytes.fromhex(info_hash) + b"-XX0000-%012d" % number)
        heard = b""
        while len(heard) < 68:
            part = peer.recv(4_096)
            self.assertTrue(part, "swarmd hung up on a peer")
            heard += part
        return peer

    @staticmethod
    def is_closed(peer: socket.socket) -> bool:
        try:
            while peer.recv(4_096):
                pass
        except ConnectionError:
            pass
        except TimeoutError:
            return False
        return True
