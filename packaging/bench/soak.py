#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Peers come and go at one swarm-trackerd for a while: its memory must stay where it was after the first minute, and its counters
must be back at zero once all have gone.

    packaging/bench/soak.py [--bin DIR] [--minutes 10] [--peers 100000] [--torrents 2000] [--seed N]

So many peers are there at a time; one stays for a minute in the mean and announces every 20 s. Half say good-bye, half
vanish. Nine in ten ask over UDP, the rest over HTTP; one in twenty of those over UDP reports its pieces. Everything is on loopback.
"""
from __future__ import annotations

import argparse
import random
import socket
import struct
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from trackerd import arguments, figures, running  # noqa: E402

from lab.datagrams import Asker, Peer  # noqa: E402
from lab.process import wait_until  # noqa: E402
from lab.swarm import SwarmTracker  # noqa: E402

STAY = 60.0
ANNOUNCE = 20.0
TIMEOUT = 30
PIECES = 400
RAMP = 15
# Seconds from which on memory is not to grow. Those that vanish are found out after TIMEOUT and a round of the table, so by then
# as many have vanished unnoticed as ever will have.
FULL = 60
STARTED, COMPLETED, STOPPED = 2, 1, 3
ANSWER = b"HTTP/1.1 200"


class Crowd:
    """The peers. `step` is called in turn for a tenth of a second each."""

    def __init__(self, port: int, peers: int, torrents: int, seed: int) -> None:
        self.port, self.room, self.torrents = port, peers, torrents
        self.random = random.Random(seed)
        self.asker = Asker(port)
        self.asker.socket.setblocking(False)
        self.asker.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.connected = time.monotonic()
        self.link: socket.socket | None = None
        self.present: list[tuple[int, Peer]] = []
        self.number = self.sent = self.answered = self.web = self.web_answered = self.gone = 0
        self.web_tail = b""
        self.due = self.renewals = 0.0
        self.next = 0

    def step(self, seconds: float, full: float) -> None:
        """Lets `seconds` pass with `full` of all the peers wanted."""
        if time.monotonic() - self.connected > 60:
            self.connected = time.monotonic()
            fresh = Asker(self.port)
            self.asker.connection = fresh.connection
            fresh.close()
        for _ in range(int(self.room * full) - len(self.present)):
            self.come()
        self.due += len(self.present) * seconds / STAY
        while self.due >= 1 and self.present:
            self.due -= 1
            self.leave(int(self.random.random() * len(self.present)))
        # In turn, so that nobody who is there is late.
        self.renewals += len(self.present) * seconds / ANNOUNCE
        while self.renewals >= 1 and self.present:
            self.renewals -= 1
            self.next = self.next + 1 if self.next + 1 < len(self.present) else 0
            self.again(self.present[self.next])
        self.drain()

    def come(self) -> None:
        number = self.number
        self.number += 1
        # Every port of loopback in every torrent is a peer of its own.
        infohash = struct.pack(">I", int(self.random.random() ** 2 * self.torrents)) * 5
        peer = Peer(infohash, b"-SK0001-%012d" % number, 1024 + int(self.random.random() * 64_000))
        entry = (number, peer)
        self.present.append(entry)
        self.announce(entry, 5, STARTED)

    def again(self, entry: tuple[int, Peer]) -> None:
        number, peer = entry
        self.announce(entry, 5, 0)
        if number % 20 == 0:
            count = 1 + int(self.random.random() * (PIECES - 1))
            self.send(peer.report(self.asker.connection, self.sent & 0xFFFF_FFFF, 0, count, PIECES))

    def leave(self, at: int) -> None:
        entry, self.present[at] = self.present[at], self.present[-1]
        self.present.pop()
        self.gone += 1
        if self.random.random() < 0.3:
            self.announce(entry, 0, COMPLETED)
        if self.random.random() < 0.5:
            self.announce(entry, 5, STOPPED)

    def announce(self, entry: tuple[int, Peer], left: int, event: int) -> None:
        number, peer = entry
        if number % 10 == 9:
            self.ask_web(peer, left, event)
        else:
            self.send(peer.announce(self.asker.connection, self.sent & 0xFFFF_FFFF, left, event))

    def send(self, datagram: bytes) -> None:
        self.sent += 1
        try:
            self.asker.socket.send(datagram)
        except OSError:
            pass
        if self.sent % 32 == 0:
            self.drain()

    def drain(self) -> None:
        try:
            while self.asker.socket.recv(2048):
                self.answered += 1
        except OSError:
            pass

    def ask_web(self, peer: Peer, left: int, event: int) -> None:
        if self.link is None:
            self.link = socket.create_connection(("127.0.0.1", self.port), 30)
        hash_text = "".join(f"%{byte:02x}" for byte in peer.info_hash)
        name = ("", "&event=completed", "&event=started", "&event=stopped")[event]
        self.link.sendall(f"GET /announce?info_hash={hash_text}&peer_id={peer.peer_id.decode()}&port={peer.port}&uploaded=0&"
                          f"downloaded=0&left={left}&compact=1{name} HTTP/1.1\r\nHost: t\r\n\r\n".encode())
        self.web += 1
        if self.web % 1000 == 0:
            self.end_link()
        else:
            self.read_web(socket.MSG_DONTWAIT)

    def read_web(self, flags: int = 0) -> bool:
        """Takes in what has been answered; False at the end."""
        try:
            data = self.web_tail + self.link.recv(1 << 20, flags)
        except BlockingIOError:
            return True
        if data == self.web_tail:
            return False
        # What begins an answer may be in two parts.
        self.web_answered += data.count(ANSWER)
        self.web_tail = data[-len(ANSWER) + 1:]
        return True

    def end_link(self) -> None:
        """Reads the last answers, one for each request."""
        self.link.shutdown(socket.SHUT_WR)
        while self.read_web():
            pass
        self.link.close()
        self.link, self.web_tail = None, b""
        if self.web_answered != self.web:
            raise AssertionError(f"{self.web} requests over HTTP got {self.web_answered} answers")

    def go_home(self) -> None:
        while self.present:
            self.leave(len(self.present) - 1)
        if self.link:
            self.end_link()


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--peers", type=int, default=100_000)
    parser.add_argument("--torrents", type=int, default=2_000)
    options = parser.parse_args()
    with running(options, interval=f"{int(ANNOUNCE)} s", min_interval="1 s", peer_timeout=f"{TIMEOUT} s") as tracker:
        return soak(tracker, options)


def soak(tracker: SwarmTracker, options: argparse.Namespace) -> int:
    crowd = Crowd(tracker.port, options.peers, options.torrents, options.seed)
    began = last = time.monotonic()
    rows: list[tuple[float, float]] = []
    print(f"{'s':>6}{'here':>9}{'peers':>9}{'torrents':>10}{'report':>8}{'map MiB':>9}{'resident MiB':>14}{'answered':>10}")
    while (now := time.monotonic()) - began < options.minutes * 60:
        crowd.step(now - last, min(1, (now - began) / RAMP))
        last = now
        if now - began >= 10 * (len(rows) + 1):
            counts = figures(tracker.port)
            rows.append((now - began, tracker.process.resident_mib()))
            show(now - began, crowd, counts, rows[-1][1])
        time.sleep(max(0, 0.1 - (time.monotonic() - now)))
    crowd.go_home()
    zero = wait_until(lambda: all(figures(tracker.port)[key] == 0 for key in
                                  ("peers", "seeds", "torrents", "piece_reporters", "piece_map_bytes")), 3 * TIMEOUT, 1)
    counts = figures(tracker.port)
    show(time.monotonic() - began, crowd, counts, tracker.process.resident_mib())
    full = max(size for at, size in rows if at <= FULL)
    growth = max([size for at, size in rows if at > FULL], default=full) / full - 1
    print(f"{crowd.number} peers came and {crowd.gone} went; {counts['announces_total']} announces, "
          f"{counts['piece_requests_total']} reports; memory grew by {growth * 100:.1f} % after {FULL} s; "
          f"all counters at zero: {'yes' if zero else 'no'}; {tracker.process.cpu_seconds():.0f} s of processor time")
    return 0 if zero and growth < 0.05 else 1


def show(at: float, crowd: Crowd, counts: dict[str, int], resident: float) -> None:
    print(f"{at:6.0f}{len(crowd.present):9}{counts['peers']:9}{counts['torrents']:10}{counts['piece_reporters']:8}"
          f"{counts['piece_map_bytes'] / (1 << 20):9.1f}{resident:14.1f}{crowd.answered / max(crowd.sent, 1):10.3f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
