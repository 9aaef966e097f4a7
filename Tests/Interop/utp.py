# SPDX-License-Identifier: Apache-2.0
"""uTP: transfers over UDP alone with other clients."""
from __future__ import annotations

from lab.case import NetworkCase
from lab.lab import Lab
from lab.payload import make_folder, make_torrent
from lab.swarm import Swarmd

MIB = 24
ONLY_UTP = {"strategy": {"transports": ["utp"]}}


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
