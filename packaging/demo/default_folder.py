# SPDX-License-Identifier: Apache-2.0
"""The folder that the demo shares by itself: a part of the Swift toolchain, which every machine with this project has."""
from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
from pathlib import Path

from peers import Failure

ENOUGH = 500_000_000


def _bytes(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


@functools.cache
def _parts() -> tuple[tuple[Path, int], ...]:
    """Folders of the toolchain that together have just enough."""
    try:
        told = subprocess.run(["swift", "-print-target-info"], capture_output=True, text=True, check=True).stdout
        root = Path(json.loads(told)["paths"]["runtimeResourcePath"])
    except (OSError, ValueError, LookupError, subprocess.CalledProcessError) as error:
        raise Failure(f"the Swift toolchain does not say where it is ({error}): name a folder with DEMO_PATH") from None
    places = [root / "linux", root / "embedded", root / "host", root.parent / "swift_static", root.parent / "clang",
              root.parent.parent / "bin"]
    parts, total = [], 0
    for place in places:
        if total >= ENOUGH:
            break
        if place.is_dir() and not place.is_symlink():
            parts.append((place, _bytes(place)))
            total += parts[-1][1]
    if total < ENOUGH:
        raise Failure(f"{root} is smaller than the {ENOUGH / 1e6:.0f} MB that the demo wants: name a folder with DEMO_PATH")
    return tuple(parts)


def toolchain_size() -> int:
    return sum(count for _, count in _parts())


def stage_default_folder(parent: Path) -> Path:
    """A copy in `parent` (never the toolchain itself, which nothing here shall touch), with links and empty files."""
    target = parent / "swift-toolchain"
    target.mkdir(parents=True)
    for place, _ in _parts():
        # links that lead out of the part are left out: they would lead nowhere in the copies
        shutil.copytree(place, target / place.name, symlinks=True, ignore=functools.partial(_outside, place))
    (target / "notes").mkdir()
    for name in ("an empty file", "prázdný soubor", "空のファイル"):
        (target / "notes" / name).touch()
    (target / "notes" / "one byte").write_bytes(b"\n")
    first = _parts()[0][0].name
    os.symlink("notes/one byte", target / "link to a file")
    os.symlink(first, target / "link to a folder")
    os.symlink(f"../{first}", target / "notes" / "link elsewhere")
    return target


def _outside(part: Path, folder: str, names: list[str]) -> list[str]:
    def leads_out(path: Path) -> bool:
        return path.is_symlink() and part.resolve() not in path.resolve().parents

    return [name for name in names if leads_out(Path(folder) / name)]
