# SPDX-License-Identifier: Apache-2.0
"""The control socket under hardship: nonsense in bulk, and a disk that holds everything up.

SWARM_FUZZ says how many lines of nonsense (20000), SWARM_SEED which ones."""
from __future__ import annotations

import json
import os
import random
import socket
import threading

from bad_input import LoopbackCase, free_port
from lab import slow_disk
from lab.control import Control
from lab.mutations import mutated
from lab.process import PATIENCE, wait_until

COUNT = int(os.environ.get("SWARM_FUZZ", "20000"))
SEED = int(os.environ.get("SWARM_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
AT_ONCE = 500
# What a connection may hold, and what the allocator keeps of it.
ROOM_MIB = 24
SEEDS = [
    b'{"jsonrpc":"2.0","id":1,"method":"daemon.version"}',
    b'{"jsonrpc":"2.0","id":"x","method":"torrent.pause","params":{"id":"3f2a"}}',
    b'[{"jsonrpc":"2.0","id":1,"method":"daemon.version"},{"jsonrpc":"2.0","method":"torrent.pause"}]',
    b'{"jsonrpc":"2.0","id":-9223372036854775808,"method":"torrent.list","params":{"limit":1e400,"fields":["a"]}}',
    b'{"jsonrpc":"2.0","id":7,"method":"events.subscribe","params":{"since":"start","events":["x"]}}',
    b'{"jsonrpc":"2.0","id":8,"method":"torrent.add","params":{"source":{"metainfo":"ZDE6YWU="},"dir":"/nowhere"}}',
    b'{"jsonrpc":"2.0","id":9,"method":"config.set","params":{"key":"log.level","value":"loud"}}',
    b'{"\\u0000":"\\ud800\\udc00","id":[[[[]]]],"jsonrpc":null}', b"[" * 90, b'{"a":' * 90, b"nul", b"-", b'"', b"0x1",
    b"9" * 400, b'{"jsonrpc":"2.0","id":1,"method":"' + b"m" * 3_000 + b'"}', b"\xff\xfe\x00", b"\r",
]
TOKENS = (b'"', b"{", b"}", b"[", b"]", b":", b",", b"\\u", b"\\ud800", b"1e999", b"-0", b"null", b"true", b"\0", b"\xc3\x28",
          b'"id":', b'"params":', b"," * 60, b" " * 200)


class Nonsense:
    """A seeded source of lines that are nearly requests, and mostly none."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def line(self) -> bytes:
        return mutated(self.random, self.random.choice(SEEDS), TOKENS).replace(b"\n", b"")


class ControlNonsense(LoopbackCase):
    def throw(self, path: str, lines: list[bytes]) -> int:
        """Sends lines and a last proper one, and reads to the answer of that. Gives how many answers there were to the
        others; each must be JSON."""
        last = b'{"jsonrpc":"2.0","id":"the last","method":"daemon.version"}'
        answers = 0
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(PATIENCE)
            link.connect(path)
            sender = threading.Thread(target=self.send, args=(link, b"\n".join([*lines, last]) + b"\n"))
            sender.start()
            with link.makefile("rb") as heard:
                for line in heard:
                    answer = json.loads(line)
                    if isinstance(answer, dict) and answer.get("id") == "the last":
                        sender.join()
                        return answers
                    # What a subscription tells is no answer.
                    answers += isinstance(answer, list) or "method" not in answer
        raise AssertionError("the daemon hung up")

    @staticmethod
    def send(link: socket.socket, data: bytes) -> None:
        try:
            link.sendall(data)
        except OSError:
            pass

    def test_malformed_lines(self) -> None:
        """nonsense on the control socket in bulk: an answer a line at most, bounded memory, and others are served"""
        print(f"        SWARM_SEED={SEED}, {COUNT} lines")
        daemon = self.daemon()
        proper = Control(daemon.socket)
        self.addCleanup(proper.close)
        nonsense = Nonsense(SEED)
        first = None
        for done in range(0, COUNT, AT_ONCE):
            lines = [nonsense.line() for _ in range(min(AT_ONCE, COUNT - done))]
            answers = self.throw(str(daemon.socket), lines)
            self.assertLessEqual(answers, len(lines), "a line was answered more than once")
            self.assertTrue(daemon.process.running, daemon.process.tail())
            # A client of old, and one that has just come.
            proper.call("daemon.status")
            fresh = Control(daemon.socket)
            fresh.call("torrent.list")
            fresh.close()
            if first is None and done >= COUNT // 10:
                first = daemon.process.resident_mib()
        last = daemon.process.resident_mib()
        print(f"        {first:.0f} MiB after a tenth, {last:.0f} MiB in the end")
        self.assertLess(last - first, ROOM_MIB, "memory grows")


class HeldDisk(LoopbackCase):
    def test_held_disk(self) -> None:
        """no control call waits for the disk: all are answered while eight torrents' operations are held up"""
        if reason := slow_disk.why_unavailable():
            self.skipTest(reason)
        swarm = slow_disk.SlowFetch(self.folder, (free_port(), free_port(), free_port()), 32, 20, "8 MiB")
        self.addCleanup(swarm.stop)
        self.assertTrue(swarm.start(), swarm.fetch.describe())
        swarm.disk.hold()
        self.assertTrue(wait_until(lambda: swarm.disk.has_held, PATIENCE), "nothing wants the disk")
        control = Control(swarm.fetch.socket, PATIENCE)
        self.addCleanup(control.close)
        # Answers that come before the disk is let go cannot have waited for it.
        for info_hash in swarm.hashes:
            control.call("torrent.list")
            control.call("daemon.status")
            for method in ("show", "peers", "pieces", "files", "trackers"):
                control.call(f"torrent.{method}", id=info_hash)
            control.call("torrent.set", id=info_hash, picker="sequential")
            control.call("torrent.limit", id=info_hash, down=64 << 20)
            paused = control.call("torrent.pause", id=info_hash)
            self.assertEqual(paused["state"], "paused")
            control.call("torrent.resume", id=info_hash)
        self.assertTrue(swarm.disk.gate.exists())
        swarm.disk.release()
        self.assertTrue(wait_until(lambda: all(t["progress"] == 1 for t in swarm.fetch.torrents()), PATIENCE, 0.2),
                        swarm.fetch.describe())
