# SPDX-License-Identifier: Apache-2.0
"""A laboratory: a network, a tracker, peers on hosts, and a folder that goes when it closes."""
from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Callable

from . import settings
from .network import Host, Network
from .others import CLIENTS, Client
from .payload import Payload
from .process import PATIENCE, wait_until
from .swarm import Swarmd, SwarmTracker

Peer = Swarmd | Client


class Lab:
    """Use as a context: `with Lab(hosts=2) as lab:`."""

    def __init__(self, hosts: int, tracker: bool = True) -> None:
        self.work = Path(tempfile.mkdtemp(prefix="swarm-interop-", dir=settings.WORK))
        self.network = Network(hosts)
        self.peers: list[Peer] = []
        self._free = list(self.network.hosts)
        self.tracker: SwarmTracker | None = None
        try:
            if tracker:
                self.start_tracker()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Lab:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def start_tracker(self) -> None:
        self.tracker = SwarmTracker(self.work / "tracker", self.network.hub,
                                    tracker={"interval": "5 s", "min_interval": "1 s"})
        self.expect(wait_until(lambda: self.tracker.ready() or not self.tracker.process.running)
                    and self.tracker.process.running, "swarm-trackerd does not listen")

    def peer(self, kind: str, **options) -> Peer:
        """A peer of `kind` on the next free host; it starts when it is told to seed or fetch."""
        host = self._free.pop(0)
        name = f"{kind}-{len(self.peers) + 1}"
        peer_class = Swarmd if kind == "swarmd" else CLIENTS[kind]
        peer = peer_class(self.work / name, host, name=name, **options)
        self.peers.append(peer)
        return peer

    # Expectations, with the whole situation in the failure's text

    def wait(self, condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        held = False

        def settled() -> bool:
            nonlocal held
            held = condition()
            return held or self.dead() is not None

        wait_until(settled, seconds)
        self.expect(held, f"not within {seconds:.0f} s: {what}")

    def fetch_link_over_restart(self, link: str, torrent: Path, payload: Payload, info_hash: str) -> None:
        """A link that swarmd is given while nobody has the torrent is kept over a restart, and fetched once a seed comes."""
        seed, fetch = self.peer("swarmd"), self.peer("swarmd")
        fetch.start()
        fetch.say("add", link)
        self.expect(fetch.state(info_hash) == "metadata", "the link is not waiting for its metadata")
        fetch.process.stop()
        fetch.start()
        # It is listed at once, and brought up behind that.
        self.wait(lambda: fetch.state(info_hash) == "metadata", "the link waits again after the restart")
        seed.seed(torrent, info_hash, payload.parent)
        self.wait(lambda: seed.complete(info_hash), "the seed knows that it has everything")
        fetch.say("announce", info_hash)
        self.wait_complete([fetch], info_hash)
        self.expect_whole([fetch], payload)

    def expect(self, holds: bool, what: str) -> None:
        if not holds:
            raise AssertionError(f"{what}\n{self.describe()}")

    def wait_complete(self, peers: list[Peer], info_hash: str, seconds: float = PATIENCE) -> None:
        for peer in peers:
            self.wait(lambda: peer.complete(info_hash), f"{peer.name} has everything", seconds)

    def expect_whole(self, peers: list[Peer], payload: Payload) -> None:
        for peer in peers:
            differences = payload.differences(peer.downloads, empty_files=peer.makes_empty_files)
            self.expect(not differences, f"{peer.name}: the copy differs:\n" + "\n".join(differences[:20]))

    def dead(self) -> str | None:
        """The name of a program that ended by itself."""
        running = [p.process for p in self.peers] + [self.tracker.process if self.tracker else None]
        return next((p.name for p in running if p and not p.running and not p.expected_end), None)

    def describe(self) -> str:
        parts = [f"(ended by itself: {self.dead()})"] if self.dead() else []
        parts += [peer.describe() for peer in self.peers]
        if self.tracker:
            parts.append("--- swarm-trackerd\n" + self.tracker.process.tail())
        return "\n".join(parts)

    def close(self) -> None:
        for peer in self.peers:
            if peer.process:
                peer.process.stop()
        if self.tracker:
            self.tracker.process.stop()
        self.network.close()
        if os.environ.get("SWARM_KEEP"):
            print(f"kept: {self.work}")
        else:
            shutil.rmtree(self.work, ignore_errors=True)
