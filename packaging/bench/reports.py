#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What reports of pieces cost swarm-trackerd when each comes alone, and how long those wait who ask for something else beside them.

    packaging/bench/reports.py [--bin DIR] [--peers 10000] [--pieces 1000] [--rounds 3]

All peers report within 5 s, one by one, as those do that know nothing of each other. Beside them in turn: nobody; one who announces
now and then; as many who connect as reporters have to; one who announces as soon as the answer is there. The same askers are timed
without reports. Everything is on loopback, and what the kernel does to hand an answer over counts as the tracker's.
"""
from __future__ import annotations

import multiprocessing
import random
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from ranking import PERIOD, Crowd  # noqa: E402
from trackerd import arguments, cpu_nanoseconds, figures, running  # noqa: E402

from lab.datagrams import Asker, Peer, connect  # noqa: E402


@dataclass
class Habit:
    """Who asks what, how many of them, and how many times a second in all; as often as they are answered where that is 0."""
    name: str
    askers: int
    rate: Callable[[int], float]
    connects: bool = False


# A connection id is used for a minute (BEP 15), so that often each reporter needs another.
HABITS = [Habit("one who announces now and then", 1, lambda peers: 20),
          Habit("reporters who connect", 8, lambda peers: peers / 60, connects=True),
          Habit("one who announces in a loop", 1, lambda peers: 0)]


@dataclass
class Waits:
    """What asking took, in microseconds."""
    all: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        if not self.all:
            return "nothing was asked"
        cuts = statistics.quantiles(self.all, n=100)
        return f"{cuts[49]:.0f} us in the median, 99 % within {cuts[98]:.0f}, all {len(self.all)} within {max(self.all):.0f}"


def ask(port: int, habit: Habit, peers: int, seed: int, pipe) -> None:
    """A process of its own: asks for PERIOD seconds, then sends what each answer took."""
    chance, asker = random.Random(seed), Asker(port, 5)
    peer = Peer(b"A" * 20, b"-AS0001-000000000001", 7000)
    took: list[float] = []
    pipe.send(True)
    rate = habit.rate(peers) / habit.askers
    due = time.monotonic()
    end = due + PERIOD
    while True:
        if rate:
            due += chance.expovariate(rate)
            time.sleep(max(0, due - time.monotonic()))
        if (began := time.monotonic()) >= end:
            break
        if habit.connects:
            asker.ask(connect, attempts=1)
        else:
            asker.ask(lambda transaction: peer.announce(asker.connection, transaction, 5), attempts=1)
        took.append((time.monotonic() - began) * 1e6)
    pipe.send(took)


@contextmanager
def asking(tracker, habit: Habit, options, waits: Waits):
    pipes = []
    for number in range(habit.askers):
        mine, theirs = multiprocessing.Pipe()
        process = multiprocessing.Process(target=ask, args=(tracker.port, habit, options.peers, options.seed + number, theirs))
        process.start()
        pipes.append((mine, process))
    for mine, _ in pipes:
        mine.recv()
    try:
        yield
        for mine, _ in pipes:
            waits.all += mine.recv()
    finally:
        for _, process in pipes:
            process.join(10)


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--peers", type=int, default=10_000)
    parser.add_argument("--pieces", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    alone: list[float] = []
    beside = {habit.name: Waits() for habit in HABITS}
    without = {habit.name: Waits() for habit in HABITS}
    shares: dict[str, list[float]] = {habit.name: [] for habit in HABITS}
    with running(options, threads=1) as tracker:
        crowd = Crowd(tracker, options)
        crowd.come()
        sequence = 0

        def report() -> float:
            nonlocal sequence
            sequence += 1
            before = cpu_nanoseconds(tracker.process.pid)
            crowd.report(sequence)
            return (cpu_nanoseconds(tracker.process.pid) - before) / 1e9 / PERIOD

        for _ in range(options.rounds):
            alone.append(report())
            for habit in HABITS:
                with asking(tracker, habit, options, beside[habit.name]):
                    shares[habit.name].append(report())
                with asking(tracker, habit, options, without[habit.name]):
                    time.sleep(PERIOD)
                report()
        counts = figures(tracker.port)
    if counts["piece_reporters"] != options.peers:
        raise AssertionError(f"{counts['piece_reporters']} of {options.peers} peers are in the map")
    share = statistics.median(alone)
    print(f"{options.peers / PERIOD:.0f} reports a second: {share * 100:.2f} % of a core, "
          f"{share * PERIOD / options.peers * 1e6:.1f} us each")
    for habit in HABITS:
        print(f"{habit.name}, beside them: {beside[habit.name]}; {statistics.median(shares[habit.name]) * 100:.2f} % of a core "
              f"in all; without reports {without[habit.name]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
