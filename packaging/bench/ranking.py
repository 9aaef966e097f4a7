#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a piece map costs swarm-trackerd in a large torrent: its memory, the reports, and ranking the peers of an answer.

    packaging/bench/ranking.py [--bin DIR] [--peers 10000] [--pieces 10000] [--announces 60000] [--rounds 5]

As many peers announce themselves in two torrents over UDP on loopback and report their pieces in one of them. What an announce there
takes of the processor more than one in the other is the ranking. Reports come one by one, over five seconds, as from peers that know
nothing of each other; what that costs is mostly the kernel's, and this machine's. All is done in every round, and the median counts.
Fails where the map takes more than 1.28 bits for each peer and piece, or ranking more than 5 us an announce.
"""
from __future__ import annotations

import random
import select
import socket
import statistics
import struct
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from trackerd import arguments, cpu_nanoseconds, figures, running  # noqa: E402

from lab.datagrams import ERROR, REPORT, Peer, connect, leb128, piece_number  # noqa: E402

# Of one address only few may report, so each peer has its own of loopback's.
FIRST_ADDRESS = 0x7F01_0001
PKTINFO = getattr(socket, "IP_PKTINFO", 8)
PORT = 6881
BATCH = 50
WANTED = 50
STARTED = 2
PERIOD = 5
NEWS = 5
# Shares of the pieces that peers have; one in so many has the same as another.
KINDS = 400
GAPS, BITMAP = 0, 2
KNOWN = 0
MOST_BITS, MOST_RANKING = 1.28, 5.0


@dataclass
class Kind:
    """A share of the pieces between none and all, here and there, and what is reported next."""
    bitmap: bytes
    count: int
    mixed: int
    news: list[int]
    all_mixed: int

    @staticmethod
    def drawn(pieces: int, chance: random.Random) -> Kind:
        share = chance.random()
        has = [chance.random() < share for _ in range(pieces)]
        lacks = [piece for piece in range(pieces) if not has[piece]]
        news = sorted(chance.sample(lacks, min(NEWS, len(lacks))))
        bits = "".join("1" if bit else "0" for bit in has).ljust((pieces + 7) // 8 * 8, "0")
        mixed = checksum(piece for piece in range(pieces) if has[piece])
        return Kind(int(bits, 2).to_bytes(len(bits) // 8, "big"), sum(has), mixed, news, mixed ^ checksum(news))


def checksum(pieces: Iterable[int]) -> int:
    mixed = 0
    for piece in pieces:
        mixed ^= piece_number(piece)
    return mixed


class Crowd:
    """The peers of both torrents."""

    def __init__(self, tracker, options) -> None:
        self.tracker, self.options = tracker, options
        self.chance = random.Random(options.seed)
        self.kinds = [Kind.drawn(options.pieces, self.chance) for _ in range(min(KINDS, options.peers))]
        self.plain, self.mapped = ([Peer(letter * 20, b"-RK0001-%012d" % n, PORT) for n in range(options.peers)]
                                   for letter in (b"P", b"M"))
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("", 0))
        # Answers may come many at once, and this program be late to take them.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.settimeout(10)
        # Which of this machine's addresses a datagram leaves from.
        self.sources = [[(socket.IPPROTO_IP, PKTINFO, struct.pack("=I4sI", 0, (FIRST_ADDRESS + n).to_bytes(4, "big"), 0))]
                        for n in range(options.peers)]
        self.connections = [0] * options.peers
        self.epoch = 0

    def send(self, numbers: Sequence[int], make) -> Iterator[bytes]:
        """Sends what `make` makes for each peer and its connection id, some at a time; yields the answers."""
        for start in range(0, len(numbers), BATCH):
            part = numbers[start:start + BATCH]
            for number in part:
                self.send_one(number, make)
            for _ in part:
                yield self.answer()

    def send_over(self, seconds: float, numbers: Sequence[int], make) -> Iterator[bytes]:
        """The same one by one over a time, whatever has been answered."""
        began, waiting = time.monotonic(), 0
        for place, number in enumerate(numbers):
            if (early := began + seconds * place / len(numbers) - time.monotonic()) > 0:
                time.sleep(early)
            self.send_one(number, make)
            waiting += 1
            while waiting and select.select([self.socket], [], [], 0)[0]:
                waiting -= 1
                yield self.answer()
        for _ in range(waiting):
            yield self.answer()

    def send_one(self, number: int, make) -> None:
        self.socket.sendmsg([make(number, self.connections[number])], self.sources[number], 0, ("127.0.0.1", self.tracker.port))

    def answer(self) -> bytes:
        answer = self.socket.recv(2048)
        if answer[3] == ERROR:
            raise AssertionError(f"the tracker answered {answer[8:]!r}")
        return answer

    def come(self) -> None:
        """All announce themselves in both torrents and report all that they have in one of them."""
        for answer in self.send(range(self.options.peers), lambda n, _: connect(n)):
            transaction, connection = struct.unpack(">IQ", answer[4:16])
            self.connections[transaction] = connection
        for peers in (self.plain, self.mapped):
            for _ in self.send(range(self.options.peers), lambda n, c: peers[n].announce(c, n, 5, STARTED, 0)):
                pass
        self.report(0)

    def report(self, sequence: int) -> None:
        """All that they have with the sequence number 0, then a few pieces more, the same ones each time."""
        def make(number: int, connection: int) -> bytes:
            kind, peer = self.kinds[number % len(self.kinds)], self.mapped[number]
            if sequence == 0:
                head, text = (1, BITMAP, 0, 0, self.options.pieces, kind.count, kind.mixed), b"\0" + kind.bitmap
            else:
                head = (0, GAPS, sequence, self.epoch, self.options.pieces, kind.count + len(kind.news), kind.all_mixed)
                text = b"".join(leb128(piece - last - 1) for last, piece in zip([-1] + kind.news, kind.news))
            return struct.pack(">QII20s20sIHBBIIIII", connection, REPORT, number, peer.info_hash, peer.peer_id, peer.key, peer.port,
                               *head) + text

        everybody = range(self.options.peers)
        for answer in self.send_over(PERIOD, everybody, make) if sequence else self.send(everybody, make):
            self.epoch, verdict = struct.unpack(">I2xH", answer[8:16])
            if verdict != KNOWN:
                raise AssertionError(f"the tracker's verdict of a report is {verdict}")

    def cost(self, work, count: int) -> float:
        """Microseconds of the tracker's processor time for one of `count`."""
        before = cpu_nanoseconds(self.tracker.process.pid)
        work()
        return (cpu_nanoseconds(self.tracker.process.pid) - before) / 1000 / count

    def announces(self, peers: list[Peer]) -> float:
        def work() -> None:
            left, order = self.options.announces, list(range(len(peers)))
            while left > 0:
                self.chance.shuffle(order)
                for _ in self.send(order[:left], lambda n, c: peers[n].announce(c, n, 5, 0, WANTED)):
                    pass
                left -= len(order)
        return self.cost(work, self.options.announces)


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--peers", type=int, default=10_000)
    parser.add_argument("--pieces", type=int, default=10_000)
    parser.add_argument("--announces", type=int, default=60_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with running(options, threads=1) as tracker:
        crowd = Crowd(tracker, options)
        crowd.come()
        rows, reports = [], []
        for number in range(options.rounds):
            # Reporters that say nothing for long would be forgotten, so it is a part of each round.
            reports.append(crowd.cost(lambda: crowd.report(number + 1), options.peers))
            rows.append((crowd.announces(crowd.plain), crowd.announces(crowd.mapped)))
            print(f"round {number + 1}: a report {reports[-1]:.2f} us, an announce {rows[-1][0]:.2f} us, "
                  f"one that is ranked {rows[-1][1]:.2f} us", flush=True)
        counts = figures(tracker.port)
    if counts["piece_reporters"] != options.peers:
        raise AssertionError(f"{counts['piece_reporters']} of {options.peers} peers are in the map")
    ranking = statistics.median(mapped - plain for plain, mapped in rows)
    reporting = statistics.median(reports) * options.peers / PERIOD / 1e6
    size = counts["piece_map_bytes"]
    print(f"{options.peers} peers, {options.pieces} pieces: the map {size / 1e6:.1f} MB; a report of all every {PERIOD} s "
          f"{reporting * 100:.2f} % of a core; ranking {ranking:.2f} us an announce")
    limit = options.peers * options.pieces / 8 * MOST_BITS
    return 0 if size <= limit and ranking < MOST_RANKING else 1


if __name__ == "__main__":
    sys.exit(main())
