# SPDX-License-Identifier: Apache-2.0
"""One seed, one fetching peer, every byte compared: swarmd with each of the other clients, both ways."""
from __future__ import annotations

import os
import subprocess

from lab.case import NetworkCase
from lab.payload import make_file, make_folder, make_torrent
from lab.settings import program

MIB = 24
NOBODY = 65_534


class Pairs(NetworkCase):
    def transfer(self, seed_kind: str, fetch_kind: str, *, v6: bool = False, single: bool = False,
                 dead_tracker: bool = False, wrapper: list[str] | None = None) -> None:
        self.need(seed_kind, fetch_kind)
        lab = self.lab(hosts=2)
        source = lab.work / "source"
        payload = make_file(source, "one file.bin", (MIB << 20) + 4_321) if single else make_folder(source, "album", MIB)
        live = lab.tracker.announce_v6 if v6 else lab.tracker.announce
        tiers = [[f"http://{lab.network.hub.v4}:9/announce"], [live]] if dead_tracker else [[live]]
        torrent = lab.work / "made.torrent"
        info_hash = make_torrent(payload, torrent, tiers)

        families = {"swarmd": {"v4": not v6, "v6": v6}}
        seed = lab.peer(seed_kind, **families.get(seed_kind, {"v6": v6}))
        fetch = lab.peer(fetch_kind, **families.get(fetch_kind, {"v6": v6}))
        if wrapper:
            lab.work.chmod(0o755)
            for peer in (seed, fetch):
                peer.wrapper = wrapper
                for folder in (peer.work, peer.downloads):
                    os.chown(folder, NOBODY, NOBODY)
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), f"{seed.name} knows that it has everything")
        fetch.fetch(torrent, info_hash)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)
        differences = payload.differences(payload.parent)
        lab.expect(not differences, f"the seed's own files changed: {differences}")

    def test_swarmd_swarmd(self) -> None:
        """swarmd fetches a folder from swarmd"""
        self.transfer("swarmd", "swarmd")

    def test_transmission_swarmd(self) -> None:
        """swarmd fetches a folder from Transmission"""
        self.transfer("transmission", "swarmd")

    def test_swarmd_transmission(self) -> None:
        """Transmission fetches a folder from swarmd"""
        self.transfer("swarmd", "transmission")

    def test_aria2_swarmd(self) -> None:
        """swarmd fetches a folder from aria2"""
        self.transfer("aria2", "swarmd")

    def test_swarmd_aria2(self) -> None:
        """aria2 fetches a folder from swarmd"""
        self.transfer("swarmd", "aria2")

    def test_libtorrent_swarmd(self) -> None:
        """swarmd fetches a folder from libtorrent"""
        self.transfer("libtorrent", "swarmd")

    def test_swarmd_libtorrent(self) -> None:
        """libtorrent fetches a folder from swarmd"""
        self.transfer("swarmd", "libtorrent")

    def test_single_file(self) -> None:
        """swarmd fetches a single file from libtorrent"""
        self.transfer("libtorrent", "swarmd", single=True)

    def test_tracker_tiers(self) -> None:
        """swarmd goes on to the second tier of the .torrent when the first tracker is dead"""
        self.transfer("swarmd", "swarmd", dead_tracker=True)

    def test_ordinary_user(self) -> None:
        """swarmd run by an ordinary user seeds what it may only read, and fetches"""
        wrapper = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        if subprocess.run([*wrapper, program("swarmd"), "--version"], capture_output=True).returncode != 0:
            self.skipTest("another user may not run the program where it lies")
        self.transfer("swarmd", "swarmd", wrapper=wrapper)

    def test_v6_swarmd(self) -> None:
        """swarmd fetches from swarmd over IPv6, tracker included"""
        self.transfer("swarmd", "swarmd", v6=True)

    def test_v6_libtorrent(self) -> None:
        """libtorrent fetches from swarmd over IPv6"""
        self.transfer("swarmd", "libtorrent", v6=True)

    def test_v6_from_libtorrent(self) -> None:
        """swarmd fetches from libtorrent over IPv6"""
        self.transfer("libtorrent", "swarmd", v6=True)
