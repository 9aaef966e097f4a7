# SPDX-License-Identifier: Apache-2.0
"""Encrypted connections: swarmd with every client that can be made to encrypt, both ways, every byte compared."""
from __future__ import annotations

from lab.case import NetworkCase
from lab.payload import make_folder, make_torrent

MIB = 16


class Encryption(NetworkCase):
    def transfer(self, seed: tuple[str, str], fetch: tuple[str, str], *, v6: bool = False, **tables: dict) -> None:
        """`seed` and `fetch` are kinds of clients and their words on encryption; `tables` are for the settings of the seed."""
        self.need(seed[0], fetch[0])
        lab = self.lab(hosts=2)
        payload = make_folder(lab.work / "source", "album", MIB)
        torrent = lab.work / "made.torrent"
        info_hash = make_torrent(payload, torrent, [[lab.tracker.announce_v6 if v6 else lab.tracker.announce]])

        def peer(kind: str, encryption: str, **tables: dict):
            if kind == "swarmd":
                return lab.peer(kind, v4=not v6, v6=v6, peer={"encryption": encryption}, **tables)
            return lab.peer(kind, v6=v6, encryption=encryption)

        seeding, fetching = peer(*seed, **tables), peer(*fetch)
        seeding.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seeding.complete(info_hash), f"{seeding.name} knows that it has everything")
        fetching.fetch(torrent, info_hash)
        lab.wait_complete([fetching], info_hash)
        lab.expect_whole([fetching], payload)

    def test_libtorrent_required(self) -> None:
        """swarmd fetches from a libtorrent that wants RC4 alone"""
        self.transfer(("libtorrent", "required"), ("swarmd", "allowed"))

    def test_required_libtorrent(self) -> None:
        """a libtorrent that wants RC4 alone fetches from swarmd"""
        self.transfer(("swarmd", "allowed"), ("libtorrent", "required"))

    def test_libtorrent_handshake(self) -> None:
        """swarmd fetches from a libtorrent that wants the encrypted handshake"""
        self.transfer(("libtorrent", "handshake"), ("swarmd", "allowed"))

    def test_handshake_libtorrent(self) -> None:
        """a libtorrent that wants the encrypted handshake fetches from swarmd"""
        self.transfer(("swarmd", "allowed"), ("libtorrent", "handshake"))

    def test_swarmd_requires_from_libtorrent(self) -> None:
        """swarmd that requires encryption fetches from libtorrent over IPv6"""
        self.transfer(("libtorrent", "handshake"), ("swarmd", "required"), v6=True)

    def test_libtorrent_from_swarmd_that_requires(self) -> None:
        """libtorrent fetches over IPv6 from swarmd that requires encryption"""
        self.transfer(("swarmd", "required"), ("libtorrent", "handshake"), v6=True)

    def test_transmission_required(self) -> None:
        """swarmd fetches from a Transmission that requires encryption"""
        self.transfer(("transmission", "required"), ("swarmd", "allowed"))

    def test_required_transmission(self) -> None:
        """a Transmission that requires encryption fetches from swarmd"""
        self.transfer(("swarmd", "allowed"), ("transmission", "required"))

    def test_transmission_both(self) -> None:
        """swarmd and Transmission both require encryption"""
        self.transfer(("transmission", "required"), ("swarmd", "required"))

    def test_aria2_required(self) -> None:
        """swarmd fetches from an aria2 that wants RC4 alone"""
        self.transfer(("aria2", "required"), ("swarmd", "allowed"))

    def test_required_aria2(self) -> None:
        """an aria2 that wants RC4 alone fetches from swarmd"""
        self.transfer(("swarmd", "allowed"), ("aria2", "required"))

    def test_swarmd_required(self) -> None:
        """swarmd that encrypts where it is wanted fetches from swarmd that requires it"""
        self.transfer(("swarmd", "required"), ("swarmd", "allowed"))

    def test_required_swarmd(self) -> None:
        """swarmd that requires encryption fetches from swarmd that encrypts where it is wanted"""
        self.transfer(("swarmd", "allowed"), ("swarmd", "required"))

    def test_swarmd_both(self) -> None:
        """two swarmd that require encryption, which is AES where the processor has it"""
        self.transfer(("swarmd", "required"), ("swarmd", "required"))

    def test_swarmd_without_aes(self) -> None:
        """two swarmd that require encryption, one of which has AES switched off"""
        self.transfer(("swarmd", "required"), ("swarmd", "required"), **{"strategy.mse": {"aes": False}})
