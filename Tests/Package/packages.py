# SPDX-License-Identifier: Apache-2.0
"""The packages under test: as they were built, again, and in a later version."""
from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

from box import TREE, Failure


class Packages:
    """The .deb files of one build."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = sorted(folder.glob("*.deb"))

    def __getitem__(self, name: str) -> Path:
        return next(file for file in self.files if file.name.startswith(name + "_"))

    @property
    def sums(self) -> dict[str, str]:
        return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in self.files}

    @property
    def changes(self) -> Path:
        return next(self.folder.glob("*.changes"))


def build(programs: Path, output: Path, version: str | None = None) -> Packages:
    """Makes packages of programs that are built already."""
    environment = {**os.environ, "SWARM_DEB_OUTPUT": str(output)}
    if version:
        environment.update(SWARM_DEB_VERSION=version, SWARM_DEB_LEVEL="1")
    done = subprocess.run([str(TREE / "packaging" / "deb.sh"), str(programs)], env=environment, capture_output=True,
                          text=True)
    if done.returncode:
        raise Failure(done.stdout + done.stderr)
    return Packages(output)
