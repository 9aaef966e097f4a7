# SPDX-License-Identifier: Apache-2.0
"""Payloads with awkward sizes, and .torrent files made without the programs under test."""
from __future__ import annotations

import hashlib
import os
import random
from dataclasses import dataclass
from pathlib import Path

PIECE = 64 << 10


def bencode(value) -> bytes:
    match value:
        case bool():
            raise TypeError("bencoding has no booleans")
        case int():
            return b"i%de" % value
        case str():
            return bencode(value.encode())
        case bytes():
            return b"%d:" % len(value) + value
        case list() | tuple():
            return b"l" + b"".join(map(bencode, value)) + b"e"
        case dict():
            items = sorted((k.encode() if isinstance(k, str) else k, v) for k, v in value.items())
            return b"d" + b"".join(bencode(k) + bencode(v) for k, v in items) + b"e"
    raise TypeError(f"cannot bencode {type(value)}")


def tree(folder: Path) -> dict[str, str]:
    """What is under `folder`: relative path → SHA-256 of a file, or the target of a symbolic link."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = "-> " + os.readlink(path)
        elif path.is_file():
            with path.open("rb") as file:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest() if path.stat().st_size else "empty"
    return found


@dataclass
class Payload:
    """A file or folder, ready to be seeded from `parent`."""

    path: Path

    @property
    def parent(self) -> Path:
        return self.path.parent

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def size(self) -> int:
        if self.path.is_file():
            return self.path.stat().st_size
        return sum(p.stat().st_size for p in self.path.rglob("*") if p.is_file() and not p.is_symlink())

    def differences(self, folder: Path, empty_files: bool = True) -> list[str]:
        """How the copy in `folder` differs, a line each; nothing when it is whole. Padding files of others do not count;
        `empty_files` says whether empty files must be there (not every client makes them)."""
        copy = folder / self.name
        if self.path.is_file():
            same = copy.is_file() and copy.read_bytes() == self.path.read_bytes()
            return [] if same else [f"{copy}: differs or is missing"]
        want, have = tree(self.path), tree(copy)
        have = {name: what for name, what in have.items() if not name.startswith((".pad/", "_____padding_file_"))}
        if not empty_files:
            want = {name: what for name, what in want.items() if what != "empty"}
            have = {name: what for name, what in have.items() if what != "empty"}
        lines = [f"{copy}/{name}: missing" for name in want.keys() - have.keys()]
        lines += [f"{copy}/{name}: not in the original" for name in have.keys() - want.keys()]
        lines += [f"{copy}/{name}: {have[name]}, should be {what}" for name, what in want.items()
                  if name in have and have[name] != what]
        return sorted(lines)


def make_file(parent: Path, name: str, size: int, seed: int = 1) -> Payload:
    parent.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    with (parent / name).open("wb") as file:
        while size > 0:
            size -= file.write(rng.randbytes(min(size, 1 << 20)))
    return Payload(parent / name)


def make_text(parent: Path, name: str, mib: int, seed: int = 1) -> Payload:
    """Words by chance, which deflate to less than half; every MiB begins unlike the others."""
    parent.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    letters = "etaoinshrdlucmfwypvbgk"
    words = ["".join(rng.choices(letters, range(22, 0, -1), k=rng.randint(2, 9))) for _ in range(20_000)]
    weights = [1 / (rank + 1) for rank in range(len(words))]
    text = [" ".join(rng.choices(words, weights, k=220_000)).encode()[:1 << 20].ljust(1 << 20) for _ in range(8)]
    with (parent / name).open("wb") as file:
        for number in range(mib):
            file.write(number.to_bytes(8, "big") + text[number % len(text)][8:])
    return Payload(parent / name)


def make_folder(parent: Path, name: str, mib: int, seed: int = 1) -> Payload:
    """A folder of about `mib` MiB: sizes around block and piece borders, an empty file, names beyond ASCII, depth."""
    sizes = {
        "0 empty": 0, "one byte": 1, "blocks/16383": 16_383, "blocks/16384": 16_384, "blocks/16385": 16_385,
        "pieces/one less": PIECE - 1, "pieces/exact": PIECE, "pieces/one more": PIECE + 1,
        "ünïcödé/žluťoučký kůň 🐎.txt": 12_345, "deep/deeper/deepest/here.dat": 3 * PIECE + 7,
        "large/half.bin": (mib << 19) + 13, "large/other half.bin": (mib << 19) - 4_099,
    }
    for number, (path, size) in enumerate(sizes.items()):
        place = parent / name / path
        make_file(place.parent, place.name, size, seed * 1_000 + number)
    return Payload(parent / name)


def make_torrent(payload: Payload, output: Path, trackers: list[list[str]], piece: int = PIECE) -> str:
    """Writes a v1 .torrent, made here and not by what is tested; returns the info-hash in hexadecimal."""
    info: dict = {"name": payload.name, "piece length": piece}
    if payload.path.is_file():
        files = [payload.path]
        info["length"] = payload.size
    else:
        files = sorted(p for p in payload.path.rglob("*") if p.is_file())
        info["files"] = [
            {"length": p.stat().st_size, "path": list(p.relative_to(payload.path).parts)} for p in files
        ]
    info["pieces"] = _piece_hashes(files, piece)
    meta: dict = {"info": info, "created by": "swarm interop"}
    if trackers:
        meta["announce"] = trackers[0][0]
    if sum(map(len, trackers)) > 1:
        meta["announce-list"] = trackers
    output.write_bytes(bencode(meta))
    return hashlib.sha1(bencode(info)).hexdigest()


def _piece_hashes(files: list[Path], piece: int) -> bytes:
    hashes, rest = b"", b""
    for path in files:
        with path.open("rb") as file:
            while chunk := file.read(piece - len(rest)):
                rest += chunk
                if len(rest) == piece:
                    hashes += hashlib.sha1(rest).digest()
                    rest = b""
    return hashes + (hashlib.sha1(rest).digest() if rest else b"")
