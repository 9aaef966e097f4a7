# SPDX-License-Identifier: Apache-2.0
"""Where the programs under test are, and which other clients this machine has."""
from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WORK = Path(os.environ.get("TMPDIR", "/tmp"))
COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def bin_folder() -> Path:
    """The folder with swarmd, swarmctl and swarm-trackerd (SWARM_BIN, or the release build)."""
    return Path(os.environ.get("SWARM_BIN", ROOT / ".build" / "release")).resolve()


def program(name: str) -> str:
    return str(bin_folder() / name)


def libtorrent_python() -> str:
    """The interpreter that can import libtorrent (LT_PYTHON, or the virtual environment of packaging/bootstrap.sh)."""
    return os.environ.get("LT_PYTHON", str(ROOT / ".build" / "interop-venv" / "bin" / "python"))


@cache
def missing(client: str) -> str | None:
    """Why `client` cannot take part, or None when it can."""
    if client == "swarmd":
        names = [n for n in ("swarmd", "swarmctl", "swarm-trackerd") if not (bin_folder() / n).exists()]
        return f"{bin_folder()} lacks {', '.join(names)}: run make first" if names else None
    if client == "libtorrent":
        check = [libtorrent_python(), "-c", "import libtorrent"]
        try:
            found = subprocess.run(check, capture_output=True).returncode == 0
        except OSError:
            found = False
        return None if found else f"libtorrent is not importable by {check[0]}"
    name = {"transmission": "transmission-daemon", "aria2": "aria2c"}[client]
    return None if shutil.which(name) else f"{name} is not installed"
