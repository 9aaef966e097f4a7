# SPDX-License-Identifier: Apache-2.0
"""The programs of the demo: started from a configuration file, asked through swarmctl, stopped by their own process id."""
from __future__ import annotations

import ctypes
import json
import signal
import socket
import subprocess
import time
from pathlib import Path


class Failure(Exception):
    """The demo cannot go on; the text says why and what to do."""


def free_ports(count: int) -> list[int]:
    """Ports that nobody has on loopback right now."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: even a demo that is killed leaves nothing running


class Program:
    """One daemon with a folder of its own."""

    def __init__(self, command: list[str | Path], folder: Path, name: str, configuration: str) -> None:
        self.name, self.folder = name, folder / name
        self.folder.mkdir()
        self._file = self.folder / "config.toml"
        self._file.write_text(configuration)
        self._command = [*map(str, command), "--config", str(self._file)]
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                             start_new_session=True, preexec_fn=_end_with_parent)

    def wait_ready(self, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not self.ready():
            if self._process.poll() is not None or time.monotonic() > end:
                raise Failure(f"{self.name} does not come up. Its log ends so:\n{self.log_tail()}")
            time.sleep(0.02)

    def ready(self) -> bool:
        raise NotImplementedError

    def log_tail(self, lines: int = 15) -> str:
        return "\n".join((self.folder / "log").read_text(errors="replace").splitlines()[-lines:])

    def ask_to_stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> bool:
        """Waits for the end; False when it had to be forced."""
        if not self._process:
            return True
        self.ask_to_stop()
        try:
            self._process.wait(15)
            return True
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return False


class Tracker(Program):
    def __init__(self, binaries: Path, folder: Path, port: int) -> None:
        self.port = port
        super().__init__([binaries / "swarm-trackerd"], folder, "tracker", "\n".join([
            "[tracker]", f'listen = ["127.0.0.1:{port}"]', f'state_dir = "{folder}/tracker/state"',
            f'control_socket = "{folder}/tracker/control.sock"', ""]))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/announce"

    def ready(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False


class Peer(Program):
    def __init__(self, binaries: Path, folder: Path, name: str, port: int, tracker: str) -> None:
        self.downloads = folder / name / "downloads"
        self.socket = folder / name / "control.sock"
        self.seconds: float | None = None
        self._swarmctl = binaries / "swarmctl"
        super().__init__([binaries / "swarmd"], folder, name, "\n".join([
            "[daemon]", f'state_dir = "{folder}/{name}/state"', f'download_dir = "{self.downloads}"',
            f'control_socket = "{self.socket}"', "[peer]", f'listen = ["127.0.0.1:{port}"]', "[discovery]",
            "dht = false", "local = false", "port_mapping = false", f'tracker = ["{tracker}"]', ""]))
        self.downloads.mkdir()

    def ready(self) -> bool:
        return self.socket.exists() and self._run("status").returncode == 0

    def _run(self, *arguments: str | Path, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        command = [str(self._swarmctl), "--socket", str(self.socket), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=seconds)

    def control(self, *arguments: str | Path, seconds: float = 60) -> str:
        done = self._run(*arguments, seconds=seconds)
        if done.returncode != 0:
            raise Failure(f"{self.name}: swarmctl {' '.join(map(str, arguments))} failed ({done.returncode}): "
                          f"{done.stderr.strip() or done.stdout.strip()}\n{self.log_tail()}")
        return done.stdout

    def torrents(self) -> list[dict]:
        return json.loads(self.control("list", "--json"))["torrents"]
