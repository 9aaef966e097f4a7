# SPDX-License-Identifier: Apache-2.0
"""Many peers at once: pieces come from several sides, and the fetching peers feed one another."""
from __future__ import annotations

import time

from lab.case import NetworkCase
from lab.payload import make_folder, make_torrent

MIB = 24


class Swarms(NetworkCase):
    def test_mixed_swarm(self) -> None:
        """one slow seed feeds three swarmd, Transmission, aria2 and libtorrent, and all help one another"""
        self.need("transmission", "aria2", "libtorrent")
        lab = self.lab(hosts=7)
        payload = make_folder(lab.work / "source", "album", MIB)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce]])
        seed = lab.peer("swarmd")
        seed.host.limit(60)
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        peers = [lab.peer(k) for k in ("swarmd", "swarmd", "swarmd", "transmission", "libtorrent", "aria2")]
        for peer in peers:
            peer.fetch(torrent, info_hash)
        lab.wait_complete(peers, info_hash)
        lab.expect_whole(peers, payload)
        given = sum(peer.torrent(info_hash)["uploaded"] for peer in peers[:3])
        lab.expect(given > payload.size / 4, f"the three fetching swarmd gave only {given} bytes to others")

    def test_many_seeds(self) -> None:
        """swarmd takes pieces from a swarmd, a Transmission and a libtorrent seed at once"""
        self.need("transmission", "libtorrent")
        lab = self.lab(hosts=4)
        payload = make_folder(lab.work / "source", "album", MIB)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce]])
        seeds = [lab.peer(kind) for kind in ("swarmd", "transmission", "libtorrent")]
        for seed in seeds:
            seed.host.limit(4)  # slow enough that Transmission, which takes its time to unchoke, comes in
            seed.seed(torrent, info_hash, payload.parent)
            lab.wait(lambda: seed.complete(info_hash), f"{seed.name} has everything")
        before = [lab.network.sent_bytes(seed.host) for seed in seeds]
        fetch = lab.peer("swarmd")
        fetch.fetch(torrent, info_hash)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)
        sent = [lab.network.sent_bytes(seed.host) - b for seed, b in zip(seeds, before)]
        lab.expect(all(s > payload.size / 20 for s in sent), f"not every seed took part: they sent {sent} bytes")
        lab.expect(sum(sent) < payload.size * 1.15, f"{sum(sent)} bytes were sent for {payload.size} of payload")

    def test_seed_goes(self) -> None:
        """two swarmd finish between themselves what the seed gave before it went"""
        lab = self.lab(hosts=3)
        payload = make_folder(lab.work / "source", "album", MIB)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce]])
        seed, one, other = (lab.peer("swarmd") for _ in range(3))
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        one.fetch(torrent, info_hash)
        lab.wait_complete([one], info_hash)
        seed.process.stop()
        other.fetch(torrent, info_hash)
        lab.wait_complete([other], info_hash)
        lab.expect_whole([one, other], payload)

    def test_link_comes_back(self) -> None:
        """a download goes on by itself after its link was down for a while"""
        lab = self.lab(hosts=2)
        payload = make_folder(lab.work / "source", "album", MIB)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[lab.tracker.announce]])
        seed, fetch = lab.peer("swarmd"), lab.peer("swarmd")
        seed.host.limit(50)
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        fetch.fetch(torrent, info_hash)
        lab.wait(lambda: fetch.torrent(info_hash)["progress"] > 0.2, "a fifth is there")
        fetch.host.link(up=False)
        # What had come already is written and told.
        time.sleep(5)
        held = fetch.torrent(info_hash)["progress"]
        time.sleep(4)
        lab.expect(fetch.torrent(info_hash)["progress"] == held, "something still comes in over a dead link")
        fetch.host.link(up=True)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)
