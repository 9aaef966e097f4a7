# SPDX-License-Identifier: Apache-2.0
"""A newer version while a download runs."""
from __future__ import annotations

import time

from box import Failure
from packages import build
from stage import DOWNLOADS, Stage

NEXT = "99.0"
NAME = "film.bin"
SOURCE = f"/srv/data/{NAME}"
BYTES = 320 << 20
MINE = "\n# what the operator wrote stays\n"


def upgrade(stage: Stage) -> None:
    """an upgrade leaves the operator's configuration alone, and a running download goes on by itself"""
    newer = build(stage.programs, stage.folder / "newer", NEXT)
    stage.seed.shell(f"head -c {BYTES} /dev/urandom >{SOURCE}; tc qdisc add dev eth0 root tbf rate 48mbit burst 64kb "
                     "latency 200ms")
    stage.seed.run("swarmctl", "share", SOURCE)
    box = stage.peer
    box.shell("sed -i 's/^connections = 500/connections = 432/' /etc/swarm/swarmd.toml && "
              f"printf '%s' '{MINE}' >>/etc/swarm/swarmd.toml")
    edited = box.run("cat", "/etc/swarm/swarmd.toml")
    box.wait("the catalogue has it", lambda: NAME in box.run("swarmctl", "search", "film"))
    box.run("swarmctl", "get", NAME)
    box.wait("the download runs", lambda: 0.05 < box.torrents()[NAME]["progress"] < 0.3)
    old = box.main_pid("swarmd")

    box.install(newer["swarmd"])
    box.wait("the new daemon runs", lambda: box.main_pid("swarmd") not in (0, old))
    started = time.monotonic()
    after = box.wait("the download goes on", lambda: going_on(box.torrents()[NAME]))
    print(f"        going on at {after['progress']:.0%}, {time.monotonic() - started:.1f} s after the new daemon's start")
    if after["progress"] >= 1:
        raise Failure("the download was over before the upgrade: this proves nothing")
    stage.seed.run("tc", "qdisc", "del", "dev", "eth0", "root")

    if box.run("cat", "/etc/swarm/swarmd.toml") != edited:
        raise Failure("the configuration is not what the operator wrote")
    version = box.run("dpkg-query", "-W", "-f", "${Version}", "swarmd")
    if version != NEXT:
        raise Failure(f"installed is {version}")
    box.wait("the download ends", lambda: box.torrents()[NAME]["state"] == "seeding", seconds=240)
    sums = [machine.run("sha256sum", path)[:64] for machine, path in ((stage.seed, SOURCE), (box, f"{DOWNLOADS}/{NAME}"))]
    if sums[0] != sums[1]:
        raise Failure("the data differ")


def going_on(torrent: dict) -> dict | None:
    return torrent if torrent["state"] in ("downloading", "seeding") and torrent["down_rate"] > 0 else None


STEPS = (upgrade,)
