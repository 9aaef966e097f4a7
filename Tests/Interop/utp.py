# SPDX-License-Identifier: Apache-2.0
"""uTP: transfers over UDP alone with other clients, and how it gives way to TCP."""
from __future__ import annotations

import subprocess
import sys
import threading
import time

from lab.case import NetworkCase
from lab.lab import Lab
from lab.payload import make_file, make_folder, make_torrent
from lab.swarm import Swarmd

MIB = 24
ONLY_UTP = {"strategy": {"transports": ["utp"]}}
MBIT = 20
SINK = """
import socket, sys
listener = socket.create_server((sys.argv[1], 9999))
connection, total = listener.accept()[0], 0
while chunk := connection.recv(1 << 16):
    total += len(chunk)
    print(total, flush=True)
"""
SOURCE = """
import socket, sys
connection = socket.create_connection((sys.argv[1], 9999))
while True:
    connection.sendall(bytes(1 << 16))
"""


class Transfers(NetworkCase):
    def transfer(self, seed_kind: str, fetch_kind: str, *, v6: bool = False, transports: list[str] | None = None) -> None:
        """One transfer between peers of which at least one speaks nothing but uTP."""
        self.need(seed_kind, fetch_kind)
        lab = self.lab(hosts=2)
        payload = make_folder(lab.work / "source", "album", MIB)
        torrent = lab.work / "made.torrent"
        info_hash = make_torrent(payload, torrent, [[lab.tracker.announce_v6 if v6 else lab.tracker.announce]])
        seed, fetch = (self.peer(lab, kind, v6, transports or ["utp"]) for kind in (seed_kind, fetch_kind))
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), f"{seed.name} knows that it has everything")
        fetch.fetch(torrent, info_hash)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)
        for peer in (seed, fetch):
            if isinstance(peer, Swarmd) and transports is None:
                lab.expect(not peer.host.listens(peer.port), f"{peer.name} listens for TCP, which is not listed")

    @staticmethod
    def peer(lab: Lab, kind: str, v6: bool, transports: list[str]):
        if kind == "swarmd":
            return lab.peer(kind, v4=not v6, v6=v6, strategy={"transports": transports})
        return lab.peer(kind, v6=v6, utp=True)

    def test_swarmd(self) -> None:
        """swarmd fetches from swarmd over uTP alone"""
        self.transfer("swarmd", "swarmd")

    def test_swarmd_v6(self) -> None:
        """swarmd fetches from swarmd over uTP and IPv6"""
        self.transfer("swarmd", "swarmd", v6=True)

    def test_from_libtorrent(self) -> None:
        """swarmd fetches from libtorrent over uTP alone"""
        self.transfer("libtorrent", "swarmd")

    def test_to_libtorrent(self) -> None:
        """libtorrent fetches from swarmd over uTP alone"""
        self.transfer("swarmd", "libtorrent")

    def test_from_libtorrent_v6(self) -> None:
        """swarmd fetches from libtorrent over uTP and IPv6"""
        self.transfer("libtorrent", "swarmd", v6=True)

    def test_to_libtorrent_v6(self) -> None:
        """libtorrent fetches from swarmd over uTP and IPv6"""
        self.transfer("swarmd", "libtorrent", v6=True)

    def test_from_transmission(self) -> None:
        """swarmd fetches from Transmission over uTP alone"""
        self.transfer("transmission", "swarmd")

    def test_to_transmission(self) -> None:
        """Transmission fetches from swarmd over uTP alone"""
        self.transfer("swarmd", "transmission")

    def test_falls_back(self) -> None:
        """swarmd that prefers TCP reaches libtorrent that takes only uTP"""
        self.transfer("libtorrent", "swarmd", transports=["tcp", "utp"])

    def test_encrypted(self) -> None:
        """swarmd fetches from swarmd over uTP with encryption above it"""
        lab = self.lab(hosts=2)
        payload = make_folder(lab.work / "source", "album", MIB)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce]])
        seed, fetch = (lab.peer("swarmd", strategy={"transports": ["utp", "mse"]}, peer={"encryption": "required"})
                       for _ in range(2))
        seed.seed(torrent, info_hash, payload.parent)
        fetch.fetch(torrent, info_hash)
        lab.wait_complete([seed, fetch], info_hash)
        lab.expect_whole([fetch], payload)


class Yielding(NetworkCase):
    """One sender behind a line of 20 Mbit/s with a queue of a fifth of a second."""

    def shares(self, *, at_sender: bool) -> None:
        """`at_sender` puts the queue on the sender's own interface, where Linux lets a TCP connection have but a few packets
        at a time; else it is on the way, where TCP may fill it."""
        self.need("swarmd")
        lab = self.lab(hosts=2)
        payload = make_file(lab.work / "source", "big.bin", 160 << 20)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce]])
        seed, fetch = (lab.peer("swarmd", **ONLY_UTP) for _ in range(2))
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        host, device = (seed.host, "eth0") if at_sender else (lab.network.hub, "port1")
        host.run("tc", "qdisc", "add", "dev", device, "root", "tbf", "rate", f"{MBIT}mbit", "burst", "32kb", "latency",
                 "200ms", check=True)
        fetch.fetch(torrent, info_hash)
        lab.wait(lambda: fetch.torrent(info_hash)["downloaded"] > 4 << 20, "the transfer is under way")

        started, before = time.monotonic(), fetch.torrent(info_hash)["downloaded"]
        time.sleep(10)
        alone = (fetch.torrent(info_hash)["downloaded"] - before) * 8 / (time.monotonic() - started) / 1e6
        lab.expect(alone > 0.9 * MBIT, f"alone uTP takes {alone:.1f} of {MBIT} Mbit/s")

        flow = Flow(seed, fetch)
        self.addCleanup(flow.stop)
        time.sleep(8)
        ours, theirs = fetch.torrent(info_hash)["downloaded"], flow.received
        time.sleep(20)
        ours, theirs = fetch.torrent(info_hash)["downloaded"] - ours, flow.received - theirs
        share = ours / (ours + theirs)
        lab.expect(share < 0.15, f"beside TCP uTP takes {share:.0%}: {ours >> 10} KiB, and TCP {theirs >> 10} KiB")
        print(f"        alone {alone:.1f} of {MBIT} Mbit/s, beside TCP {share:.1%}")

    def test_at_sender(self) -> None:
        """uTP takes the line of its own host alone, and next to nothing of it beside a TCP flow"""
        self.shares(at_sender=True)

    def test_on_the_way(self) -> None:
        """uTP takes a line on the way alone, and next to nothing of it beside a TCP flow"""
        self.shares(at_sender=False)


class Flow:
    """A TCP connection from one host to another that carries what it can."""

    def __init__(self, source: Swarmd, sink: Swarmd) -> None:
        self.received = 0
        self._sink = subprocess.Popen(sink.host.command(sys.executable, "-c", SINK, sink.host.v4),
                                      stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._count, daemon=True).start()
        while not sink.host.listens(9999):
            time.sleep(0.05)
        self._source = subprocess.Popen(source.host.command(sys.executable, "-c", SOURCE, sink.host.v4))

    def _count(self) -> None:
        for line in self._sink.stdout:
            self.received = int(line)

    def stop(self) -> None:
        for process in (self._source, self._sink):
            process.kill()
            process.wait()
