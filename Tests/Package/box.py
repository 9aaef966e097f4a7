# SPDX-License-Identifier: Apache-2.0
"""A booted machine of its own, through the tool systemd-box."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Callable

TREE = Path(__file__).resolve().parents[2]
TOOL = Path(os.environ.get("SYSTEMD_BOX") or TREE.parent / "shared" / "tools" / "systemd-box")


def why_unavailable() -> str | None:
    """A sentence when this machine cannot boot boxes."""
    if os.geteuid() != 0:
        return "this needs root"
    if not os.access(TOOL, os.X_OK):
        return f"the tool that boots machines is not at {TOOL} (SYSTEMD_BOX names another place)"
    for command in ("apt-get", "dpkg-deb"):
        if not shutil.which(command):
            return f"this machine has no {command}, so it is no Debian"
    return None


class Failure(AssertionError):
    """A command in a box did not do what it should."""


class Box:
    """One machine; boxes with the same network name see each other and nothing else."""

    def __init__(self, folder: Path, network: str, *packages: str) -> None:
        self.folder = folder
        self.network = network
        self._tool("create", str(folder), *packages, timeout=1200)
        self.boot()

    def boot(self) -> None:
        self._tool("boot", f"--net={self.network}", str(self.folder), timeout=180)
        addresses = self._tool("addr", str(self.folder)).split()
        self.address = next(a for a in addresses if "." in a)

    def destroy(self) -> None:
        subprocess.run([str(TOOL), "destroy", str(self.folder)], capture_output=True, timeout=120)

    def install(self, *files: Path) -> str:
        """Installs packages as `apt-get install` does."""
        return self._tool("install", str(self.folder), *map(str, files), timeout=900)

    def put(self, path: str, text: str) -> None:
        """Writes a file; folders on the way are made."""
        self.run("mkdir", "-p", str(Path(path).parent))
        self.run("tee", path, text=text)

    def attempt(self, *command: str, user: str | None = None, text: str | None = None,
                timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Runs a command, and tells how it went."""
        # runuser gives the user's groups as they are now, as a login does.
        words = ["runuser", "-u", user, "--", *command] if user else command
        more = {"stdin": subprocess.DEVNULL} if text is None else {"input": text}
        return subprocess.run([str(TOOL), "exec", str(self.folder), "--", *words], capture_output=True,
                              text=True, timeout=timeout, **more)

    def run(self, *command: str, user: str | None = None, text: str | None = None, timeout: float = 300) -> str:
        """Runs a command that must succeed; gives its output."""
        done = self.attempt(*command, user=user, text=text, timeout=timeout)
        if done.returncode:
            raise Failure(f"{' '.join(command)}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def shell(self, script: str) -> str:
        return self.run("sh", "-euc", script)

    def json(self, *command: str):
        return json.loads(self.run(*command))

    def property(self, unit: str, name: str) -> str:
        return self.run("systemctl", "show", "--value", "-p", name, unit).strip()

    def main_pid(self, unit: str) -> int:
        return int(self.property(unit, "MainPID"))

    def torrents(self) -> dict[str, dict]:
        """What `swarmctl list` tells, by name."""
        return {t["name"]: t for t in self.json("swarmctl", "--json", "list")["torrents"]}

    def wait(self, what: str, condition: Callable[[], object], seconds: float = 60):
        """Waits until `condition` holds, which may fail meanwhile; gives what it gave."""
        end = time.monotonic() + seconds
        trouble = ""
        while time.monotonic() < end:
            try:
                if value := condition():
                    return value
            except (Failure, KeyError, ValueError, json.JSONDecodeError) as error:
                trouble = f" (the last try: {error})"
            time.sleep(0.2)
        raise Failure(f"{what}: not within {seconds:.0f} s{trouble}\n{self.journal()}")

    def journal(self) -> str:
        """The end of what the services logged, for a failure's report."""
        units = ("swarmd", "swarm-trackerd")
        return self.attempt("journalctl", "--no-pager", "-n", "25", *(w for u in units for w in ("-u", u))).stdout

    def sums(self, folder: str) -> dict[str, str]:
        """SHA-256 of every file below `folder`."""
        lines = self.shell(f"cd {folder} && find . -type f -exec sha256sum {{}} + | sort -k 2").splitlines()
        return {line[66:]: line[:64] for line in lines}

    def _tool(self, *arguments: str, timeout: float = 60) -> str:
        done = subprocess.run([str(TOOL), *arguments], capture_output=True, text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL)
        if done.returncode:
            raise Failure(f"systemd-box {' '.join(arguments)}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout
