# SPDX-License-Identifier: Apache-2.0
"""What systemd does for a service with a watchdog."""
from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

from .process import wait_until
from .swarm import Swarmd


class ServiceManager:
    """Starts a swarmd, listens to what it says of itself, and kills it when it has not said that it lives for `patience`
    seconds. Use as a context."""

    def __init__(self, daemon: Swarmd, path: Path, patience: float) -> None:
        self.daemon, self.patience = daemon, patience
        self.is_ready = False
        self._alive_at = time.monotonic()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.settimeout(0.2)
        self._ends = threading.Event()
        self._ear = threading.Thread(target=self._listen, daemon=True)
        daemon.wrapper = ["env", f"NOTIFY_SOCKET={path}", f"WATCHDOG_USEC={round(patience * 1e6)}"]

    def __enter__(self) -> ServiceManager:
        self._ear.start()
        return self

    def __exit__(self, *_) -> None:
        self._ends.set()
        self._ear.join()
        self._socket.close()

    def _listen(self) -> None:
        while not self._ends.is_set():
            try:
                said = self._socket.recv(4_096).splitlines()
            except TimeoutError:
                continue
            if b"READY=1" in said:
                self.is_ready = True
            if b"READY=1" in said or b"WATCHDOG=1" in said:
                self._alive_at = time.monotonic()

    def start(self) -> None:
        """Starts the daemon and waits until it says that it is ready."""
        self.is_ready = False
        self.daemon.start()
        if not wait_until(lambda: self.is_ready):
            raise AssertionError(f"{self.daemon.name} does not say that it is ready:\n{self.daemon.process.tail()}")
        self._alive_at = time.monotonic()

    def killed(self, seconds: float) -> bool:
        """Waits until the daemon has been silent for too long, and kills it as systemd would. False
        when it has not been within `seconds`."""
        if not wait_until(lambda: time.monotonic() - self._alive_at > self.patience, seconds):
            return False
        self.daemon.process.kill()
        return True
