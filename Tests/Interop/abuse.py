# SPDX-License-Identifier: Apache-2.0
"""Nonsense in bulk: the tracker answers or ignores it, keeps its memory, and goes on serving whoever makes sense.

SWARM_FUZZ says how many pieces of nonsense (20000), SWARM_SEED which ones."""
from __future__ import annotations

import os
import random
import socket
import struct
import threading
import time
import urllib.request

from bad_input import LoopbackCase, free_port
from lab.datagrams import Asker, Peer, connect, scrape
from lab.mutations import mutated
from lab.process import wait_until
from lab.swarm import SwarmTracker

COUNT = int(os.environ.get("SWARM_FUZZ", "20000"))
SEED = int(os.environ.get("SWARM_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
SERVED = bytes(range(20))
QUERY = ("info_hash=" + "".join(f"%{b:02x}" for b in SERVED) + "&peer_id=-XX0001-abcdefghijkl&port=6881&uploaded=0&"
         "downloaded=0&left=5&compact=1&numwant=30")
TOKENS = (b"%", b"%zz", b"%00", b"&", b"=", b"\r\n", b"\0", b"\xff" * 40, b"/" * 300, b"-1", b"18446744073709551616",
          b"a" * 5000, b"info_hash=", b"&port=0", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b" ", b":",
          b"HTTP/1.1", b"\x7f", b"X-Forwarded-For: 1, 2, , 999.1.1.1\r\n", b"?", b"..", b"{", b"d8:intervali")


class Nonsense:
    """A seeded source of requests that are nearly right, half right, and not at all."""

    def __init__(self, seed: int, connection: int) -> None:
        self.random = random.Random(seed)
        self.connection = connection

    def _mutated(self, text: bytes) -> bytes:
        return mutated(self.random, text, TOKENS)

    def datagram(self) -> bytes:
        draw = self.random.random
        peer = Peer(SERVED, b"-XX0001-abcdefghijkl", 1024 + int(draw() * 60_000))
        connection = self.connection if draw() < 0.9 else int(draw() * (1 << 64)) & (1 << 64) - 1
        choice = int(draw() * 7)
        if choice == 0:
            return self._mutated(connect(1))
        if choice in (1, 2):
            return self._mutated(peer.announce(connection, 2, 5))
        if choice == 3:
            return self._mutated(scrape(connection, 3, SERVED, SERVED))
        if choice == 4:
            return self._mutated(peer.report(connection, 4, int(draw() * 90), 9, 100))
        if choice == 5:
            head = struct.pack(">QII20s20sIH", connection, 0x5357_0002 + int(draw() * 4), 5, SERVED, peer.peer_id, 0, peer.port)
            return self._mutated(head + self.random.randbytes(int(draw() * 80)))
        return self.random.randbytes(int(draw() * 200))

    def request(self) -> bytes:
        draw = self.random.random
        choice = int(draw() * 7)
        target = ("/announce?" + QUERY, "/scrape?" + QUERY, "/v1/torrents/" + SERVED.hex() + "/availability?first=0",
                  "/v1/catalogue?q=a", "/metrics", "/?page=2", "/announce")[choice].encode()
        if draw() < 0.6:
            target = self._mutated(target)
        text = b"GET " + target + b" HTTP/1.1\r\nHost: t\r\nUser-Agent: fuzz\r\n\r\n"
        if draw() < 0.15:
            body = self.random.randbytes(int(draw() * 120))
            text = b"POST /v1/%s HTTP/1.1\r\nHost: t\r\nContent-Length: %d\r\n\r\n%s" % (
                (b"pieces", b"catalogue")[int(draw() * 2)], len(body), body)
        return self._mutated(text) if draw() < 0.5 else text


class Abuse(LoopbackCase):
    def start(self) -> SwarmTracker:
        """A tracker that serves one torrent, so that no mutated info-hash is a torrent of its own."""
        allowed = self.folder / "allowed"
        allowed.write_text(SERVED.hex() + "\n")
        tracker = SwarmTracker(self.folder / "tracker", port=free_port(), tracker={"allow_list": allowed})
        self.addCleanup(tracker.process.stop)
        self.assertTrue(wait_until(tracker.ready), tracker.process.tail())
        return tracker

    def datagrams(self, tracker: SwarmTracker, count: int) -> None:
        asker = Asker(tracker.port)
        nonsense = Nonsense(SEED, asker.connection)
        asker.socket.setblocking(False)
        for number in range(count):
            try:
                asker.socket.send(nonsense.datagram())
                if number % 16 == 0:
                    while asker.socket.recv(4096):
                        pass
            except OSError:
                pass
        asker.close()

    def requests(self, tracker: SwarmTracker, count: int) -> None:
        nonsense = Nonsense(SEED + 1, 0)
        link: socket.socket | None = None
        for _ in range(count):
            if link is None:
                link = socket.create_connection(("127.0.0.1", tracker.port), 120)
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                link.setblocking(False)
                sent = 0
            try:
                link.send(nonsense.request())
                sent += 1
                while link.recv(65_536):
                    pass
                link.close()  # The tracker has said good-bye.
                link = None
            except BlockingIOError:
                # What is half a request swallows those behind it: a new connection now and then.
                if sent >= 8:
                    link.close()
                    link = None
            except OSError:
                link.close()
                link = None
        if link:
            link.close()

    def serve(self, tracker: SwarmTracker, until: threading.Event, served: list[float]) -> None:
        """A client that makes sense: it announces over UDP and HTTP and is answered, each time."""
        asker = Asker(tracker.port)
        peer = Peer(SERVED, b"-OK0001-abcdefghijkl", 700)
        while not until.is_set():
            began = time.monotonic()
            answer = asker.ask(lambda transaction: peer.announce(asker.connection, transaction, 5))
            if struct.unpack(">I", answer[:4])[0] != 1:
                raise AssertionError(f"an announce is answered by {answer!r}")
            url = f"http://127.0.0.1:{tracker.port}/announce?{QUERY.replace('6881', '701')}"
            with urllib.request.urlopen(url, timeout=120) as reply:
                if b"8:intervali" not in (body := reply.read()):
                    raise AssertionError(f"an announce is answered by {body!r}")
            served.append(time.monotonic() - began)
            until.wait(0.05)
        asker.close()

    def run_all(self, *jobs) -> None:
        """Runs the jobs beside each other; what fails in one fails here."""
        failures: list[BaseException] = []

        def guarded(job) -> None:
            try:
                job()
            except BaseException as failure:  # noqa: BLE001
                failures.append(failure)

        threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def test_tracker(self) -> None:
        """a tracker that is sent nonsense over UDP and HTTP lives, keeps its memory and serves others meanwhile"""
        print(f"nonsense: {COUNT} pieces, SWARM_SEED={SEED}", flush=True)
        tracker = self.start()
        over, served, sizes = threading.Event(), [], []

        def abuse() -> None:
            try:
                for _ in range(10):
                    self.run_all(lambda: self.datagrams(tracker, COUNT * 6 // 100),
                                 lambda: self.requests(tracker, COUNT * 4 // 100))
                    self.assertTrue(tracker.process.running, tracker.process.tail())
                    sizes.append(tracker.process.resident_mib())
                    global SEED
                    SEED += 2
            finally:
                over.set()

        self.run_all(abuse, lambda: self.serve(tracker, over, served))
        worst = max(served) * 1000
        print(f"nonsense: resident {' '.join(f'{size:.1f}' for size in sizes)} MiB; {len(served)} announces of another "
              f"client meanwhile, the slowest {worst:.0f} ms", flush=True)
        self.assertGreater(len(served), 5)
        self.assertLess(sizes[-1], sizes[1] + 16, "its memory grows")
        with urllib.request.urlopen(f"http://127.0.0.1:{tracker.port}/metrics", timeout=120) as reply:
            page = reply.read().decode()
        self.assertIn("swarm_tracker_torrents 1\n", page)
        self.assertEqual(tracker.process.stop(), 0, tracker.process.tail())
