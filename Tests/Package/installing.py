# SPDX-License-Identifier: Apache-2.0
"""From nothing to two machines that run."""
from __future__ import annotations

import re

from box import Box, Failure
from stage import PAYLOAD, Stage

UNITS = ("swarmd.service", "swarmd.socket", "swarm-trackerd.service", "swarm.target")
SECURITY_LIMIT = 1.5


def installation(stage: Stage) -> None:
    """the packages install, and their services are enabled and run"""
    stage.seed.install(stage.packages["swarmd"], stage.packages["swarm-trackerd"])
    stage.peer.install(stage.packages["swarmd"])
    running(stage.seed, *UNITS)
    running(stage.peer, "swarmd.service", "swarmd.socket")
    for box in (stage.seed, stage.peer):
        if changed := box.run("dpkg", "--verify", "swarmd"):
            raise Failure(f"dpkg --verify: {changed}")
        socket = box.run("stat", "-c", "%a %U:%G", "/run/swarm/swarmd.sock").strip()
        if not (socket.startswith("660 ") and socket.endswith(":swarm")):
            raise Failure(f"the control socket is {socket}")


def running(box: Box, *units: str) -> None:
    for unit in units:
        box.wait(f"{unit} runs", lambda: box.attempt("systemctl", "is-active", "-q", unit).returncode == 0)
        if box.run("systemctl", "is-enabled", unit).strip() != "enabled":
            raise Failure(f"{unit} is not enabled")


def target(stage: Stage) -> None:
    """swarm.target stops all of it and starts all of it"""
    box = stage.seed
    box.run("systemctl", "stop", "swarm.target")
    for unit in ("swarmd.service", "swarm-trackerd.service"):
        box.wait(f"{unit} stops", lambda: box.property(unit, "ActiveState") == "inactive")
    box.run("systemctl", "start", "swarm.target")
    running(box, *UNITS)
    box.run("swarmctl", "status")


def boot(stage: Stage) -> None:
    """a machine that is booted again has its daemon"""
    stage.peer.run("swarmctl", "status")
    stage.peer._tool("stop", str(stage.peer.folder), timeout=120)
    stage.peer.boot()
    running(stage.peer, "swarmd.service", "swarmd.socket")
    stage.peer.wait("the daemon answers", lambda: stage.peer.run("swarmctl", "status"))


def verified(stage: Stage) -> None:
    """systemd-analyze finds the units in order and the services shut in"""
    box = stage.seed
    done = box.attempt("systemd-analyze", "verify", "--man=no", *UNITS, "swarmd@example.service")
    if done.returncode or done.stdout + done.stderr:
        raise Failure(f"systemd-analyze verify: {done.stdout}{done.stderr}")
    for unit in ("swarmd.service", "swarm-trackerd.service"):
        report = box.run("systemd-analyze", "security", "--no-pager", unit)
        level = re.search(r"Overall exposure level for \S+: ([\d.]+)", report)
        if not level:
            raise Failure(report)
        print(f"        {unit}: exposure {level[1]}")
        if float(level[1]) > SECURITY_LIMIT:
            raise Failure(f"{unit}: exposure {level[1]}, at most {SECURITY_LIMIT} is wanted\n{report}")


def configuration(stage: Stage) -> None:
    """a drop-in for both programs is read by both, without a restart"""
    for box in (stage.seed, stage.peer):
        box.put("/etc/swarm/conf.d/site.toml", f'[discovery]\ntracker = ["{stage.tracker}"]\n'
                                               '[tracker]\nmin_interval = "5 s"\ninterval = "20 s"\n'
                                               'peer_timeout = "2 min"\n')
        box.run("swarmd", "--check-config")
        box.run("systemctl", "reload", "swarmd")
    stage.seed.run("swarm-trackerd", "--check-config")
    stage.seed.run("systemctl", "reload", "swarm-trackerd")
    for box in (stage.seed, stage.peer):
        box.wait("the daemon has the tracker",
                 lambda: box.json("swarmctl", "--json", "status")["trackers"] == [stage.tracker])
    stage.seed.shell(f"mkdir -p {PAYLOAD}/docs && head -c 20000000 /dev/urandom >{PAYLOAD}/image.bin && "
                     f"head -c 70001 /dev/urandom >{PAYLOAD}/docs/manual.txt && : >{PAYLOAD}/empty")


STEPS = (installation, target, boot, verified, configuration)
