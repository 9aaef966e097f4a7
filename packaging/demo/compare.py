# SPDX-License-Identifier: Apache-2.0
"""What is in a file or folder, and how a copy of it differs."""
from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


@dataclass
class Inventory:
    """The files, links and folders below `path` (or `path` itself, a file), by relative name."""

    path: Path
    files: dict[str, int] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)

    @property
    def bytes(self) -> int:
        return sum(self.files.values())

    def summary(self) -> str:
        empty = sum(1 for length in self.files.values() if length == 0)
        parts = [_counted(len(self.files), "file") + (f" ({empty} empty)" if empty else "")]
        parts += [_counted(len(self.links), "symbolic link")] if self.links else []
        parts += [_counted(len(self.folders), "folder")] if self.folders else []
        return ", ".join(parts)

    def hashes(self) -> dict[str, str]:
        """SHA-256 of every file."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return dict(zip(self.files, pool.map(lambda name: sha256(self.path / name), self.files)))

    def differences(self, copy_path: Path, hashes: dict[str, str]) -> list[str]:
        """A line for each thing that is not as in the original; `hashes` are the original's."""
        if not copy_path.exists():
            return [f"{copy_path}: missing"]
        copy = inventory(copy_path)
        copied = copy.hashes()
        lines = [f"{name}: missing" for name in self.files.keys() - copy.files.keys()]
        lines += [f"{name}: differs" for name, value in hashes.items() if name in copied and copied[name] != value]
        lines += [f"{name}: not in the original" for name in copy.files.keys() - self.files.keys()]
        for name in self.links.keys() | copy.links.keys():
            if self.links.get(name) != copy.links.get(name):
                lines.append(f"{name}: link to {copy.links.get(name)}, should be {self.links.get(name)}")
        filled = {str(parent) for name in (*self.files, *self.links) for parent in Path(name).parents}
        lines += [f"{name}/: folder missing" for name in (self.folders & filled) - copy.folders]
        return sorted(lines)


def inventory(path: Path) -> Inventory:
    """Reads what is below `path`; links are not followed."""
    found = Inventory(path)
    if path.is_file():
        found.files["."] = path.stat().st_size  # path / "." is path
        return found

    def unreadable(error: OSError) -> None:
        raise error

    for folder, folders, files in os.walk(path, onerror=unreadable):
        for name in sorted(folders + files):
            whole = Path(folder) / name
            relative = str(whole.relative_to(path))
            if whole.is_symlink():
                found.links[relative] = os.readlink(whole)
            elif whole.is_dir():
                found.folders.add(relative)
            elif whole.is_file():
                found.files[relative] = whole.stat().st_size
    return found
