# SPDX-License-Identifier: Apache-2.0
"""Peers and trackers that misbehave on purpose. They live in threads, on loopback addresses of their own."""
from __future__ import annotations

import os
import socket
import struct
import threading
from typing import Callable

PROTOCOL = b"\x13BitTorrent protocol"
CHOKE, UNCHOKE, INTERESTED, HAVE, BITFIELD, REQUEST, PIECE = 0, 1, 2, 4, 5, 6, 7


def handshake(info_hash: str, reserved: bytes = bytes(8)) -> bytes:
    return PROTOCOL + reserved + bytes.fromhex(info_hash) + b"-FK0001-" + os.urandom(12)


def message(kind: int, body: bytes = b"") -> bytes:
    return struct.pack(">IB", len(body) + 1, kind) + body


class FakeServer:
    """Accepts connections on a loopback address and hands each to `serve`."""

    def __init__(self, serve: Callable[[socket.socket], None], address: str = "127.0.0.1") -> None:
        self._serve = serve
        self._listener = socket.create_server((address, 0))
        self.address, self.port = self._listener.getsockname()
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        with connection:
            try:
                connection.settimeout(120)
                self._serve(connection)
            except OSError:
                pass

    def close(self) -> None:
        self._listener.close()


def tracker_answering(answer: bytes) -> FakeServer:
    """A tracker that sends `answer`, whatever it was asked."""

    def serve(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(answer)

    return FakeServer(serve)


class LyingSeed:
    """Dials a peer from `address`, claims to have everything, and answers each request with rubbish."""

    def __init__(self, target: tuple[str, int], info_hash: str, pieces: int, address: str) -> None:
        self._target, self._info_hash, self._pieces, self._address = target, info_hash, pieces, address
        self.blocks_sent = 0
        self.refused = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def _live(self) -> None:
        while not self._stop.is_set():
            try:
                with socket.create_connection(self._target, 120, (self._address, 0)) as connection:
                    connection.settimeout(5)
                    if not self._talk(connection):
                        self.refused += 1
            except TimeoutError:
                pass  # It is not asked for anything at the moment.
            except OSError:
                self.refused += 1
            self._stop.wait(0.2)

    def _talk(self, connection: socket.socket) -> bool:
        """False when the other side hung up before it said anything."""
        bits = (1 << self._pieces) - 1 << (-self._pieces % 8)
        connection.sendall(handshake(self._info_hash) + message(BITFIELD, bits.to_bytes((self._pieces + 7) // 8))
                           + message(UNCHOKE))
        stream = connection.makefile("rb")
        if len(stream.read(68)) < 68:
            return False
        while not self._stop.is_set() and len(head := stream.read(4)) == 4:
            body = stream.read(struct.unpack(">I", head)[0])
            if body[:1] == bytes([REQUEST]):
                piece, begin, length = struct.unpack(">III", body[1:13])
                connection.sendall(message(PIECE, struct.pack(">II", piece, begin) + os.urandom(length)))
                self.blocks_sent += 1
        return True

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(10)


def send_and_read(target: tuple[str, int], data: bytes, seconds: float = 5, source: str = "127.0.0.1") -> bytes | None:
    """Sends `data` and returns what came until the other side closed; None when it never did."""
    received = b""
    with socket.create_connection(target, seconds, (source, 0)) as connection:
        connection.settimeout(seconds)
        try:
            connection.sendall(data)
            while chunk := connection.recv(65_536):
                received += chunk
        except TimeoutError:
            return None
        except OSError:
            pass
    return received
