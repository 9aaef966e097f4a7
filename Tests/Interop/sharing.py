# SPDX-License-Identifier: Apache-2.0
"""What a user does: share a folder, find it, get it; and what swarmd creates, read by the other clients."""
from __future__ import annotations

import os

from lab.case import NetworkCase
from lab.payload import make_folder


class Sharing(NetworkCase):
    def shared(self, lab, *options: str):
        """A swarmd that shares a folder with links in it: (peer, payload, info-hash)."""
        payload = make_folder(lab.work / "source", "my holiday pictures", 16)
        seed = lab.peer("swarmd", tracker=[lab.tracker.announce])
        seed.start()
        seed.say("share", payload.path, "--tracker", lab.tracker.announce, *options, seconds=120)
        lab.wait(lambda: seed.torrents() and seed.torrents()[0]["state"] == "seeding", "the shared folder is seeded")
        return seed, payload, seed.torrents()[0]["info_hash"]

    def test_share_search_get(self) -> None:
        """a folder that one shares, another finds by a word and gets by its name, links and empty files included"""
        lab = self.lab(hosts=3)
        payload = make_folder(lab.work / "source", "my holiday pictures", 16)
        os.symlink("one byte", payload.path / "link to a file")
        os.symlink("../pieces/exact", payload.path / "blocks" / "link elsewhere")
        os.symlink("deep/deeper", payload.path / "link to a folder")
        seed = lab.peer("swarmd", tracker=[lab.tracker.announce])
        seed.start()
        seed.say("share", payload.path, "--tracker", lab.tracker.announce, seconds=120)
        lab.wait(lambda: seed.torrents() and seed.torrents()[0]["state"] == "seeding", "the shared folder is seeded")
        info_hash = seed.torrents()[0]["info_hash"]

        by_name, by_hash = (lab.peer("swarmd", tracker=[lab.tracker.announce]) for _ in range(2))
        by_name.start()
        found = by_name.say("search", "holiday")
        lab.expect("my holiday pictures" in found, f"search did not find it:\n{found}")
        nothing = by_name.say("search", "no such thing at all")
        lab.expect("my holiday" not in nothing, f"search found it under a word that it lacks:\n{nothing}")
        by_name.say("get", "my holiday pictures", "--dir", by_name.downloads, "--wait", seconds=120)
        by_hash.start()
        by_hash.say("get", info_hash, "--dir", by_hash.downloads)
        lab.wait_complete([by_name, by_hash], info_hash)
        lab.expect_whole([by_name, by_hash], payload)

    def created_for(self, kinds: tuple[str, ...], *options: str) -> None:
        self.need(*kinds)
        lab = self.lab(hosts=1 + len(kinds))
        torrent = lab.work / "shared.torrent"
        seed, payload, info_hash = self.shared(lab, "--output", str(torrent), *options)
        others = [lab.peer(kind) for kind in kinds]
        for other in others:
            other.fetch(torrent, info_hash)
        lab.wait_complete(others, info_hash)
        lab.expect_whole(others, payload)

    def test_created_v2(self) -> None:
        """a v2 .torrent that swarmd made is one that libtorrent fetches by"""
        self.created_for(("libtorrent",), "--v2")

    def test_created_v1(self) -> None:
        """a v1 .torrent that swarmd made is one that Transmission, aria2 and libtorrent fetch by"""
        self.created_for(("transmission", "aria2", "libtorrent"), "--v1")

    def test_created_hybrid(self) -> None:
        """a hybrid .torrent that swarmd made is one that libtorrent fetches by"""
        # Debian's Transmission (3.00) cannot read a hybrid at all, and its aria2 (1.36) gets another info-hash out of it
        self.created_for(("libtorrent",), "--hybrid")

    def test_remove(self) -> None:
        """remove keeps the data, remove --delete-data deletes just what belongs to the torrent"""
        lab = self.lab(hosts=2)
        seed, payload, info_hash = self.shared(lab)
        fetch = lab.peer("swarmd", tracker=[lab.tracker.announce])
        fetch.start()
        fetch.say("get", info_hash, "--wait", seconds=120)
        fetch.say("remove", info_hash)
        lab.expect(fetch.torrents() == [], "the torrent is still listed after remove")
        lab.expect_whole([fetch], payload)
        fetch.say("get", info_hash, "--wait", seconds=120)
        lab.expect_whole([fetch], payload)
        (fetch.downloads / payload.name / "mine.txt").write_text("not part of the torrent")
        fetch.say("remove", info_hash, "--delete-data")
        left = sorted(str(p.relative_to(fetch.downloads)) for p in fetch.downloads.rglob("*"))
        lab.expect(left == [payload.name, f"{payload.name}/mine.txt"], f"left after --delete-data: {left}")

    def test_verify_finds_damage(self) -> None:
        """verify finds a damaged piece, and the download mends it"""
        lab = self.lab(hosts=2)
        seed, payload, info_hash = self.shared(lab)
        fetch = lab.peer("swarmd", tracker=[lab.tracker.announce])
        fetch.start()
        fetch.say("get", info_hash, "--wait", seconds=120)
        with (fetch.downloads / payload.name / "large" / "half.bin").open("r+b") as file:
            file.seek(1_000_000)
            file.write(b"damaged")
        before = fetch.torrent(info_hash)["downloaded"]
        fetch.say("verify", info_hash, seconds=120)
        lab.wait(lambda: fetch.complete(info_hash) and fetch.torrent(info_hash)["downloaded"] > before, "it is mended")
        lab.expect_whole([fetch], payload)

    def test_output_in_a_pipe(self) -> None:
        """in a pipe swarmctl prints no colour codes and no carriage returns, progress included"""
        lab = self.lab(hosts=2)
        seed, payload, info_hash = self.shared(lab)
        fetch = lab.peer("swarmd", tracker=[lab.tracker.announce])
        fetch.start()
        printed = fetch.say("get", info_hash, "--wait", seconds=120) + fetch.say("list") + fetch.say("show", info_hash)
        printed += fetch.say("status") + fetch.say("peers", info_hash) + seed.say("list")
        lab.expect("\x1b" not in printed and "\r" not in printed, f"control codes in a pipe: {printed!r}")
