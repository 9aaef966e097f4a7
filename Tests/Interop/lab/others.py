# SPDX-License-Identifier: Apache-2.0
"""Other people's clients: Transmission, aria2 and libtorrent. Each can seed from a folder and fetch into its own.

`encryption` is "plain" for plain TCP alone, "required" for encryption and nothing else. libtorrent has "handshake" too,
which requires the handshake and leaves open what follows."""
from __future__ import annotations

import json
from pathlib import Path

from .network import Host
from .process import Process, wait_until
from .settings import libtorrent_python


class Client:
    """What all have in common: a host, a work folder, one process."""

    kind = ""
    makes_empty_files = True

    def __init__(self, work: Path, host: Host, *, name: str | None = None, v6: bool = False,
                 encryption: str = "plain") -> None:
        self.work, self.host, self.v6, self.encryption = work, host, v6, encryption
        self.name = name or self.kind
        self.downloads = work / "downloads"
        self.downloads.mkdir(parents=True, exist_ok=True)
        self.process: Process | None = None

    @property
    def address(self) -> str:
        return self.host.v6 if self.v6 else self.host.v4

    def spawn(self, *command: str) -> None:
        self.process = Process(self.name, self.host.command(*command), self.work / "log",
                               environment={"HOME": str(self.work)}, folder=self.work)

    def describe(self) -> str:
        return f"--- {self.name} on {self.address}\n{self.process.tail() if self.process else 'not started'}"


class Transmission(Client):
    kind = "transmission"
    makes_empty_files = False

    def __init__(self, work: Path, host: Host, *, utp: bool = False, **options) -> None:
        super().__init__(work, host, **options)
        self.utp = utp

    def _start(self, torrent: Path, folder: Path) -> None:
        settings = {
            "bind-address-ipv4": "0.0.0.0", "bind-address-ipv6": "::", "peer-port": 51413, "dht-enabled": False,
            "lpd-enabled": False, "pex-enabled": True, "utp-enabled": self.utp, "port-forwarding-enabled": False,
            "rpc-enabled": True, "rpc-port": 9091, "rpc-bind-address": "127.0.0.1", "rpc-whitelist-enabled": False,
            "rpc-authentication-required": False, "encryption": {"plain": 0, "required": 2}[self.encryption],
            "download-dir": str(folder), "preallocation": 1,
            "speed-limit-up-enabled": False, "speed-limit-down-enabled": False, "umask": 18,
        }
        home = self.work / "config"
        home.mkdir(exist_ok=True)
        (home / "settings.json").write_text(json.dumps(settings))
        self.spawn("transmission-daemon", "--foreground", "--config-dir", str(home))
        if not wait_until(lambda: self._remote("--list").returncode == 0):
            raise AssertionError(f"transmission-daemon does not answer\n{self.process.tail()}")
        self._remote("--add", str(torrent), "--download-dir", str(folder))

    def _remote(self, *arguments: str):
        return self.host.run("transmission-remote", "127.0.0.1:9091", *arguments)

    def seed(self, torrent: Path, info_hash: str, folder: Path) -> None:
        self._start(torrent, folder)
        self._remote("--torrent", info_hash, "--verify")
        if not wait_until(lambda: self.complete(info_hash)):
            raise AssertionError(f"transmission does not take the payload for complete\n{self.describe()}")

    def fetch(self, torrent: Path, info_hash: str) -> None:
        self._start(torrent, self.downloads)

    def complete(self, info_hash: str) -> bool:
        shown = self._remote("--torrent", info_hash, "--info").stdout
        return "Percent Done: 100%" in shown and "Verif" not in shown

    def describe(self) -> str:
        return super().describe() + "\n" + self._remote("--list").stdout


