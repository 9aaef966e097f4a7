# SPDX-License-Identifier: Apache-2.0
"""Datagrams to a tracker (BEP 15, and those about pieces), written by hand: requests that are right, and what a test makes
of them."""
from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

PROTOCOL = 0x417_2710_1980
CONNECT, ANNOUNCE, SCRAPE, ERROR = range(4)
REPORT = 0x5357_0001


def connect(transaction: int) -> bytes:
    return struct.pack(">QII", PROTOCOL, CONNECT, transaction)


@dataclass
class Peer:
    """Who announces."""
    info_hash: bytes
    peer_id: bytes
    port: int
    key: int = 0

    def announce(self, connection: int, transaction: int, left: int, event: int = 0, wanted: int = 30) -> bytes:
        return struct.pack(">QII20s20sQQQIIIiH", connection, ANNOUNCE, transaction, self.info_hash, self.peer_id, 0, left, 0,
                           event, 0, self.key, wanted, self.port)

    def report(self, connection: int, transaction: int, first: int, count: int, pieces: int) -> bytes:
        """That it has one stretch of pieces and nothing else."""
        mixed = 0
        for piece in range(first, first + count):
            mixed ^= piece_number(piece)
        return struct.pack(">QII20s20sIHBBIIIII", connection, REPORT, transaction, self.info_hash, self.peer_id, self.key,
                           self.port, 1, 1, 1, 0, pieces, count, mixed) + leb128(first) + leb128(count - 1)


def scrape(connection: int, transaction: int, *hashes: bytes) -> bytes:
    return struct.pack(">QII", connection, SCRAPE, transaction) + b"".join(hashes)


def leb128(number: int) -> bytes:
    text = bytearray()
    while number >= 0x80:
        text.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(text + bytes([number]))


def piece_number(piece: int) -> int:
    """What the checksum of a set takes for a piece (packaging/doc/tracker-protocol.md)."""
    value = (piece + 1) & 0xFFFF_FFFF
    value = (value ^ value >> 16) * 0x85EB_CA6B & 0xFFFF_FFFF
    value = (value ^ value >> 13) * 0xC2B2_AE35 & 0xFFFF_FFFF
    return value ^ value >> 16


class Asker:
    """A socket with a connection id."""

    def __init__(self, port: int, seconds: float = 1) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))
        self.socket.settimeout(seconds)
        self.transaction = 0
        answer = self.ask(lambda transaction: connect(transaction))
        self.connection = struct.unpack(">Q", answer[8:16])[0]

    def ask(self, make, attempts: int = 8) -> bytes:
        """The answer to what `make(transaction)` says, asked again when it gets lost."""
        for _ in range(attempts):
            self.transaction += 1
            self.socket.send(make(self.transaction))
            try:
                while True:
                    answer = self.socket.recv(2048)
                    if answer[4:8] == struct.pack(">I", self.transaction):
                        return answer
            except TimeoutError:
                continue
        raise AssertionError(f"the tracker did not answer {attempts} times")

    def close(self) -> None:
        self.socket.close()
