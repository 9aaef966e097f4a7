# SPDX-License-Identifier: Apache-2.0
"""What peers do beyond fetching whole torrents of one another: telling of peers, fetching some files, seeding once."""
from __future__ import annotations

import os
import signal
import time

from lab.case import NetworkCase
from lab.lab import Lab
from lab.payload import Payload, make_file, make_folder, make_text, make_torrent
from lab.swarm import Swarmd

MIB = 24


class PeerExchange(NetworkCase):
    def chain(self, kind: str) -> None:
        """A has the payload, `kind` is in the middle, C knows the middle alone and finds A through it."""
        self.need("swarmd", kind)
        lab = self.lab(hosts=3, tracker=False)
        payload = make_folder(lab.work / "source", "album", MIB)
        torrent = lab.work / "made.torrent"
        info_hash = make_torrent(payload, torrent, [])
        middle = lab.peer(kind)
        source, last = lab.peer("swarmd"), lab.peer("swarmd")
        # What comes over the middle would be far too slow: C gets it from A, or not in time.
        middle.host.limit(1)
        middle.fetch(torrent, info_hash)
        lab.wait(lambda: middle.host.listens(6881), "the middle listens")
        link = f"magnet:?xt=urn:btih:{info_hash}&x.pe={middle.host.v4}:6881"
        # The source has the payload, and dials the middle because the link says so. Were the middle complete it would leave the
        # source before C came.
        source.start()
        source.say("limit", "--up", "64KiB")
        source.say("add", link, "--dir", payload.parent)
        lab.wait(lambda: source.complete(info_hash), "the source has everything")
        last.start()
        last.say("add", link, "--dir", last.downloads)
        lab.wait(lambda: any(p["address"].startswith(source.host.v4 + ":") for p in last.ask("peers", info_hash)["peers"]),
                 "C has learnt of A")
        source.say("limit", "--up", "none")
        lab.wait_complete([last], info_hash)
        lab.expect_whole([last], payload)

    def test_swarmd(self) -> None:
        """a peer learns of another through a third (PEX), all swarmd"""
        self.chain("swarmd")

    def test_libtorrent(self) -> None:
        """a peer learns of another through libtorrent (PEX)"""
        self.chain("libtorrent")


class Selection(NetworkCase):
    def test_live(self) -> None:
        """a file that was skipped and is wanted later comes; until then nothing of it is on disk"""
        self.need("swarmd", "libtorrent")
        lab = self.lab(hosts=2)
        folder = lab.work / "source"
        make_file(folder / "album", "a.bin", 9 << 20, seed=1)
        make_file(folder / "album", "b.bin", 8 << 20, seed=2)
        payload = make_file(folder / "album", "c.bin", 7 << 20, seed=3)
        payload = type(payload)(folder / "album")
        torrent = lab.work / "made.torrent"
        info_hash = make_torrent(payload, torrent, [[lab.tracker.announce]])
        seed, fetch = lab.peer("libtorrent"), lab.peer("swarmd")
        seed.seed(torrent, info_hash, payload.parent)
        fetch.start()
        fetch.say("add", torrent, "--dir", fetch.downloads, "--priority", "album/b.bin=skip", "--priority",
                  "album/c.bin=high")
        lab.wait_complete([fetch], info_hash)
        have = {file["path"]: file["done"] for file in fetch.ask("files", info_hash)["files"]}
        lab.expect(have["album/a.bin"] == 9 << 20 and have["album/c.bin"] == 7 << 20, f"here is {have}")
        lab.expect(have["album/b.bin"] == 0, f"the skipped file came: {have}")
        skipped = fetch.downloads / "album" / "b.bin"
        lab.expect(not skipped.exists(), "the skipped file was made, which none of its neighbours' pieces needs")
        fetch.say("priority", info_hash, "album/b.bin=normal")
        lab.wait(lambda: not fetch.complete(info_hash), "it downloads again")
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)


