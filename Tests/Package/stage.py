# SPDX-License-Identifier: Apache-2.0
"""What all the steps play on: two machines on a network of their own, the packages, the payload."""
from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from box import Box
from packages import Packages

NAME = "release-42"
PAYLOAD = f"/srv/data/{NAME}"
DOWNLOADS = "/var/lib/swarm/downloads"


@dataclass
class Stage:
    """`seed` shares and has the tracker; `peer` fetches."""

    folder: Path
    programs: Path
    packages: Packages
    seed: Box
    peer: Box

    @property
    def tracker(self) -> str:
        return f"http://{self.seed.address}:6969/announce"

    def destroy(self) -> None:
        for box in (self.seed, self.peer):
            box.destroy()


def raise_stage(folder: Path, programs: Path) -> Stage:
    network = f"pkg{os.getpid()}"
    # One after the other: they share a cache, and number themselves on the network.
    seed = Box(folder / "seed", network)
    try:
        peer = Box(folder / "peer", network)
    except Exception:
        seed.destroy()
        raise
    return Stage(folder, programs, Packages(programs / "deb"), seed, peer)
