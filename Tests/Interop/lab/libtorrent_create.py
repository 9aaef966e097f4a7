# SPDX-License-Identifier: Apache-2.0
"""Has libtorrent make a torrent of a file or folder, and prints its info-hashes as JSON.

    libtorrent_create.py PATH PIECE-LENGTH v2|hybrid"""
import json
import os
import sys

import libtorrent as lt

path, piece, kind = sys.argv[1:]
storage = lt.file_storage()
lt.add_files(storage, path)
# Nothing follows the last file, so that nothing has to be filled up behind it.
flags = lt.create_torrent.v2_only if kind == "v2" else lt.create_torrent.canonical_files_no_tail_padding
made = lt.create_torrent(storage, int(piece), flags)
lt.set_piece_hashes(made, os.path.dirname(path))
hashes = lt.torrent_info(made.generate()).info_hashes()
print(json.dumps({"v1": str(hashes.v1) if hashes.has_v1() else None, "v2": str(hashes.v2)}))
