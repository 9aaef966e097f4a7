# SPDX-License-Identifier: Apache-2.0
"""Torrents of BEP 52, v2 alone and hybrid: swarmd with itself and with libtorrent, both ways, every byte compared."""
from __future__ import annotations

from lab.case import NetworkCase
from lab.merkle import make_merkle_torrent
from lab.payload import make_file, make_folder

MIB = 12


class Merkle(NetworkCase):
    def transfer(self, seed_kind: str, fetch_kind: str, *, hybrid: bool, single: bool = False) -> None:
        self.need(seed_kind, fetch_kind)
        lab = self.lab(hosts=2)
        source = lab.work / "source"
        payload = make_file(source, "one file.bin", (MIB << 20) + 4_321) if single else make_folder(source, "album", MIB)
        torrent = lab.work / "made.torrent"
        info_hash = make_merkle_torrent(payload, torrent, [[lab.tracker.announce]], hybrid=hybrid)
        seed, fetch = lab.peer(seed_kind), lab.peer(fetch_kind)
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), f"{seed.name} knows that it has everything")
        fetch.fetch(torrent, info_hash)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)

    def test_v2_swarmd(self) -> None:
        """swarmd fetches a v2 folder from swarmd"""
        self.transfer("swarmd", "swarmd", hybrid=False)

    def test_v2_from_libtorrent(self) -> None:
        """swarmd fetches a v2 folder from libtorrent"""
        self.transfer("libtorrent", "swarmd", hybrid=False)

    def test_v2_to_libtorrent(self) -> None:
        """libtorrent fetches a v2 folder from swarmd"""
        self.transfer("swarmd", "libtorrent", hybrid=False)

    def test_v2_single(self) -> None:
        """swarmd fetches a v2 file from libtorrent"""
        self.transfer("libtorrent", "swarmd", hybrid=False, single=True)

    def test_hybrid_from_libtorrent(self) -> None:
        """swarmd fetches a hybrid folder from libtorrent"""
        self.transfer("libtorrent", "swarmd", hybrid=True)

    def test_hybrid_to_libtorrent(self) -> None:
        """libtorrent fetches a hybrid folder from swarmd"""
        self.transfer("swarmd", "libtorrent", hybrid=True)
