# SPDX-License-Identifier: Apache-2.0
"""Nothing but a magnet link: the list of files comes from peers (BEP 9), then the payload; every byte compared."""
from __future__ import annotations

from urllib.parse import quote

from lab.case import NetworkCase
from lab.payload import make_folder, make_torrent

MIB = 24


class Magnets(NetworkCase):
    def transfer(self, seed_kind: str, fetch_kind: str) -> None:
        self.need(seed_kind, fetch_kind)
        lab = self.lab(hosts=2)
        payload = make_folder(lab.work / "source", "album", MIB)
        torrent = lab.work / "made.torrent"
        info_hash = make_torrent(payload, torrent, [[lab.tracker.announce]])
        seed, fetch = lab.peer(seed_kind), lab.peer(fetch_kind)
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), f"{seed.name} knows that it has everything")
        link = f"magnet:?xt=urn:btih:{info_hash}&dn=album&tr={quote(lab.tracker.announce, safe='')}"
        fetch.fetch(link, info_hash)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)

    def test_libtorrent_swarmd(self) -> None:
        """swarmd fetches a magnet link from libtorrent"""
        self.transfer("libtorrent", "swarmd")

    def test_swarmd_libtorrent(self) -> None:
        """libtorrent fetches a magnet link from swarmd"""
        self.transfer("swarmd", "libtorrent")

    def test_swarmd_transmission(self) -> None:
        """Transmission fetches a magnet link from swarmd"""
        self.transfer("swarmd", "transmission")

    def test_swarmd_swarmd(self) -> None:
        """swarmd fetches a magnet link from swarmd, and goes on after a restart in the middle of nothing"""
        lab = self.lab(hosts=2)
        payload = make_folder(lab.work / "source", "album", MIB)
        torrent = lab.work / "made.torrent"
        info_hash = make_torrent(payload, torrent, [[lab.tracker.announce]])
        link = f"magnet:?xt=urn:btih:{info_hash}&tr={quote(lab.tracker.announce, safe='')}"
        lab.fetch_link_over_restart(link, torrent, payload, info_hash)
