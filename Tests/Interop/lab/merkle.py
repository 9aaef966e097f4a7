# SPDX-License-Identifier: Apache-2.0
"""Torrents with merkle trees (BEP 52), v2 alone or hybrid, made here and not by what is tested."""
from __future__ import annotations

import hashlib
from pathlib import Path

from .payload import PIECE, Payload, bencode

BLOCK = 16_384
ZERO = bytes(32)


def _sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _level_up(hashes: list[bytes]) -> list[bytes]:
    return [_sha(hashes[index] + hashes[index + 1]) for index in range(0, len(hashes), 2)]


def _padded(hashes: list[bytes], count: int, pad: bytes) -> list[bytes]:
    return hashes + [pad] * (count - len(hashes))


def _power(count: int) -> int:
    return 1 << max(0, count - 1).bit_length()


def _piece_hashes(content: list[bytes], piece: int) -> bytes:
    joined = b"".join(content)
    return b"".join(hashlib.sha1(joined[start:start + piece]).digest() for start in range(0, len(joined), piece))


def file_tree(path: Path, piece: int) -> tuple[bytes, bytes]:
    """The root of a file's tree and its layer of pieces; the layer is empty for a file of one piece at most."""
    data = path.read_bytes()
    leaves = [_sha(data[start:start + BLOCK]) for start in range(0, len(data), BLOCK)]
    if len(data) <= piece:
        level = _padded(leaves, _power(len(leaves)), ZERO)
        while len(level) > 1:
            level = _level_up(level)
        return level[0], b""
    per_piece = piece // BLOCK
    pad = ZERO
    for _ in range(per_piece.bit_length() - 1):
        pad = _sha(pad + pad)
    level = _padded(leaves, -(-len(leaves) // per_piece) * per_piece, ZERO)
    for _ in range(per_piece.bit_length() - 1):
        level = _level_up(level)
    layer = b"".join(level)
    level = _padded(level, _power(len(level)), pad)
    while len(level) > 1:
        level = _level_up(level)
    return level[0], layer


def make_merkle_torrent(payload: Payload, output: Path, trackers: list[list[str]], *, hybrid: bool,
                        piece: int = PIECE) -> str:
    """Writes a v2 or hybrid .torrent; returns the info-hash that peers announce: that of v1, or the first 20 bytes."""
    single = payload.path.is_file()
    files = [payload.path] if single else sorted(p for p in payload.path.rglob("*") if p.is_file())
    files.sort(key=lambda p: [part.encode() for part in p.relative_to(payload.path.parent).parts])
    tree: dict = {}
    layers: dict[bytes, bytes] = {}
    for path in files:
        parts = [payload.name] if single else path.relative_to(payload.path).parts
        place = tree
        for part in parts:
            place = place.setdefault(part, {})
        place[""] = {"length": path.stat().st_size}
        if path.stat().st_size:
            root, layer = file_tree(path, piece)
            place[""]["pieces root"] = root
            if layer:
                layers[root] = layer
    info: dict = {"name": payload.name, "piece length": piece, "meta version": 2, "file tree": tree}
    if hybrid:
        info |= _v1_part(payload, files, single, piece)
    meta: dict = {"info": info, "piece layers": layers, "created by": "swarm interop"}
    if trackers:
        meta["announce"] = trackers[0][0]
    output.write_bytes(bencode(meta))
    encoded = bencode(info)
    return hashlib.sha1(encoded).hexdigest() if hybrid else hashlib.sha256(encoded).hexdigest()[:40]


def whole_v2_hash(torrent: Path) -> str:
    """The v2 info-hash of a torrent that `make_merkle_torrent` wrote, all 64 digits of it."""
    data = torrent.read_bytes()
    start = data.index(b"4:infod") + len(b"4:info")
    return hashlib.sha256(data[start:data.rindex(b"12:piece layersd")]).hexdigest()


def _v1_part(payload: Payload, files: list[Path], single: bool, piece: int) -> dict:
    """The v1 keys of a hybrid: files begin at pieces, with padding files between them (BEP 47)."""
    if single:
        return {"length": payload.size, "pieces": _piece_hashes([payload.path.read_bytes()], piece)}
    listed, content = [], []
    for index, path in enumerate(files):
        data = path.read_bytes()
        listed.append({"length": len(data), "path": list(path.relative_to(payload.path).parts)})
        content.append(data)
        if index + 1 < len(files) and (gap := -len(data) % piece):
            listed.append({"length": gap, "path": [".pad", str(gap)], "attr": "p"})
            content.append(bytes(gap))
    return {"files": listed, "pieces": _piece_hashes(content, piece)}
