# SPDX-License-Identifier: Apache-2.0
"""The control socket, spoken to without swarmctl."""
from __future__ import annotations

import json
import socket
from pathlib import Path


class Control:
    """One connection. Calls one after another."""

    def __init__(self, path: Path, seconds: float = 120) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(seconds)
        self.socket.connect(str(path))
        self.file = self.socket.makefile("rb")
        self._number = 0

    def call(self, method: str, **params) -> dict:
        """The result; an error is the caller's to see as an AssertionError."""
        self._number += 1
        request = {"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        answer = json.loads(self.file.readline())
        if "error" in answer or answer["id"] != self._number:
            raise AssertionError(f"{method} {params}: {answer}")
        return answer["result"]

    def close(self) -> None:
        self.file.close()
        self.socket.close()
