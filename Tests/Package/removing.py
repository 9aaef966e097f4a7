# SPDX-License-Identifier: Apache-2.0
"""What stays and what goes when a package does."""
from __future__ import annotations

from box import Box, Failure
from stage import DOWNLOADS, NAME, Stage
from upgrading import MINE
from upgrading import NAME as FILM


def there(box: Box, *paths: str) -> None:
    for path in paths:
        if box.attempt("test", "-e", path).returncode:
            raise Failure(f"{path} is gone")


def gone(box: Box, *paths: str) -> None:
    for path in paths:
        if not box.attempt("test", "-e", path).returncode:
            raise Failure(f"{path} is still there: " + box.run("ls", "-lR", path))


def removal(stage: Stage) -> None:
    """a removal keeps configuration, state and payload, and a new installation goes on with them"""
    box = stage.peer
    before = sorted(box.torrents())
    box.run("apt-get", "-qq", "remove", "swarmd")
    gone(box, "/usr/bin/swarmd", "/lib/systemd/system/swarmd.service", "/run/swarm/swarmd.sock")
    there(box, "/etc/swarm/swarmd.toml", "/etc/swarm/conf.d/site.toml", "/var/lib/swarm/state.sqlite",
          f"{DOWNLOADS}/{FILM}", f"/srv/incoming/{NAME}")
    box.install(stage.packages["swarmd"])
    if MINE.strip() not in box.run("cat", "/etc/swarm/swarmd.toml"):
        raise Failure("the operator's configuration is gone")
    box.wait("the torrents are back", lambda: sorted(box.torrents()) == before)


def purge(stage: Stage) -> None:
    """a purge takes configuration and state, but never payload"""
    box = stage.peer
    said = box.run("apt-get", "-qq", "purge", "swarmd")
    gone(box, "/etc/swarm", "/var/lib/swarm/state.sqlite", "/run/swarm/swarmd.sock")
    there(box, f"{DOWNLOADS}/{FILM}", f"/srv/incoming/{NAME}")
    if f"{DOWNLOADS} is kept" not in said:
        raise Failure(f"it does not say that downloads are kept: {said}")
    box.run("getent", "passwd", "swarm")
    box.install(stage.packages["swarmd"])
    box.wait("a fresh daemon answers", lambda: not box.torrents())


def shared_purge(stage: Stage) -> None:
    """each package's purge leaves the other's things alone, and the last one leaves nothing"""
    box = stage.seed
    box.run("apt-get", "-qq", "purge", "swarmd")
    there(box, "/etc/swarm/conf.d/site.toml", "/etc/swarm/trackerd.toml", "/var/lib/swarm/tracker", f"/srv/data/{NAME}")
    gone(box, "/etc/swarm/swarmd.toml", "/var/lib/swarm/state.sqlite")
    box.run("systemctl", "is-active", "swarm-trackerd")
    box.run("apt-get", "-qq", "purge", "swarm-trackerd")
    gone(box, "/etc/swarm", "/var/lib/swarm", "/run/swarm")
    there(box, f"/srv/data/{NAME}")


STEPS = (removal, purge, shared_purge)
