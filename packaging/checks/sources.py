#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of the sources that neither compiler nor formatter knows. Prints each finding as path:line: what; exit 1 if any.

    packaging/checks/sources.py [--root FOLDER]
"""
from __future__ import annotations

import argparse
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator

VALUES = ("SwarmModel", "Bencode", "Metainfo", "PeerWire", "TrackerWire", "ControlWire", "ControlText", "Deflate",
          "SwarmConfig")
MACHINES = ("PeerSession", "Swarming", "TrackerCore", "DHT")
PLAYED = ("SwarmSimulation",)  # replays to the byte, so it is as pure as the machines it plays
LINES_PER_FILE = 400

Finding = tuple[int, str]


@dataclass
class Source:
    path: Path
    text: str

    @property
    def room(self) -> str:
        """The folder of a target: Sources/<room>, Plugins/<room> or Tests/<room>."""
        return self.path.parts[1] if len(self.path.parts) > 2 else ""

    @property
    def is_swift(self) -> bool:
        return self.path.suffix == ".swift"

    def code(self) -> Iterator[tuple[int, str]]:
        """Numbered lines without comments and without the insides of string literals."""
        in_comment = False
        for number, line in enumerate(self.text.splitlines(), 1):
            if in_comment:
                if "*/" not in line:
                    continue
                line, in_comment = line.split("*/", 1)[1], False
            line = re.sub(r'"(\\.|[^"\\])*"', '""', line)
            line = re.sub(r"`[^`]*`", "``", line)
            line = line.split("//", 1)[0]
            if "/*" in line:
                line, in_comment = line.split("/*", 1)[0], True
            yield number, line


def licence_header(source: Source) -> Iterator[Finding]:
    if source.path.name == "Package.swift" or source.path.suffix == ".md":
        return
    if "SPDX-License-Identifier: Apache-2.0" not in "\n".join(source.text.splitlines()[:3]):
        yield 1, "the first lines lack 'SPDX-License-Identifier: Apache-2.0'"


def file_length(source: Source) -> Iterator[Finding]:
    length = source.text.count("\n")
    if length > LINES_PER_FILE:
        yield LINES_PER_FILE + 1, f"{length} lines, at most {LINES_PER_FILE} are allowed: split it by aspect"


def no_foundation(source: Source) -> Iterator[Finding]:
    if not source.is_swift or source.path.parts[0] == "Tests":
        return
    for number, line in source.code():
        if re.search(r"\bimport\s+((struct|class|enum|func|protocol)\s+)?Foundation\b", line):
            yield number, "imports Foundation, which costs 47 MB in a static program: FoundationEssentials or nothing"


PURE = {
    r"\bTask\b": "a Task",
    r"\bawait\b": "await",
    r"\basync\b": "async",
    r"\bactor\b": "an actor",
    r"\b(ContinuousClock|SuspendingClock|DispatchTime|clock_gettime|gettimeofday)\b": "a clock",
    r"\bDate\s*\(\s*\)|\bDate\.now\b": "the time of day",
    r"\bSystemRandomNumberGenerator\b": "the system's randomness",
    r"\.random\(in:(?!.*\busing:)|\.randomElement\(\)|\.shuffled\(\)|\.shuffle\(\)": "unseeded randomness",
    r"\bimport\s+(NIO\w*|Dispatch|Glibc|Musl|Synchronization)\b": "an import of the outside world",
}
READS_FILES = "SwarmConfig"  # the one room of values that opens files: the configuration it is named for


def pure_rooms(source: Source) -> Iterator[Finding]:
    """Rings 0 and 1, and the simulation of them, take time, randomness and bytes as arguments."""
    if not source.is_swift or source.path.parts[0] != "Sources" or source.room not in VALUES + MACHINES + PLAYED:
        return
    for number, line in source.code():
        for pattern, name in PURE.items():
            if re.search(pattern, line) and not (source.room == READS_FILES and "Glibc" in line):
                yield number, f"{name} in {source.room}, which must be pure: pass it in"


# Chosen at run time and asked per decision, so these may be existentials.
STRATEGIES = ("PiecePicker", "Choker", "StrategyMaker")


def flat_machines(source: Source) -> Iterator[Finding]:
    """A switch over states or messages lists every case, and a machine holds no existential but its strategies."""
    if not source.is_swift or source.path.parts[0] != "Sources" or source.room not in MACHINES:
        return
    seen: list[str] = []
    for number, line in source.code():
        if re.match(r"\s*default\s*:", line) and _enumerates(seen, len(line) - len(line.lstrip())):
            yield number, "'default:' in a switch over cases: list every case, so that a new one cannot go unnoticed"
        for name in re.findall(r"\bany\s+([A-Z]\w*)", line):
            if name not in STRATEGIES:
                yield number, f"an existential ('any {name}') in a machine: use a concrete type or a generic parameter"
        seen.append(line)


def _enumerates(lines: list[str], indent: int) -> bool:
    """Whether the switch that the last of `lines` stand in, at `indent`, matches enum cases (and not plain values)."""
    for line in reversed(lines):
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            if re.match(r"\s*case\s+(let\s+)?\.", line):
                return True
            if re.search(r"\bswitch\b", line):
                return False
    return False


def no_loose_ends(source: Source) -> Iterator[Finding]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if re.search(r"\b(TODO|FIXME|XXX)\b", line) and source.path.parts[0] != "packaging":
            yield number, "a loose end: finish it or write it down as an issue"


def python_compiles(source: Source) -> Iterator[Finding]:
    if source.path.suffix == ".py":
        try:
            compile(source.text, str(source.path), "exec")
        except SyntaxError as error:
            yield error.lineno or 1, f"not Python: {error.msg}"


CHECKS: tuple[Callable[[Source], Iterator[Finding]], ...] = (
    licence_header, file_length, no_foundation, pure_rooms, flat_machines, no_loose_ends, python_compiles,
)
SUFFIXES = {".swift", ".c", ".cpp", ".h", ".hpp", ".py", ".sh"}


def sources(root: Path) -> Iterator[Source]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "Package.swift", "Sources", "Plugins",
         "Tests", "packaging"], cwd=root, capture_output=True, text=True)
    if listed.returncode == 0:
        names = sorted(set(listed.stdout.split("\0")) - {""})
    else:  # an unpacked archive without its history
        folders = ("Sources", "Plugins", "Tests", "packaging")
        names = sorted(str(p.relative_to(root)) for f in folders for p in (root / f).rglob("*"))
    for name in names:
        path = root / name
        if path.suffix in SUFFIXES and path.is_file() and not path.is_symlink():
            yield Source(Path(name), path.read_text(encoding="utf-8", errors="replace"))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    root = arguments.parse_args().root
    files = findings = 0
    for source in sources(root):
        files += 1
        for check in CHECKS:
            for line, what in check(source):
                findings += 1
                print(f"{source.path}:{line}: {what}")
    print(f"check: {files} files, {findings} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
