# SPDX-License-Identifier: Apache-2.0
"""The tracker knows which peer has which piece, and a swarm does without it when it is gone."""
from __future__ import annotations

import json
import time

from lab.case import NetworkCase
from lab.lab import Lab
from lab.payload import make_file, make_torrent

MIB = 24
PIECE = 128 << 10


class PieceMaps(NetworkCase):
    def availability(self, lab: Lab, info_hash: str) -> dict:
        """What the tracker says of the torrent; empty when it says nothing."""
        url = f"http://{lab.tracker.host.v4}:{lab.tracker.port}/v1/torrents/{info_hash}/availability?first=0"
        try:
            return json.loads(lab.network.hub.run("curl", "-s", "-m", "20", url).stdout)
        except ValueError:
            return {}

    def whole(self, lab: Lab, peers: list, info_hash: str) -> bool:
        """Whether the tracker counts about what the peers themselves say that they have."""
        told = self.availability(lab, info_hash)
        if told.get("reporting") != len(peers):
            return False
        # Everybody is behind by a period at most, which is a tenth of what the slow link lets through in all.
        had = sum(peer.torrent(info_hash)["progress"] for peer in peers) * told["pieces"]
        return abs(sum(told["counts"]) - had) <= 0.15 * told["pieces"] * len(peers)

    def lift(self, lab: Lab) -> None:
        for peer in lab.peers:
            peer.host.limit(None)

    def start(self, lab: Lab, url: str, rate: float) -> tuple:
        payload = make_file(lab.work / "source", "film.bin", MIB << 20)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[url]], PIECE)
        seed = lab.peer("swarmd")
        seed.host.limit(rate)
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        peers = [lab.peer("swarmd") for _ in range(3)]
        for peer in peers:
            peer.fetch(torrent, info_hash)
        return payload, info_hash, seed, peers

    def test_reports(self) -> None:
        """swarmd reports its pieces over HTTP and over UDP, and they are gone when it is a seed"""
        for way in ("announce", "announce_udp"):
            with self.subTest(way):
                lab = self.lab(hosts=4)
                payload, info_hash, _, peers = self.start(lab, getattr(lab.tracker, way), 2)
                lab.wait(lambda: self.whole(lab, peers, info_hash), "the tracker knows what everybody has", 30)
                self.lift(lab)
                lab.wait_complete(peers, info_hash)
                lab.expect_whole(peers, payload)
                lab.wait(lambda: (told := self.availability(lab, info_hash)).get("reporting") == 0 and told["seeds"] == 4,
                         "four have everything, and seeds report no more")

    def test_tracker_is_killed(self) -> None:
        """the tracker is killed during a download: nobody stops, and back again it knows everything within 30 s"""
        for way in ("announce", "announce_udp"):
            with self.subTest(way):
                lab = self.lab(hosts=4)
                payload, info_hash, _, peers = self.start(lab, getattr(lab.tracker, way), 2)
                lab.wait(lambda: self.whole(lab, peers, info_hash), "the tracker knows what everybody has", 30)
                lab.tracker.process.kill()
                before = [peer.torrent(info_hash)["progress"] for peer in peers]
                time.sleep(5)
                after = [peer.torrent(info_hash)["progress"] for peer in peers]
                lab.expect(all(b > a for a, b in zip(before, after)), f"somebody stopped: {before}, then {after}")
                lab.start_tracker()
                started = time.monotonic()
                lab.wait(lambda: self.whole(lab, peers, info_hash), "the map is whole again", 30)
                lab.expect(time.monotonic() - started < 30, "the map is whole too late")
                unfinished = [peer.torrent(info_hash)["progress"] for peer in peers]
                lab.expect(all(p < 1 for p in unfinished), f"the download is over, so nothing was shown: {unfinished}")
                self.lift(lab)
                lab.wait_complete(peers, info_hash)
                lab.expect_whole(peers, payload)

    def test_one_copy(self) -> None:
        """a seed sends each piece once before it sends any twice"""
        lab = self.lab(hosts=4)
        payload, info_hash, seed, peers = self.start(lab, lab.tracker.announce, 20)
        lab.wait_complete(peers, info_hash)
        lab.expect_whole(peers, payload)
        given = seed.torrent(info_hash)["uploaded"] / payload.size
        lab.expect(given < 1.3, f"the seed sent {given:.2f} copies")
