# SPDX-License-Identifier: Apache-2.0
"""Torrents that web servers have (BEP 19): alone, beside peers, and servers that fail or lie."""
from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Callable
from urllib.parse import quote

from lab.case import NetworkCase
from lab.lab import Lab
from lab.payload import Payload, make_folder
from lab.process import Process
from lab.swarm import Swarmd

MIB = 24
PORT = 8_080


class WebSeeds(NetworkCase):
    def server(self, lab: Lab, payload: Payload, way: str = "") -> Process:
        """A web server on a host of its own that has the payload."""
        host = lab._free.pop(0)
        script = Path(__file__).with_name("lab") / "range_server.py"
        command = host.command(sys.executable, str(script), str(payload.parent), host.v4, str(PORT), *filter(None, [way]))
        process = Process("web server", command, lab.work / "web.log")
        process.url = f"http://{host.v4}:{PORT}/"
        process.expected_end = True
        self.addCleanup(process.stop)
        lab.wait(lambda: host.listens(PORT), "the web server listens")
        return process

    @staticmethod
    def requests(server: Process) -> list[str]:
        return [line for line in server.said().splitlines() if line.startswith("/")]

    def torrent(self, lab: Lab, maker, payload: Payload, server: Process) -> tuple[Path, str]:
        """Made by swarmctl, as a user would."""
        path = lab.work / "made.torrent"
        options = ["--piece-size", "256KiB", "--web-seed", server.url, "--output", path]
        if lab.tracker:
            options += ["--tracker", lab.tracker.announce]
        made = maker.control("create", payload.path, *options, "--json")
        self.assertEqual(made.returncode, 0, made.stderr)
        return path, json.loads(made.stdout)["info_hash"]

    def test_alone(self) -> None:
        """swarmd fetches a folder from a web server alone, in few requests"""
        self.need("swarmd")
        lab = self.lab(hosts=2, tracker=False)
        payload = make_folder(lab.work / "source", "album", MIB)
        server = self.server(lab, payload)
        fetch = lab.peer("swarmd")
        torrent, info_hash = self.torrent(lab, fetch, payload, server)
        fetch.fetch(torrent, info_hash)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)
        requests = self.requests(server)
        lab.expect(len(requests) < MIB * 4, f"{len(requests)} requests for {MIB * 4} pieces")
        shown = fetch.ask("show", info_hash)["web_seeds"]
        lab.expect(len(shown) == 1 and shown[0]["url"] == server.url and shown[0]["downloaded"] >= payload.size,
                   f"shown is {shown}")
        lab.expect(server.url in fetch.say("show", info_hash), "show does not name the web seed")

    def test_shared(self) -> None:
        """what is shared with --web-seed is fetched from the web server, too"""
        self.need("swarmd")
        lab = self.lab(hosts=3)
        payload = make_folder(lab.work / "source", "album", MIB)
        server = self.server(lab, payload)
        seed, fetch = lab.peer("swarmd"), lab.peer("swarmd")
        seed.start()
        torrent = lab.work / "shared.torrent"
        said = seed.control("share", payload.path, "--web-seed", server.url, "--tracker", lab.tracker.announce, "--output",
                            torrent, "--json")
        self.assertEqual(said.returncode, 0, said.stderr)
        info_hash = json.loads(said.stdout)["info_hash"]
        seed.process.stop()
        fetch.fetch(torrent, info_hash)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)
        lab.expect(self.requests(server), "the web server was not asked")

    def test_magnet(self) -> None:
        """a magnet link's web seed is asked once a peer has given the list of files"""
        self.need("swarmd")
        lab = self.lab(hosts=3)
        payload = make_folder(lab.work / "source", "album", MIB)
        server = self.server(lab, payload)
        seed, fetch = lab.peer("swarmd"), lab.peer("swarmd")
        torrent, info_hash = self.torrent(lab, seed, payload, server)
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        seed.say("limit", info_hash, "--up", "128KiB")
        fetch.start()
        link = (f"magnet:?xt=urn:btih:{info_hash}&tr={quote(lab.tracker.announce, safe='')}"
                f"&ws={quote(server.url, safe='')}")
        fetch.say("add", link, "--dir", fetch.downloads)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)
        lab.expect(fetch.ask("show", info_hash)["web_seeds"][0]["downloaded"] > payload.size // 2,
                   "the web seed gave little")

    def test_beside_a_peer(self) -> None:
        """a web server and a peer of the same speed both give their part"""
        self.need("swarmd")
        lab = self.lab(hosts=3)
        payload = make_folder(lab.work / "source", "album", MIB)
        server = self.server(lab, payload)
        for host in lab.network.hosts:
            host.limit(60)
        seed, fetch = lab.peer("swarmd"), lab.peer("swarmd", wire={"compression": "never"})
        torrent, info_hash = self.torrent(lab, fetch, payload, server)
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        fetch.fetch(torrent, info_hash)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)
        from_web = fetch.ask("show", info_hash)["web_seeds"][0]["downloaded"]
        from_peer = seed.ask("show", info_hash)["uploaded"]
        for name, part in (("web server", from_web), ("peer", from_peer)):
            lab.expect(part > payload.size // 5, f"the {name} gave {part} of {payload.size} bytes")

    def fails(self, behaviour: str, state: str, what: str, meanwhile: Callable[[Lab, Swarmd], None]) -> None:
        """A web server is alone and fails; what is missing then comes from a peer."""
        self.need("swarmd")
        lab = self.lab(hosts=3)
        payload = make_folder(lab.work / "source", "album", MIB)
        server = self.server(lab, payload, behaviour)
        seed, fetch = lab.peer("swarmd"), lab.peer("swarmd")
        torrent, info_hash = self.torrent(lab, fetch, payload, server)
        fetch.fetch(torrent, info_hash)
        lab.wait(lambda: fetch.ask("show", info_hash)["web_seeds"][0]["state"] == state, what)
        lab.expect(not fetch.complete(info_hash), "the server gave everything before it failed")
        meanwhile(lab, fetch)
        seed.seed(torrent, info_hash, payload.parent)
        fetch.say("announce", info_hash)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)

    def test_dies(self) -> None:
        """a web server that dies in the middle of an answer: the rest comes from a peer"""
        self.fails("ends-after:4", "waiting", "the web seed is waited for", lambda lab, fetch: None)

    def test_lies(self) -> None:
        """a web server that sends other bytes is left out with a line, and the torrent comes from a peer"""
        def told(lab: Lab, fetch: Swarmd) -> None:
            lab.wait(lambda: "is left out: it sent data that does not match the hash of piece" in fetch.process.said(),
                     "a line tells why")

        self.fails("corrupt", "dropped", "the web seed is left out", told)

    def test_this_machine(self) -> None:
        """a torrent whose web seed is on the daemon's own machine asks nothing there"""
        self.need("swarmd")
        lab = self.lab(hosts=1, tracker=False)
        payload = make_folder(lab.work / "source", "album", 1)
        fetch = lab.peer("swarmd")
        host = fetch.host
        script = Path(__file__).with_name("lab") / "range_server.py"
        server = Process("web server", host.command(sys.executable, str(script), str(payload.parent), "127.0.0.1", str(PORT)),
                         lab.work / "web.log")
        server.url = f"http://127.0.0.1:{PORT}/"
        self.addCleanup(server.stop)
        lab.wait(lambda: host.listens(PORT), "the web server listens")
        torrent, info_hash = self.torrent(lab, fetch, payload, server)
        fetch.fetch(torrent, info_hash)
        lab.wait(lambda: fetch.ask("show", info_hash)["web_seeds"][0]["state"] == "dropped", "the web seed is left out")
        lab.expect(not self.requests(server), f"the server was asked: {self.requests(server)}")
        lab.expect("leads to this machine itself" in fetch.say("show", info_hash), "show does not say why")