class Aria2(Client):
    """With `datagrams`, DHT is on, because aria2 asks UDP trackers through it; it knows no node to begin with."""

    kind = "aria2"

    def __init__(self, work: Path, host: Host, *, datagrams: bool = False, **options) -> None:
        super().__init__(work, host, **options)
        self.dht = [f"--enable-dht={str(datagrams).lower()}", f"--dht-file-path={work / 'dht'}",
                    "--dht-listen-port=6882", "--enable-dht6=false"]

    def _start(self, torrent: Path, folder: Path, *options: str) -> None:
        self.hook = self.work / "complete"
        script = self.work / "on-complete.sh"
        script.write_text(f"#!/bin/sh\n: >'{self.hook}'\n")
        script.chmod(0o755)
        family = ["--disable-ipv6=false"] if self.v6 else ["--disable-ipv6=true"]
        crypto = ["--bt-require-crypto=true", "--bt-min-crypto-level=arc4"] if self.encryption == "required" else []
        self.spawn("aria2c", "--no-conf=true", *self.dht, "--bt-enable-lpd=false",
                   "--listen-port=6881", "--bt-max-peers=0", "--file-allocation=none", "--allow-overwrite=true",
                   "--console-log-level=notice", "--summary-interval=0", "--show-console-readout=false",
                   "--bt-tracker-interval=2", f"--on-bt-download-complete={script}", f"--dir={folder}", *family, *crypto,
                   *options, str(torrent))

    def seed(self, torrent: Path, info_hash: str, folder: Path) -> None:
        self._start(torrent, folder, "--check-integrity=true", "--seed-ratio=0.0")
        if not wait_until(lambda: self.complete(info_hash) and self.host.listens(6881)):
            raise AssertionError(f"aria2 does not take the payload for complete\n{self.describe()}")

    def fetch(self, torrent: Path, info_hash: str) -> None:
        self._start(torrent, self.downloads, "--seed-ratio=0.0")

    def complete(self, info_hash: str) -> bool:
        return self.hook.exists()


class LibTorrent(Client):
    """With `tuned`, set for speed on a fast link with plenty of memory; with `utp`, without TCP; with `hash_table`, a node
    that begins from there; with `local`, it finds peers on its network."""

    kind = "libtorrent"

    def __init__(self, work: Path, host: Host, *, tuned: bool = False, utp: bool = False, port: int = 6881,
                 hash_table: str | None = None, local: bool = False, **options) -> None:
        super().__init__(work, host, **options)
        self.port = port
        self.settings = {
            "hashing_threads": 2, "aio_threads": 2, "max_out_request_queue": 2_000, "max_allowed_in_request_queue": 4_000,
            "send_buffer_watermark": 4 << 20, "send_buffer_low_watermark": 1 << 20, "send_buffer_watermark_factor": 200,
            "recv_socket_buffer_size": 4 << 20, "send_socket_buffer_size": 4 << 20, "request_queue_time": 5,
            "whole_pieces_threshold": 20, "max_queued_disk_bytes": 64 << 20,
        } if tuned else {}
        if self.encryption != "plain":
            self.settings |= {"in_enc_policy": 0, "out_enc_policy": 0,
                              "allowed_enc_level": {"required": 2, "handshake": 3}[self.encryption]}
        if utp:
            self.settings |= {"enable_incoming_utp": True, "enable_outgoing_utp": True, "enable_incoming_tcp": False,
                              "enable_outgoing_tcp": False}
        if local:
            self.settings["enable_lsd"] = True
        if hash_table:
            # Hosts are few, and have several nodes each.
            self.settings |= {"enable_dht": True, "dht_bootstrap_nodes": hash_table, "dht_restrict_routing_ips": False,
                              "dht_restrict_search_ips": False, "dht_announce_interval": 30}

    def _start(self, torrent: Path, folder: Path) -> None:
        address = f"[{self.host.v6}]" if self.v6 else self.host.v4
        self.spawn(libtorrent_python(), str(Path(__file__).with_name("libtorrent_peer.py")), str(torrent), str(folder),
                   f"{address}:{self.port}", json.dumps(self.settings))

    def seed(self, torrent: Path, info_hash: str, folder: Path) -> None:
        self._start(torrent, folder)
        if not wait_until(lambda: self.complete(info_hash)):
            raise AssertionError(f"libtorrent does not take the payload for complete\n{self.describe()}")

    def fetch(self, torrent: Path, info_hash: str) -> None:
        self._start(torrent, self.downloads)

    def complete(self, info_hash: str) -> bool:
        return "complete" in self.process.said().splitlines()


CLIENTS: dict[str, type[Client]] = {c.kind: c for c in (Transmission, Aria2, LibTorrent)}
