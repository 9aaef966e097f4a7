# SPDX-License-Identifier: Apache-2.0
"""A state folder with very many torrents, written at once instead of by as many commands."""
from __future__ import annotations

import hashlib
import sqlite3
import time
from pathlib import Path

from .payload import bencode
from .swarm import Swarmd


def make_crowd(daemon: Swarmd, count: int, tracker: str | None = None, files: int = 1) -> list[str]:
    """Fills the state of `daemon`, which does not run, with `count` seeding torrents of small files that lie in its
    download folder. Returns their info-hashes. The daemon makes the tables itself."""
    daemon.start()
    daemon.process.stop()
    with sqlite3.connect(daemon.work / "state" / "state.sqlite") as database:
        known = {row[1] for row in database.execute("PRAGMA table_info(torrents)")}
        return [_insert(database, known, daemon.downloads, number, tracker, files) for number in range(count)]


def _insert(database: sqlite3.Connection, known: set[str], folder: Path, number: int, tracker: str | None,
            files: int) -> str:
    name = f"torrent number {number:05}"
    contents = [b"%05d of %d\n" % (number, index) for index in range(files)]
    info: dict = {"name": name, "piece length": 16_384, "pieces": hashlib.sha1(b"".join(contents)).digest()}
    if files == 1:
        info["length"] = len(contents[0])
        (folder / name).write_bytes(contents[0])
    else:
        info["files"] = [{"length": len(c), "path": [f"file {i}"]} for i, c in enumerate(contents)]
        (folder / name).mkdir()
        for index, content in enumerate(contents):
            (folder / name / f"file {index}").write_bytes(content)
    meta = {"info": info, **({"announce": tracker} if tracker else {})}
    digest = hashlib.sha1(bencode(info)).digest()
    row = {"info_hash": digest, "name": name, "folder": str(folder), "added": int(time.time()) + number, "paused": 0,
           "trackers": "", "uploaded": 0, "downloaded": 0, "completed": 1, "original": 0,
           "length": sum(map(len, contents)), "piece_length": 16_384, "file_count": files, "disk": None}
    row = {column: value for column, value in row.items() if column in known}
    database.execute(f"INSERT INTO torrents ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                     list(row.values()))
    database.execute("INSERT INTO metainfo VALUES (?, ?)", (digest, bencode(meta)))
    database.execute("INSERT INTO pieces VALUES (?, 1, x'80', 1)", (digest,))
    return digest.hex()