class SuperSeeding(NetworkCase):
    def test_libtorrent(self) -> None:
        """a super-seeding source sends about one copy to a swarm of libtorrent's"""
        self.need("swarmd", "libtorrent")
        leechers = 4
        lab = self.lab(hosts=leechers + 1)
        payload = make_file(lab.work / "source", "once.bin", 16 << 20)
        torrent = lab.work / "made.torrent"
        info_hash = make_torrent(payload, torrent, [[lab.tracker.announce]])
        seed = lab.peer("swarmd", wire={"compression": "never"})
        seed.host.limit(40)
        seed.start()
        seed.say("add", torrent, "--dir", payload.parent, "--paused")
        said = seed.say("set", info_hash, "super_seeding=on")
        lab.expect("super-seeding on" in said, f"set says {said}")
        seed.say("resume", info_hash)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        lab.expect(seed.ask("show", info_hash)["super_seeding"], "show does not tell of super-seeding")
        crowd = [lab.peer("libtorrent") for _ in range(leechers)]
        for peer in crowd:
            peer.fetch(torrent, info_hash)
        lab.wait_complete(crowd, info_hash, seconds=240)
        lab.expect_whole(crowd, payload)
        sent = seed.ask("show", info_hash)["uploaded"]
        print(f"        super-seeding: {sent / payload.size:.2f} copies sent for {leechers}")
        lab.expect(sent < 1.5 * payload.size, f"the seed sent {sent / payload.size:.2f} copies")


class Compression(NetworkCase):
    def pair(self, mib: int, rate: float | None = None, **options) -> tuple[Lab, Swarmd, Swarmd, str, Payload]:
        """A seed of so much text on a link of `rate` Mbit/s, and a peer that has been told to fetch it."""
        self.need("swarmd")
        lab = self.lab(hosts=2)
        payload = make_text(lab.work / "source", "words.txt", mib)
        torrent = lab.work / "made.torrent"
        info_hash = make_torrent(payload, torrent, [[lab.tracker.announce]], 1 << 20)
        seed, fetch = (lab.peer("swarmd", **options) for _ in range(2))
        if rate:
            seed.host.limit(rate)
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        fetch.fetch(torrent, info_hash)
        return lab, seed, fetch, info_hash, payload

    def figures(self, lab: Lab, seed: Swarmd, info_hash: str, payload: Payload) -> dict:
        """What the seed says of compression once all that it sent is counted."""
        told = lambda: seed.ask("show", info_hash)["compression"]
        lab.wait(lambda: told()["sent"] >= payload.size, "the seed has counted what it sent")
        return told()

    def test_slow_link(self) -> None:
        """text goes compressed over a link that holds it up, however slow that is"""
        utp = {"strategy": {"transports": ["utp"]}}
        for megabits, size, options in ((8, 16, {}), (40, 48, {}), (100, 96, {}), (40, 64, utp)):
            with self.subTest(rate=megabits, **options):
                lab, seed, fetch, info_hash, payload = self.pair(size, megabits, **options)
                lab.wait_complete([fetch], info_hash)
                lab.expect_whole([fetch], payload)
                compression = self.figures(lab, seed, info_hash, payload)
                part = compression["sent_wire"] / compression["sent"]
                print(f"        at {megabits} Mbit/s{', uTP' if options else ''}, to {part:.2f}")
                lab.expect(part < 0.6, f"sent too much as it was: {compression}")

    def test_busy_peer(self) -> None:
        """a peer that takes nothing for a while is no slow link: nothing is compressed for it"""
        lab, seed, fetch, info_hash, payload = self.pair(512)
        arriving = fetch.downloads / payload.name
        lab.wait(lambda: arriving.exists() and arriving.stat().st_blocks > 0, "bytes arrive")
        os.kill(fetch.process.pid, signal.SIGSTOP)
        try:
            time.sleep(0.8)
            lab.expect(512 * arriving.stat().st_blocks < payload.size, "it was over before the peer was stopped")
        finally:
            os.kill(fetch.process.pid, signal.SIGCONT)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)
        compression = self.figures(lab, seed, info_hash, payload)
        lab.expect(compression["blocks_compressed"] == 0, f"compressed for nobody's good: {compression}")
