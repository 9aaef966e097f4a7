# SPDX-License-Identifier: Apache-2.0
"""Torrents of BEP 52, v2 alone and hybrid: swarmd with itself and with libtorrent, both ways, every byte compared; by the
.torrent file, and by a link alone, so that the hashes of pieces come from peers."""
from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

from lab import settings
from lab.case import NetworkCase
from lab.lab import Lab, Peer
from lab.merkle import make_merkle_torrent, whole_v2_hash
from lab.payload import Payload, make_file, make_folder

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

    def by_link(self, seed_kind: str, fetch_kind: str, *, hybrid: bool = False, v1: bool = False, single: bool = False):
        """The link has the v2 hash, and with `v1` the other too. Returns (lab, seed, fetch, the name on the wire)."""
        self.need(seed_kind, fetch_kind)
        lab = self.lab(hosts=2)
        source = lab.work / "source"
        # Of 16 KiB the single file has more pieces than one answer has hashes.
        payload = make_file(source, "one file.bin", (MIB << 20) + 4_321) if single else make_folder(source, "album", MIB)
        torrent = lab.work / "made.torrent"
        made = make_merkle_torrent(payload, torrent, [[lab.tracker.announce]], hybrid=hybrid,
                                   **({"piece": 16_384} if single else {}))
        v2 = whole_v2_hash(torrent)
        wire = made if v1 or not hybrid else v2[:40]
        seed, fetch = lab.peer(seed_kind), lab.peer(fetch_kind)
        seed.seed(torrent, made, payload.parent)
        lab.wait(lambda: seed.complete(made), f"{seed.name} knows that it has everything")
        topics = f"xt=urn:btmh:1220{v2}" + (f"&xt=urn:btih:{made}" if v1 else "")
        link = f"magnet:?{topics}&tr={quote(lab.tracker.announce, safe='')}"
        fetch.fetch(link, wire)
        lab.wait_complete([fetch], wire)
        lab.expect_whole([fetch], payload)
        return lab, seed, fetch, payload, v2

    def test_v2_link_from_libtorrent(self) -> None:
        """swarmd fetches a v2 link from libtorrent: metadata, hashes of pieces, payload; all is kept over a restart"""
        lab, _, fetch, payload, v2 = self.by_link("libtorrent", "swarmd")
        shown = fetch.ask("show", v2)
        lab.expect(shown["kind"] == "v2" and shown["info_hash_v2"] == v2 and shown["info_hash"] == v2[:40],
                   f"show tells other hashes: {shown}")
        fetch.process.stop()
        fetch.start()
        lab.wait(lambda: fetch.state(v2[:40]) == "seeding", "the torrent is seeded again after a restart")
        lab.expect("good" in fetch.say("verify", v2, "--wait", seconds=120), "verify does not say what is good")

    def test_v2_link_to_libtorrent(self) -> None:
        """libtorrent fetches a v2 link from swarmd: hashes of pieces come from swarmd"""
        self.by_link("swarmd", "libtorrent")

    def test_v2_link_single_from_libtorrent(self) -> None:
        """swarmd fetches a v2 link to a file of many pieces from libtorrent, hashes with proofs"""
        self.by_link("libtorrent", "swarmd", single=True)

    def test_v2_link_single_to_libtorrent(self) -> None:
        """libtorrent fetches a v2 link to a file of many pieces from swarmd, hashes with proofs"""
        self.by_link("swarmd", "libtorrent", single=True)

    def test_v2_link_swarmd(self) -> None:
        """swarmd fetches a v2 link from swarmd"""
        self.by_link("swarmd", "swarmd")

    def test_hybrid_link_from_libtorrent(self) -> None:
        """swarmd fetches a link with both hashes from libtorrent"""
        self.by_link("libtorrent", "swarmd", hybrid=True, v1=True)

    def test_hybrid_link_to_libtorrent(self) -> None:
        """libtorrent fetches a link with both hashes from swarmd"""
        self.by_link("swarmd", "libtorrent", hybrid=True, v1=True)

    def test_v2_link_to_hybrid(self) -> None:
        """swarmd fetches a hybrid of which it knows the v2 hash alone from libtorrent"""
        self.by_link("libtorrent", "swarmd", hybrid=True)

    def seeded_hybrid(self, lab: Lab) -> tuple[Peer, Payload, str, str]:
        """A swarmd that has a hybrid, what it has, and the hybrid's two names."""
        payload = make_folder(lab.work / "source", "album", MIB)
        torrent = lab.work / "made.torrent"
        v1 = make_merkle_torrent(payload, torrent, [[lab.tracker.announce]], hybrid=True)
        seed = lab.peer("swarmd")
        seed.seed(torrent, v1, payload.parent)
        lab.wait(lambda: seed.complete(v1), "the seed knows that it has everything")
        return seed, payload, v1, whole_v2_hash(torrent)

    def test_hybrid_both_names(self) -> None:
        """of two libtorrents one knows a hybrid by its v1 name alone, the other by its v2 name alone: both fetch it from swarmd"""
        self.need("swarmd", "libtorrent")
        lab = self.lab(hosts=3)
        seed, payload, v1, v2 = self.seeded_hybrid(lab)
        tracker = f"tr={quote(lab.tracker.announce, safe='')}"
        fetchers = [(lab.peer("libtorrent"), f"xt=urn:btmh:1220{v2}", v2[:40]), (lab.peer("libtorrent"), f"xt=urn:btih:{v1}", v1)]
        for fetch, topic, wire in fetchers:
            fetch.fetch(f"magnet:?{topic}&{tracker}", wire)
            lab.wait_complete([fetch], wire)
            lab.expect_whole([fetch], payload)
        # Now and then it is being asked.
        lab.wait(lambda: [row["state"] for row in seed.ask("trackers", v1)["trackers"]] == ["working"],
                 "trackers are told as one row, which works")
        lab.expect(seed.ask("show", v2)["info_hash"] == v1, "the torrent is not known by its v2 name")

    def test_hybrid_links_meet(self) -> None:
        """two swarmds with nothing but the one and the other name of a hybrid fetch from a third, each by its own"""
        lab = self.lab(hosts=3)
        seed, payload, v1, v2 = self.seeded_hybrid(lab)
        tracker = f"tr={quote(lab.tracker.announce, safe='')}"
        fetchers = [lab.peer("swarmd"), lab.peer("swarmd")]
        fetchers[0].fetch(f"magnet:?xt=urn:btih:{v1}&{tracker}", v1)
        fetchers[1].fetch(f"magnet:?xt=urn:btmh:1220{v2}&{tracker}", v2[:40])
        lab.wait_complete(fetchers[:1], v1)
        lab.wait_complete(fetchers[1:], v2[:40])
        lab.expect_whole(fetchers, payload)

    def test_v2_link_restart(self) -> None:
        """a v2 link whose peers are not there yet is kept over a restart, and fetched once they come"""
        lab = self.lab(hosts=2)
        payload = make_folder(lab.work / "source", "album", MIB)
        torrent = lab.work / "made.torrent"
        wire = make_merkle_torrent(payload, torrent, [[lab.tracker.announce]], hybrid=False)
        v2 = whole_v2_hash(torrent)
        link = f"magnet:?xt=urn:btmh:1220{v2}&tr={quote(lab.tracker.announce, safe='')}"
        lab.fetch_link_over_restart(link, torrent, payload, wire)

    def created_alike(self, kind: str, *, single: bool) -> None:
        for client in ("swarmd", "libtorrent"):
            if reason := settings.missing(client):
                self.skipTest(reason)
        work = Path(tempfile.mkdtemp(prefix="swarm-interop-", dir=settings.WORK))
        self.addCleanup(shutil.rmtree, work)
        payload = make_file(work, "one file.bin", (MIB << 20) + 4_321) if single else make_folder(work, "album", MIB)
        maker = Path(__file__).parent / "lab" / "libtorrent_create.py"
        theirs = self.printed(settings.libtorrent_python(), maker, payload.path, 65_536, kind)
        ours = self.printed(settings.program("swarmctl"), "--json", "create", payload.path, "--output", work / "ours.torrent",
                            "--piece-size", "64KiB", f"--{kind}")
        self.assertEqual(ours["info_hash_v2"], theirs["v2"])
        self.assertEqual(ours["info_hash"], theirs["v1"] if kind == "hybrid" else theirs["v2"][:40])

    def printed(self, *command) -> dict:
        """The JSON that a program prints, which must succeed."""
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_created_v2_alike(self) -> None:
        """a folder made into a v2 torrent has the info-hash that libtorrent gives it"""
        self.created_alike("v2", single=False)

    def test_created_v2_file_alike(self) -> None:
        """a file made into a v2 torrent has the info-hash that libtorrent gives it"""
        self.created_alike("v2", single=True)

    def test_created_hybrid_alike(self) -> None:
        """a folder made into a hybrid has the info-hashes that libtorrent gives it"""
        self.created_alike("hybrid", single=False)

    def test_created_hybrid_file_alike(self) -> None:
        """a file made into a hybrid has the info-hashes that libtorrent gives it"""
        self.created_alike("hybrid", single=True)
