# SPDX-License-Identifier: Apache-2.0
"""What is printed and answered when something goes wrong, held against the description of the protocol."""
from __future__ import annotations

import json
import os
import socket
import subprocess
from pathlib import Path

from bad_input import NOBODY, LoopbackCase, free_port
from lab.payload import make_file, make_torrent
from lab.protocol_document import ProtocolDocument
from lab.settings import program
from lab.swarm import Swarmd

# No call leads to it: it says that the daemon has met with what its authors did not think of. The unit tests have its form.
UNHEARD_OF = {"internal_error"}
CONNECTIONS = 256
CHANGE = '{"jsonrpc":"2.0","id":1,"method":"torrent.pause","params":{"id":"album"}}'


class DocumentedErrors(LoopbackCase):
    maxDiff = None

    def setUp(self) -> None:
        super().setUp()
        self.document = ProtocolDocument()
        self.findings: list[str] = []
        self.met: set[str] = set()

    def judge(self, shown: str, error: object, name: str) -> None:
        """Holds an error against the document; it is to be of the kind `name`."""
        wrong = list(self.document.check_error(error)) if isinstance(error, dict) else [f"no error, but {error!r}"]
        if not wrong and error["data"]["name"] != name:
            wrong = [f"{error} is not {name}"]
        self.findings += [f"{shown}: {finding}" for finding in wrong]
        self.met.add(name)

    def run_json(self, path: Path, *words: str | Path) -> tuple[str, dict]:
        done = subprocess.run([program("swarmctl"), "--socket", str(path), *map(str, words), "--json"], capture_output=True,
                              text=True, stdin=subprocess.DEVNULL, timeout=120)
        shown = f"swarmctl {' '.join(map(str, words))}"
        self.assertNotEqual(done.returncode, 0, f"{shown}: {done.stdout}")
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 1, f"{shown}: {done.stdout}{done.stderr}")
        return shown, json.loads(lines[0])

    def fails(self, path: Path, name: str, *words: str | Path) -> None:
        """A command fails as a whole."""
        shown, printed = self.run_json(path, *words)
        if list(printed) != ["error"]:
            self.findings.append(f"{shown}: printed {printed}")
        self.judge(shown, printed.get("error"), name)

    def fails_partly(self, path: Path, names: list[str | None], *words: str | Path) -> None:
        """A command fails for some of several: `names` has the error of each, None for one that it works for."""
        shown, printed = self.run_json(path, *words)
        results = printed.get("results", [])
        self.assertEqual((list(printed), len(results)), (["results"], len(names)), f"{shown}: {printed}")
        for result, name in zip(results, names):
            if name is not None:
                self.findings += [f"{shown}: {finding}" for finding
                                  in self.document.check_named(result, "FailedResult", "a result")]
                self.judge(shown, result.get("error"), name)

    def answers(self, path: Path, name: str, line: str) -> None:
        """A line on the socket is answered with an error."""
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(60)
            link.connect(str(path))
            link.sendall(line.encode() + b"\n")
            with link.makefile("rb") as heard:
                answer = json.loads(heard.readline())
        if answer.keys() != {"jsonrpc", "id", "error"}:
            self.findings.append(f"{line}: answered {answer}")
        self.judge(line, answer.get("error"), name)

    def test_errors_are_as_documented(self) -> None:
        """every kind of error has the keys that the document states, with their types, and no other"""
        if os.geteuid() != 0:
            self.skipTest("only root can be somebody else for a while")
        daemon = self.daemon(tracker=[f"http://127.0.0.1:{free_port()}/announce"], daemon={"allow_read": "everyone"})
        self.bring(daemon)
        path = daemon.socket
        self.answers(path, "parse_error", "{")
        self.answers(path, "invalid_request", "{}")
        self.answers(path, "method_not_found", CHANGE.replace("pause", "puase"))
        self.answers(path, "invalid_params", CHANGE.replace('"id":"album"', '"idd":"album"'))
        self.fails(path, "invalid_params", "set", "album", "compression=alwys")
        self.fails(path, "invalid_params", "list", "--state", "pausd")
        self.fails(path, "not_found", "show", "albun")
        self.fails(path, "not_found", "config", "log.levle")
        self.fails(path, "ambiguous", "show", "twin")
        self.fails(path, "refused", "config", "daemon.state_dir=/nowhere")
        self.fails(path, "exists", "add", self.album)
        self.fails(path, "storage", "add", self.other, "--dir", self.folder / "nowhere")
        self.fails(path, "timeout", "add", self.other, "--wait", "--timeout", "1s")
        bad = self.folder / "bad.torrent"
        bad.write_bytes(b"d4:infoi1ee")
        self.fails(path, "malformed_torrent", "add", bad)
        self.fails(path, "remote", "search", "anything")
        self.fails(path, "expired", "events", "--since", "00000000-1-1")
        self.fails(self.folder / "nobody.sock", "unreachable", "list")
        self.fails_partly(path, ["cancelled", "not_found"], "pause", "album", "nothing like it")
        self.fails_partly(path, [None, "ambiguous"], "files", "album", "twin")
        self.forbidden(path)
        self.turned_away(path)
        self.assertEqual(set(self.document.errors.values()) - self.met, UNHEARD_OF)
        for kind in ("ControlError", "ControlErrorData", "ControlCandidate", "FailedResult"):
            for field in self.document.fields(kind).keys() - {f for k, f in self.document.seen if k == kind}:
                self.findings.append(f"{kind}: no {field} was ever seen")
        self.assertEqual(self.findings, [])

    def bring(self, daemon: Swarmd) -> None:
        self.album, self.other = self.folder / "album.torrent", self.folder / "other.torrent"
        make_torrent(make_file(self.folder / "source", "album", 50_000), self.album, [])
        make_torrent(make_file(self.folder / "source", "other", 60_000), self.other, [])
        daemon.say("add", self.album, "--paused")
        # Two of one name, which only their info-hashes tell apart.
        for number, size in enumerate((70_000, 80_000)):
            torrent = self.folder / f"twin-{number}.torrent"
            make_torrent(make_file(self.folder / f"source-{number}", "twin", size), torrent, [])
            (folder := self.folder / f"place-{number}").mkdir()
            daemon.say("add", torrent, "--dir", folder, "--paused")

    def turned_away(self, path: Path) -> None:
        """All connections are taken: the next one is told so, and swarmctl passes it on."""
        links = []
        try:
            for _ in range(CONNECTIONS):
                links.append(link := socket.socket(socket.AF_UNIX))
                link.settimeout(60)
                link.connect(str(path))
                link.sendall(b'{"jsonrpc":"2.0","id":1,"method":"daemon.version"}\n')
                link.recv(1)
            self.fails(path, "busy", "list")
        finally:
            for link in links:
                link.close()

    def forbidden(self, path: Path) -> None:
        """Somebody who may look and change nothing: the kernel tells who it was that connected."""
        groups = os.getgroups()
        os.setgroups([])
        os.setegid(NOBODY)
        os.seteuid(NOBODY)
        try:
            self.answers(path, "permission", CHANGE)
        finally:
            os.seteuid(0)
            os.setegid(0)
            os.setgroups(groups)
