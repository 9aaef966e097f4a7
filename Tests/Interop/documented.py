# SPDX-License-Identifier: Apache-2.0
"""What every command prints with --json, held against the description of the protocol."""
from __future__ import annotations

import json
import re
import subprocess

from bad_input import LoopbackCase, free_port
from lab.payload import make_file
from lab.process import wait_until
from lab.protocol_document import ProtocolDocument
from lab.settings import program
from lab.swarm import Swarmd, SwarmTracker

# They print no JSON.
FOR_PEOPLE = {"watch", "completion"}


class Documented(LoopbackCase):
    maxDiff = None

    def setUp(self) -> None:
        super().setUp()
        self.document = ProtocolDocument()
        self.used: set[tuple[str, str]] = set()
        self.findings: list[str] = []

    def look(self, where: Swarmd | SwarmTracker, kind: str, *words: str, several: bool = False, count: int = 1) -> list[dict]:
        """Runs a command that is to print an object of a kind, or a list of so many; `words` begin with the command."""
        name = " ".join(words[:2]) if words[0] == "tracker" else words[0]
        self.used.add((name, kind))
        socket = where.socket if isinstance(where, Swarmd) else where.work / "trackerd.sock"
        done = subprocess.run([program("swarmctl"), "--socket", str(socket), *words, "--json"], capture_output=True,
                              text=True, stdin=subprocess.DEVNULL, timeout=120)
        shown = f"swarmctl {' '.join(words)}"
        self.assertEqual(done.returncode, 0, f"{shown}: {done.stdout}{done.stderr}")
        printed = [json.loads(line) for line in done.stdout.splitlines()]
        if several:
            self.assertEqual([list(line) for line in printed], [["results"]], shown)
            printed = printed[0]["results"]
        self.assertEqual(len(printed), count, f"{shown}: {done.stdout}")
        if kind not in self.document.commands.get(name, []):
            self.findings.append(f"{name}: the document does not say that it prints {kind}")
        for item in printed:
            self.findings += [f"{shown}: {finding}" for finding in self.document.check_named(item, kind, "it")]
        return printed

    def test_json_is_as_documented(self) -> None:
        """every command's --json has the keys that the document states, with their types, and no other"""
        tracker = SwarmTracker(self.folder / "tracker", port=free_port())
        self.addCleanup(tracker.process.stop)
        self.assertTrue(wait_until(tracker.ready), tracker.process.tail())
        first, second = (self.daemon(name, tracker=[tracker.announce]) for name in ("first", "second"))
        self.bring(first, second, tracker)
        self.look_at(second)
        self.steer(second)
        self.settings(second)
        self.trackers(tracker)
        for name in ("album", "book"):
            self.look(second, "TorrentReference", "remove", name, several=True)
        self.conclude()

    def bring(self, first: Swarmd, second: Swarmd, tracker: SwarmTracker) -> None:
        album, book, film = (make_file(self.folder / "source", name, mib << 20).path for name, mib in
                             (("album", 8), ("book", 1), ("film", 1)))
        self.look(first, "TorrentDetail", "share", str(album))
        self.look(first, "TorrentDetail", "share", str(book))
        torrent = self.folder / "film.torrent"
        self.look(first, "CreatedTorrent", "create", str(film), "--output", str(torrent), "--hybrid", "--web-seed",
                  "http://127.0.0.1:1/film")
        self.look(first, "CreatedTorrent", "create", str(film), "--output", str(torrent))
        self.book = self.folder / "book.torrent"
        self.look(first, "CreatedTorrent", "create", str(book), "--output", str(self.book), "--tracker", tracker.announce)
        self.look(second, "catalogue.search", "search", "a")
        # It is under way for as long as it is looked at, and then at once.
        self.look(second, "ConfigSetting", "limit", "--down", "50K", several=True)
        self.look(second, "TorrentReference", "get", "album")
        self.look(second, "TorrentReference", "add", str(torrent), "--paused", "--label", "x")
        self.assertTrue(wait_until(lambda: second.ask("peers", "album")["peers"]), "a peer comes")

    def look_at(self, second: Swarmd) -> None:
        self.look(second, "torrent.list", "list")
        self.look(second, "torrent.list", "list", "--limit", "1")
        for command, kind in (("show", "TorrentDetail"), ("why", "Explanation"), ("files", "torrent.files"),
                              ("peers", "torrent.peers"), ("pieces", "torrent.pieces"), ("trackers", "torrent.trackers")):
            self.look(second, kind, command, "album")
            self.look(second, kind, command, "album", "film", several=True, count=2)
        self.look(second, "daemon.status", "status")
        self.look(second, "EventStatus", "events", "--since", "start", "--count", "3", count=3)
        self.look(second, "daemon.version", "version")
        self.look(second, "daemon.plugins", "plugins")
        self.look(second, "daemon.plugins", "plugins", "deadline")

    def steer(self, second: Swarmd) -> None:
        for command in ("pause", "resume"):
            self.look(second, "TorrentReference", command, "album", "film", several=True, count=2)
        self.look(second, "TorrentReference", "announce", "album", several=True)
        self.look(second, "TorrentLimits", "limit", "album", "film", "--up", "1M", several=True, count=2)
        self.look(second, "config.get", "limit", several=True, count=5)
        self.look(second, "torrent.list", "queue")
        self.look(second, "TorrentReference", "queue", "top", "film", several=True)
        self.look(second, "torrent.files", "priority", "film", "*=high")
        self.look(second, "TorrentLabels", "label", "film", "+y", "-x")
        self.look(second, "TorrentStrategies", "set", "film", "album", "seed_ratio=2", "seed_time=1h", "seed_idle=1h",
                  several=True, count=2)
        self.look(second, "ConfigSetting", "limit", "--down", "none", several=True)
        self.look(second, "TorrentReference", "remove", "album", "--delete-data", several=True)
        self.look(second, "TorrentDetail", "get", "album", "book", "--wait", several=True, count=2)
        self.look(second, "TorrentReference", "remove", "book", "--delete-data", several=True)
        self.look(second, "TorrentDetail", "add", str(self.book), "--wait")
        self.look(second, "JobReference", "verify", "book", several=True)
        self.look(second, "TorrentDetail", "verify", "album", "--wait", several=True)
        for name in ("one", "two"):
            (self.folder / name).mkdir()
        self.look(second, "JobReference", "move", "book", str(self.folder / "one"))
        self.look(second, "TorrentDetail", "move", "album", str(self.folder / "two"), "--wait")
        torrent = second.say("show", "film").split("info-hash:")[1].split()[0]
        self.look(second, "TorrentReference", "remove", torrent, several=True)

    def settings(self, second: Swarmd) -> None:
        self.look(second, "strategy.get", "strategy")
        self.look(second, "strategy.get", "strategy", "album", "book", several=True, count=2)
        self.look(second, "TorrentStrategies", "strategy", "album", "picker=sequential")
        self.look(second, "ConfigSetting", "strategy", "picker=random", "choker=fastest", count=2)
        self.look(second, "config.get", "config")
        self.look(second, "ConfigSetting", "config", "log.level=debug")
        self.look(second, "ConfigSetting", "config", "log.level=")

    def trackers(self, tracker: SwarmTracker) -> None:
        for command in ("stats", "torrents", "bans"):
            self.look(tracker, f"tracker.{command}", "tracker", command)
        torrents = self.look(tracker, "tracker.torrents", "tracker", "torrents")[0]["torrents"]
        self.look(tracker, "tracker.peers", "tracker", "peers", torrents[0]["info_hash"])
        self.look(tracker, "tracker.peers", "tracker", "peers", *(t["info_hash"] for t in torrents[:2]), several=True, count=2)
        self.look(tracker, "tracker.ban", "tracker", "ban", "192.0.2.7")
        self.look(tracker, "tracker.unban", "tracker", "unban", "192.0.2.7")

    def conclude(self) -> None:
        """Nothing was left out: no command of the program, no kind that the document names, no field of swarmctl's own."""
        text = subprocess.run([program("swarmctl"), "--help"], capture_output=True, text=True, check=True).stdout
        names = set(re.findall(r"^  ([a-z]+) ", text.split("SUBCOMMANDS:", 1)[1], re.M))
        documented = {name.split()[0] for name in self.document.commands}
        for name in sorted(names ^ documented):
            self.findings.append(f"{name}: {'not in the document' if name in names else 'there is no such command'}")
        for name, kinds in self.document.commands.items():
            for kind in kinds:
                if (name, kind) not in self.used:
                    self.findings.append(f"{name}: this test does not have it print {kind}")
            if not kinds and name not in FOR_PEOPLE:
                self.findings.append(f"{name}: the document does not say what it prints")
        # Those of the daemon are held against the code's own list of them; these are nowhere else.
        for kind in ("Explanation", "Finding", "CreatedTorrent"):
            for field in self.document.fields(kind).keys() - {f for k, f in self.document.seen if k == kind}:
                self.findings.append(f"{kind}: no {field} was ever printed")
        self.assertEqual(sorted(set(self.findings)), [])
