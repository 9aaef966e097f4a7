# SPDX-License-Identifier: Apache-2.0
"""What people do with it: share, get, look into the journal, and who may do what where."""
from __future__ import annotations

import json

from box import Failure
from stage import DOWNLOADS, NAME, PAYLOAD, Stage

TORRENT = "/tmp/small.torrent"


def transfer(stage: Stage) -> None:
    """what is shared on one machine is fetched on another, every byte"""
    stage.seed.run("swarmctl", "share", PAYLOAD)
    stage.peer.wait("the catalogue has it", lambda: NAME in stage.peer.run("swarmctl", "search", "release"))
    stage.peer.run("swarmctl", "get", NAME, "--wait", timeout=300)
    if stage.peer.sums(f"{DOWNLOADS}/{NAME}") != stage.seed.sums(PAYLOAD):
        raise Failure("the data differ")


def journal(stage: Stage) -> None:
    """the journal has a record of the download's end, with fields, and explains it"""
    def record() -> dict | None:
        lines = stage.peer.run("journalctl", "-u", "swarmd", "SWARM_EVENT=torrent-finished", "-o", "json").splitlines()
        return json.loads(lines[-1]) if lines else None

    found = stage.peer.wait("the record", record)
    torrent = stage.peer.torrents()[NAME]["info_hash"]
    for field, value in (("SWARM_TORRENT", torrent), ("SWARM_TORRENT_NAME", NAME), ("SYSLOG_IDENTIFIER", "swarmd")):
        if found.get(field) != value:
            raise Failure(f"{field} is {found.get(field)!r}, not {value!r}: {found}")
    message = found.get("MESSAGE_ID", "")
    if f"-- {message}" not in stage.peer.run("journalctl", "--dump-catalog", message):
        raise Failure(f"the catalogue does not explain MESSAGE_ID {message}")


def members(stage: Stage) -> None:
    """a member of the group may add, somebody else is told which group to join"""
    box = stage.peer
    box.shell(f"useradd -G swarm alice; useradd bob; head -c 300000 /dev/urandom >/tmp/small.bin; "
              f"swarmctl create /tmp/small.bin --output {TORRENT}; chmod a+r {TORRENT}")
    box.run("swarmctl", "add", TORRENT, "--paused", user="alice")
    if box.torrents()["small.bin"]["state"] != "paused":
        raise Failure(f"it is {box.torrents()['small.bin']}")
    for command in (("pause", NAME), ("list",)):
        refused = box.attempt("swarmctl", *command, user="bob")
        if refused.returncode not in (1, 3) or "usermod -aG swarm" not in refused.stderr:
            raise Failure(f"bob's {command}: {refused.returncode} {refused.stdout}{refused.stderr}")
    box.run("swarmctl", "remove", "small.bin", user="alice")


def folders(stage: Stage) -> None:
    """a folder that the service may not write to is refused with the way out, and that way works"""
    box = stage.peer
    box.run("install", "-d", "-o", "swarm", "-g", "swarm", "-m", "2775", "/srv/incoming")
    box.run("swarmctl", "remove", NAME)
    refused = box.attempt("swarmctl", "get", NAME, "--dir", "/srv/incoming")
    if refused.returncode != 1 or "ReadWritePaths=/srv/incoming" not in refused.stderr:
        raise Failure(f"{refused.returncode} {refused.stdout}{refused.stderr}")
    box.put("/etc/systemd/system/swarmd.service.d/folders.conf", "[Service]\nReadWritePaths=/srv/incoming\n")
    box.run("systemctl", "daemon-reload")
    box.run("systemctl", "restart", "swarmd")
    box.run("swarmctl", "get", NAME, "--dir", "/srv/incoming", "--wait", timeout=300)
    if box.sums(f"/srv/incoming/{NAME}") != stage.seed.sums(PAYLOAD):
        raise Failure("the data differ")


STEPS = (transfer, journal, members, folders)
