# SPDX-License-Identifier: Apache-2.0
"""Trackers over UDP: everybody finds everybody through swarm-trackerd, and swarmd speaks to it the same way."""
from __future__ import annotations

import re

from lab.case import NetworkCase
from lab.lab import Lab
from lab.payload import make_folder, make_torrent

MIB = 8


class Datagrams(NetworkCase):
    def metric(self, lab: Lab, name: str) -> int:
        page = lab.network.hub.run("curl", "-sS", f"http://{lab.tracker.host.v4}:{lab.tracker.port}/metrics").stdout
        found = re.search(rf"^swarm_tracker_{name} (\d+)$", page, re.MULTILINE)
        lab.expect(found is not None, f"/metrics has no {name}:\n{page}")
        return int(found.group(1))

    def test_all_clients(self) -> None:
        """swarmd, Transmission, aria2 and libtorrent find each other over UDP alone"""
        self.need("transmission", "aria2", "libtorrent")
        lab = self.lab(hosts=5)
        payload = make_folder(lab.work / "source", "album", MIB)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce_udp]])
        seed = lab.peer("swarmd")
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        peers = [lab.peer(kind) for kind in ("swarmd", "transmission", "libtorrent")] + [lab.peer("aria2", datagrams=True)]
        for peer in peers:
            peer.fetch(torrent, info_hash)
        lab.wait_complete(peers, info_hash)
        lab.expect_whole(peers, payload)
        lab.expect(self.metric(lab, "udp_connects_total") >= 5, "not everybody asked over UDP")
        lab.wait(lambda: self.metric(lab, "seeds") == 5, "the tracker knows five seeds")

    def test_each_seeds_for_swarmd(self) -> None:
        """swarmd finds a Transmission, an aria2 and a libtorrent seed over UDP, each alone"""
        self.need("transmission", "aria2", "libtorrent")
        lab = self.lab(hosts=6)
        for kind in ("transmission", "aria2", "libtorrent"):
            payload = make_folder(lab.work / f"source-{kind}", f"album-{kind}", MIB)
            info_hash = make_torrent(payload, torrent := lab.work / f"{kind}.torrent", [[lab.tracker.announce_udp]])
            seed = lab.peer(kind, datagrams=True) if kind == "aria2" else lab.peer(kind)
            seed.seed(torrent, info_hash, payload.parent)
            fetch = lab.peer("swarmd")
            fetch.fetch(torrent, info_hash)
            lab.wait_complete([fetch], info_hash)
            lab.expect_whole([fetch], payload)

    def test_over_v6(self) -> None:
        """two swarmd find each other over UDP and IPv6"""
        lab = self.lab(hosts=2)
        payload = make_folder(lab.work / "source", "album", MIB)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce_udp_v6]])
        seed, fetch = (lab.peer("swarmd", v4=False, v6=True) for _ in range(2))
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        fetch.fetch(torrent, info_hash)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)

    def test_tiers(self) -> None:
        """a UDP tracker that is not there gives way to the HTTP one in the next tier, and the other way round"""
        lab = self.lab(hosts=2)
        payload = make_folder(lab.work / "source", "album", MIB)
        nobody = f"{lab.network.hub.v4}:9"
        first = [[f"udp://{nobody}/announce"], [lab.tracker.announce]]
        second = [[f"http://{nobody}/announce"], [lab.tracker.announce_udp]]
        seed, fetch = lab.peer("swarmd"), lab.peer("swarmd")
        info_hash = make_torrent(payload, lab.work / "seed.torrent", first)
        seed.seed(lab.work / "seed.torrent", info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        lab.expect(make_torrent(payload, lab.work / "fetch.torrent", second) == info_hash, "the torrents differ")
        fetch.fetch(lab.work / "fetch.torrent", info_hash)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)
