# SPDX-License-Identifier: Apache-2.0
"""swarmd and swarm-trackerd, driven as a user would: a configuration file, and swarmctl."""
from __future__ import annotations

import json
import sqlite3
import subprocess
from pathlib import Path

from .network import Host
from .process import PATIENCE, Process, wait_until
from .settings import program


def toml(value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml, value)) + "]"
    return str(value) if isinstance(value, (int, float)) else json.dumps(str(value), ensure_ascii=False)


def write_toml(path: Path, tables: dict[str, dict]) -> Path:
    lines = []
    for table, keys in tables.items():
        lines += [f"[{table}]", *(f"{key} = {toml(value)}" for key, value in keys.items()), ""]
    path.write_text("\n".join(lines))
    return path


def merged(base: dict[str, dict], extra: dict[str, dict]) -> dict[str, dict]:
    return {table: {**base.get(table, {}), **extra.get(table, {})} for table in {**base, **extra}}


class SwarmTracker:
    """swarm-trackerd on `host` (or on loopback), HTTP and UDP on one port."""

    def __init__(self, work: Path, host: Host | None = None, port: int = 6969, **tables: dict) -> None:
        work.mkdir(parents=True, exist_ok=True)
        self.host, self.port, self.work = host, port, work
        listen = [f"{host.v4}:{port}", f"[{host.v6}]:{port}"] if host else [f"127.0.0.1:{port}"]
        self.configuration = write_toml(work / "trackerd.toml", merged({"tracker": {
            "listen": listen, "state_dir": work / "state", "control_socket": work / "trackerd.sock"}}, tables))
        command = [program("swarm-trackerd"), "--config", str(self.configuration)]
        self.process = Process("swarm-trackerd", host.command(*command) if host else command, work / "trackerd.log")

    @property
    def announce(self) -> str:
        return f"http://{self.host.v4 if self.host else '127.0.0.1'}:{self.port}/announce"

    @property
    def announce_v6(self) -> str:
        return f"http://[{self.host.v6}]:{self.port}/announce"

    @property
    def announce_udp(self) -> str:
        return f"udp://{self.host.v4 if self.host else '127.0.0.1'}:{self.port}/announce"

    @property
    def announce_udp_v6(self) -> str:
        return f"udp://[{self.host.v6}]:{self.port}/announce"

    def ready(self) -> bool:
        return self.host.listens(self.port) if self.host else f":{self.port}" in subprocess.run(
            ["ss", "-Hltn"], capture_output=True, text=True).stdout


class Swarmd:
    """One swarmd with its own state. It can be killed and started again on the same state."""

    kind = "swarmd"
    makes_empty_files = True

    def __init__(self, work: Path, host: Host | None = None, port: int = 6881, *, name: str = "swarmd",
                 tracker: list[str] | None = None, v4: bool = True, v6: bool = False, **tables: dict) -> None:
        self.work, self.host, self.port, self.name = work, host, port, name
        self.downloads = work / "downloads"
        self.downloads.mkdir(parents=True, exist_ok=True)
        self.socket = work / "control.sock"
        listen = [f"{host.v4}:{port}"] * v4 + [f"[{host.v6}]:{port}"] * v6 if host else [f"127.0.0.1:{port}"]
        discovery = {"dht": False, "local": False, "port_mapping": False}
        if tracker:
            discovery["tracker"] = tracker
        self.configuration = write_toml(work / "swarmd.toml", merged({
            "daemon": {"state_dir": work / "state", "download_dir": self.downloads, "control_socket": self.socket},
            "peer": {"listen": listen, "encryption": "disabled"}, "discovery": discovery}, tables))
        self.process: Process | None = None
        self.wrapper: list[str] = []

    def launch(self) -> Process:
        """Starts the program without waiting for it."""
        command = [*self.wrapper, program("swarmd"), "--config", str(self.configuration)]
        self.process = Process(self.name, self.host.command(*command) if self.host else command, self.work / "log")
        return self.process

    def start(self, seconds: float = PATIENCE) -> None:
        """Starts the program and waits until it answers."""
        self.launch()
        if not wait_until(lambda: not self.process.running or self.answers(), seconds, 0.02) or not self.process.running:
            raise AssertionError(f"{self.name} does not answer on {self.socket}:\n{self.process.tail()}")

    def answers(self) -> bool:
        return self.socket.exists() and self.control("status").returncode == 0

    # swarmctl

    def control(self, *arguments: str | Path, seconds: float = 2 * PATIENCE) -> subprocess.CompletedProcess[str]:
        """Runs swarmctl; an exit code other than 0 is the caller's to judge."""
        return subprocess.run([program("swarmctl"), "--socket", str(self.socket), *map(str, arguments)],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=seconds)

    def say(self, *arguments: str | Path, seconds: float = 2 * PATIENCE) -> str:
        """Runs swarmctl, which must succeed; returns what it printed."""
        done = self.control(*arguments, seconds=seconds)
        if done.returncode != 0:
            command = " ".join(map(str, arguments))
            raise AssertionError(f"swarmctl {command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def ask(self, *arguments: str | Path) -> dict:
        """Runs swarmctl --json, which must succeed; returns the object."""
        printed = self.say(*arguments, "--json")
        try:
            return json.loads(printed)
        except ValueError:
            raise AssertionError(f"swarmctl {arguments} --json printed no JSON:\n{printed}") from None

    def torrents(self) -> list[dict]:
        return self.ask("list")["torrents"]

    def torrent(self, info_hash: str) -> dict | None:
        return next((t for t in self.torrents() if t["info_hash"] == info_hash), None)

    def state(self, info_hash: str) -> str:
        """The torrent's state; "absent" and "unreachable" beside those of the daemon."""
        done = self.control("list", "--json")
        if done.returncode != 0:
            return "unreachable"
        torrents = json.loads(done.stdout)["torrents"]
        return next((t["state"] for t in torrents if t["info_hash"] == info_hash), "absent")

    def has_recorded(self, info_hash: str) -> bool:
        """Whether the state says that every piece is there: what a crash takes nothing from."""
        state = sqlite3.connect(f"file:{self.work / 'state' / 'state.sqlite'}?mode=ro", uri=True)
        try:
            row = state.execute("SELECT count, bits FROM pieces WHERE info_hash = ?", (bytes.fromhex(info_hash),)).fetchone()
        finally:
            state.close()
        return row is not None and sum(byte.bit_count() for byte in row[1]) == row[0]

    # The two sides of a transfer

    def seed(self, torrent: Path, info_hash: str, folder: Path) -> None:
        self.start()
        self.say("add", torrent, "--dir", folder)

    def fetch(self, torrent: Path, info_hash: str) -> None:
        self.start()
        self.say("add", torrent, "--dir", self.downloads)

    def complete(self, info_hash: str) -> bool:
        return self.state(info_hash) == "seeding"

    def describe(self) -> str:
        if not self.process:
            return f"--- {self.name}: not started"
        listed = self.control("list").stdout if self.process.running else f"ended, exit code {self.process.exit_code}\n"
        return f"--- {self.name} on {self.host.v4 if self.host else 'loopback'}\n{listed}{self.process.tail()}"
