# SPDX-License-Identifier: Apache-2.0
"""Daemons that hang, die, are misconfigured and are stopped."""
from __future__ import annotations

from box import Box, Failure
from stage import NAME, Stage


def back(box: Box, old: int) -> None:
    """Waits for another process that has the torrents of the one before."""
    box.wait("systemd starts it again", lambda: box.main_pid("swarmd") not in (0, old), seconds=240)
    box.wait("its torrents are back", lambda: box.torrents()[NAME]["state"] == "seeding")


def hanging(stage: Stage) -> None:
    """a daemon that hangs is noticed by the watchdog, and comes back with its torrents"""
    old = stage.peer.main_pid("swarmd")
    stage.peer.run("kill", "-STOP", str(old))
    back(stage.peer, old)


def killed(stage: Stage) -> None:
    """a daemon that is killed comes back with its torrents"""
    old = stage.peer.main_pid("swarmd")
    stage.peer.run("kill", "-KILL", str(old))
    back(stage.peer, old)


def misconfigured(stage: Stage) -> None:
    """a reload with a broken configuration is reported and leaves the daemon as it is"""
    box = stage.peer
    before = box.main_pid("swarmd")
    box.put("/etc/swarm/conf.d/zz-broken.toml", "[peer]\nconections = 7\n")
    box.attempt("systemctl", "reload", "swarmd")
    box.wait("the journal names the place and the nearest key",
             lambda: "zz-broken.toml:2:1" in (said := box.run("journalctl", "-u", "swarmd", "-o", "cat"))
             and "connections" in said)
    box.run("rm", "/etc/swarm/conf.d/zz-broken.toml")
    box.run("systemctl", "reload", "swarmd")
    box.wait("it answers", lambda: box.torrents()[NAME]["state"] == "seeding")
    if box.main_pid("swarmd") != before:
        raise Failure("it is another process")


def level(stage: Stage) -> None:
    """a reload applies what can change live"""
    box = stage.peer
    box.put("/etc/swarm/conf.d/level.toml", '[log]\nlevel = "debug"\n')
    box.run("systemctl", "reload", "swarmd")
    box.wait("the new level is in effect", lambda: "debug" in setting(box, "log.level"))
    box.run("rm", "/etc/swarm/conf.d/level.toml")
    box.run("systemctl", "reload", "swarmd")


def setting(box: Box, key: str) -> str:
    """A value of the configuration in effect, as TOML."""
    return box.json("swarmctl", "--json", "config", key)["settings"][0]["value"]


def stopped(stage: Stage) -> None:
    """systemctl stop ends both daemons in order"""
    for box, unit in ((stage.seed, "swarmd"), (stage.seed, "swarm-trackerd"), (stage.peer, "swarmd")):
        box.run("systemctl", "stop", unit)
        how = [box.property(unit, name) for name in ("ActiveState", "Result", "ExecMainStatus")]
        if how != ["inactive", "success", "0"]:
            raise Failure(f"{unit}: {how}\n{box.journal()}")
        box.run("systemctl", "start", unit)
    stage.peer.wait("it answers", lambda: stage.peer.torrents()[NAME]["state"] == "seeding")


STEPS = (hanging, killed, misconfigured, level, stopped)
