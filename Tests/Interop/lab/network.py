# SPDX-License-Identifier: Apache-2.0
"""Hosts in network namespaces, joined by a bridge that has a namespace of its own: the machine's network is untouched."""
from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Sequence

PREFIX = "swarm-interop-"
_numbers = itertools.count()


class Unavailable(Exception):
    """Namespaces are not to be had here; the text says why."""


def ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise Unavailable(f"ip {' '.join(arguments)}: {done.stderr.strip()}")


def why_unavailable() -> str | None:
    """Why no namespaces can be made, in a line; None when they can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not shutil.which("ip"):
        return "iproute2 is not installed"
    _remove_left_over()
    try:
        Network(1).close()
    except Unavailable as reason:
        return str(reason)
    return None


def _remove_left_over() -> None:
    """Removes namespaces of runs that were killed: their names carry the process's number."""
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True).stdout
    for name in re.findall(rf"^({PREFIX}(\d+)-\S+)", listed, re.MULTILINE):
        if not Path(f"/proc/{name[1]}").exists():
            subprocess.run(["ip", "netns", "delete", name[0]], capture_output=True)


class Host:
    """One namespace with a link `eth0`, a v4 and a v6 address."""

    def __init__(self, name: str, number: int) -> None:
        self.name = name
        self.v4 = f"10.99.0.{number}"
        self.v6 = f"fd99::{number:x}"

    def command(self, *arguments: str) -> list[str]:
        """`arguments` as a command that runs on this host."""
        return ["ip", "netns", "exec", self.name, *arguments]

    def run(self, *arguments: str, check: bool = False, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*arguments), check=check, capture_output=True, text=True, timeout=seconds,
                              stdin=subprocess.DEVNULL)

    def listens(self, port: int) -> bool:
        """Whether something accepts TCP connections on `port`."""
        return bool(self.run("ss", "-Hltn", "sport", "=", f":{port}").stdout.strip())

    def limit(self, mbit: float | None) -> None:
        """Bounds what the host sends; None lifts the bound."""
        if mbit is None:
            self.run("tc", "qdisc", "del", "dev", "eth0", "root")
            return
        # In place: between two commands a host without a bound sends megabytes.
        self.run("tc", "qdisc", "replace", "dev", "eth0", "root", "tbf", "rate", f"{mbit}mbit", "burst", "64kb",
                 "latency", "50ms", check=True)

    def link(self, up: bool) -> None:
        """Pulls the cable out, or puts it back."""
        self.run("ip", "link", "set", "eth0", "up" if up else "down", check=True)
        if up:  # v6 addresses and all routes go when a link goes down
            self._address()

    def _address(self) -> None:
        self.run("ip", "-6", "addr", "replace", f"{self.v6}/64", "dev", "eth0", "nodad", check=True)
        self.run("ip", "route", "replace", "default", "dev", "eth0", check=True)
        self.run("ip", "-6", "route", "replace", "default", "dev", "eth0", check=True)


class Network:
    """A bridge and `count` hosts. `hub` is where a tracker runs; it is a host like the others, on the bridge itself."""

    def __init__(self, count: int) -> None:
        tag = f"{PREFIX}{os.getpid()}-{next(_numbers)}"
        self.hub = Host(f"{tag}-hub", 254)
        self.hosts = [Host(f"{tag}-{i}", i) for i in range(1, count + 1)]
        try:
            self._build()
        except BaseException:
            self.close()
            raise

    def _build(self) -> None:
        self._namespace(self.hub)
        self._on(self.hub, "link", "add", "eth0", "type", "bridge", "mcast_snooping", "0")
        self._on(self.hub, "addr", "add", f"{self.hub.v4}/24", "dev", "eth0")
        self._on(self.hub, "addr", "add", f"{self.hub.v6}/64", "dev", "eth0", "nodad")
        self._on(self.hub, "link", "set", "eth0", "up")
        for number, host in enumerate(self.hosts):
            self._namespace(host)
            ip("link", "add", f"port{number}", "netns", self.hub.name, "type", "veth", "peer", "name", "eth0", "netns",
               host.name)
            self._on(self.hub, "link", "set", f"port{number}", "master", "eth0", "up")
            self._on(host, "addr", "add", f"{host.v4}/24", "dev", "eth0")
            self._on(host, "link", "set", "eth0", "up")
            host._address()

    def _namespace(self, host: Host) -> None:
        ip("netns", "add", host.name)
        self._on(host, "link", "set", "lo", "up")

    @staticmethod
    def _on(host: Host, *arguments: str) -> None:
        ip("-netns", host.name, *arguments)

    def limit(self, host: Host, mbit: float) -> None:
        """Bounds what `host` sends and what it is sent."""
        host.limit(mbit)
        self.hub.run("tc", "qdisc", "replace", "dev", f"port{self.hosts.index(host)}", "root", "tbf", "rate", f"{mbit}mbit",
                     "burst", "64kb", "latency", "50ms", check=True)

    def sent_bytes(self, host: Host) -> int:
        """What `host` sent, frames and all: what its end of the bridge received."""
        port = self.hosts.index(host)
        shown = self.hub.run("cat", f"/sys/class/net/port{port}/statistics/rx_bytes")
        return int(shown.stdout or 0)

    def close(self) -> None:
        for host in [*self.hosts, self.hub]:
            subprocess.run(["ip", "netns", "delete", host.name], capture_output=True)
