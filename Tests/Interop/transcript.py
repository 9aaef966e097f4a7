# SPDX-License-Identifier: Apache-2.0
"""A new user's first hour at a terminal: everything that swarmctl shows there, compared with golden files.

`run.py -k hour --update` makes the golden files anew; look at what changed before they are committed. What differs from
run to run is masked by the rules below, all of which keep the columns of a table where they are.
"""
from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

from lab.case import NetworkCase
from lab.lab import Lab
from lab.settings import program
from lab.swarm import Swarmd
from lab.terminal import Screen, Terminal, columns_of, printed

GOLDEN = Path(__file__).parent / "golden"
NOBODY = 65_534
BAR = re.compile(r"^\[#*-*\] +\d")
SPARKS = "▁▂▃▄▅▆▇█"
PIECES = re.compile("[█▄↓·×░▒▓]+")
LEGEND = re.compile("[█▄↓·×░▒▓] |missing, holders: ")


def same_width(word: str):
    """A replacement by `word` that takes as many columns as what was there, to the right."""
    return lambda found: word.rjust(len(found[0]))[-len(found[0]):] if len(found[0]) >= len(word) else word


# How long something took and how fast it was, when it was, and the process's number.
COMMAND_RULES = [
    (re.compile(r" in \d[\d.]*(m?s|m \d+s), \d[\d.]* [KMG]?i?B/s"), " in SECONDS, RATE"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), "DATE AND TIME"),
    (re.compile(r"\((checking|downloading)\)"), "(STATE)"),
    (re.compile(r"process \d+, up \d+\w( \d+\w)?"), "process NUMBER, up TIME"),
    (re.compile(r"^(memory: +)\d.*", re.M), r"\1SIZE"),
    (re.compile(r"\(\d[\d.]* [KMGT]?i?B free\)"), "(SIZE free)"),
    # How much of it came in blocks that might have been compressed.
    (re.compile(r"^(compression: +\w+), .*", re.M), r"\1, SIZES"),
    (re.compile(r"^(swarmd:? +)\d+\.\d+\.\d+\S*", re.M), r"\1VERSION"),
]
# What moves while it is looked at.
WATCH_RULES = [
    (re.compile(f"[{SPARKS}]+"), lambda found: " " * len(found[0])),
    (re.compile(r"\b\d[\d.]* [KMG]?i?B/s"), same_width("RATE")),
    (re.compile(r"\b\d[\d.]*%"), same_width("N%")),
    (re.compile(r"\b(\d+[smhd] )?\d+[smhd]\b(?=\s|$)", re.M), same_width("TIME")),
]


def watched(screen: Screen) -> str:
    """A frame of `watch`, framed, without what moves. The piece map and the peers are as wide as their numbers."""
    lines = []
    for line in screen.lines:
        if PIECES.fullmatch(line):
            line = "(piece map)"
        elif LEGEND.match(line):
            line = "(legend)"
        else:
            for pattern, replacement in WATCH_RULES:
                line = pattern.sub(replacement, line)
        if line.startswith("ADDRESS") or re.match(r"10\.99\.0\.\d+:\d+ ", line):
            line = re.sub(r"  +", "  ", re.sub(r"\b\d[\d.]* [KMG]?i?B\b", "SIZE", re.sub(r" [io][-dDuUe]+ ", " FLAGS ", line)))
        elif found := re.match(r"\d+ of (\d+ pieces of .*)", line):
            line = f"N of {found[1]}"
        lines.append("| " + line.rstrip())
    return "\n".join(line.rstrip() for line in lines) + "\n"


def wrapped(line: str, columns: int) -> list[str]:
    """As a terminal breaks a line that is too long for it."""
    parts = []
    while columns_of(line) > columns:
        parts.append(line[:columns])
        line = line[columns:]
    return [*parts, line]


class FirstHour(NetworkCase):
    def play(self, columns: int) -> None:
        self.columns = columns
        self.text = ""
        lab = self.lab(hosts=2)
        self.names = {str(lab.work / "source"): "/srv/data"}
        data = lab.work / "source" / "release-42"
        data.mkdir(parents=True)
        (data / "README").write_text("Release 42\n")
        (data / "image.bin").write_bytes(bytes((number * number >> 7) & 255 for number in range(6_000_000)))
        first, second = (lab.peer("swarmd", tracker=[lab.tracker.announce]) for _ in range(2))
        for name, peer in (("first", first), ("second", second)):
            self.names |= {str(peer.downloads): f"/srv/{name}", str(peer.work / "control.sock"): "/run/swarm/swarmd.sock",
                           str(peer.work / "state"): "/var/lib/swarm"}
        first.start()
        second.start()
        self.share_and_fetch(lab, first, second, data)
        self.watch(lab, second)
        self.manage(lab, first, second)
        self.blunder(lab, first, second, data)
        self.compare(f"first-hour-{columns}.txt")

    # The scenes

    def share_and_fetch(self, lab: Lab, first: Swarmd, second: Swarmd, data: Path) -> None:
        self.scene("Somebody who knows nothing but --help")
        self.tell(first, "first", "--help")
        self.tell(first, "first", "list")
        self.tell(first, "first", "help", "share")
        self.tell(first, "first", "share", str(data))
        self.tell(first, "first", "list")
        self.scene("Another machine finds it, fetches it, and limits that")
        self.tell(second, "second", "search", "release")
        self.tell(second, "second", "limit", "--down", "400K")
        self.tell(second, "second", "get", "release-42", "--dir", str(second.downloads))
        self.tell(second, "second", "limit", "release-42", "--down", "200K", "--up", "1MiB")

    def watch(self, lab: Lab, second: Swarmd) -> None:
        self.scene("It looks on, and drives it with keys")
        self.text += "second$ swarmctl watch\n"
        with self.open(second, "watch") as view:
            def frame(condition, what: str, note: str) -> None:
                view.wait(condition, what)
                self.text += f"-- {note}\n{watched(view.screen)}"

            moves = r"release-42 .*downloading .*[1-9][\d.]* KiB/s"
            view.wait(lambda s: re.search(moves, s.text) and s.lines[-1], "the torrent moves")
            view.type("enter")
            frame(lambda s: re.search(moves, s.text) and "10.99.0.1:" in s.text and s.lines[-1].startswith("q "),
                  "its peers and pieces", "enter: its pieces and peers")
            lab.expect(any(c in view.screen.text for c in SPARKS), "there are sparklines")
            view.type("p")
            frame(lambda s: re.search(r"release-42 +\S* *paused", s.text) and "10.99.0.1:" not in s.text, "paused", "p: it rests")
            view.type("p", "escape")
            view.wait(lambda s: re.search(r"release-42 .*downloading", s.text) and "pieces of" not in s.text, "resumed")
            view.type("l")
            frame(lambda s: s.lines[-1].startswith("limit"), "asked for limits", "l: asks for limits")
            view.type("1M 512K", "enter")
            frame(lambda s: "down 1.0 MiB/s" in s.lines[-1], "limits", "they hold")
            view.type("r")
            frame(lambda s: s.lines[-1].startswith("remove"), "asked whether to remove", "r: asks before it removes")
            view.type("n", "?")
            frame(lambda s: "leave; the torrents go on" in s.text, "help", "?: explains the keys")
            view.type("x", "q")
            self.assertEqual(view.end(), 0)
            lab.expect(view.is_given_back, f"the terminal is as it was: {view.screen.unknown}")

    def manage(self, lab: Lab, first: Swarmd, second: Swarmd) -> None:
        self.scene("It has come, and is looked after")
        self.tell(second, "second", "limit", "--down", "none")
        self.tell(second, "second", "limit", "release-42", "--down", "none")
        lab.wait(lambda: second.torrents()[0]["progress"] == 1, "it is complete")
        self.idle(lab, first, second)
        for words in (["list"], ["show", "release-42"], ["files", "release-42"], ["pieces", "release-42"],
                      ["peers", "release-42"], ["why", "release-42"]):
            self.tell(second, "second", *words)
        self.tell(second, "second", "pause", "release-42")
        self.tell(second, "second", "list")
        self.tell(second, "second", "why", "release-42")
        self.tell(second, "second", "resume", "release-42")
        self.idle(lab, first, second)
        self.tell(second, "second", "verify", "release-42", "--wait")
        self.tell(second, "second", "remove", "release-42", "--delete-data")
        self.tell(second, "second", "list")
        lab.expect(not (second.downloads / "release-42").exists(), "the data are gone")
        self.scene("Once more, waiting for it")
        self.tell(second, "second", "limit", "--down", "4M")
        bars = self.tell(second, "second", "get", "release-42", "--dir", str(second.downloads), "--wait")
        lab.expect(any("%" in bar for bar in bars), f"a bar shows how far it is: {bars}")
        lab.expect(all(columns_of(bar) < self.columns for bar in bars), f"bars fit the terminal: {bars}")
        lab.expect((second.downloads / "release-42" / "image.bin").read_bytes()
                   == (first.work.parent / "source" / "release-42" / "image.bin").read_bytes(), "it is what was shared")

    def blunder(self, lab: Lab, first: Swarmd, second: Swarmd, data: Path) -> None:
        self.scene("What goes wrong is explained")
        self.tell(first, "first", "lits")
        self.tell(first, "first", "show", "release-43")
        self.tell(first, "first", "set", "release-42", "pikcer=sequential")
        self.tell(first, "first", "config", "log.levle")
        self.tell(first, "first", "limit", "release-42", "--down", "fast")
        self.tell(first, "first", "list", "--sate", "paused")
        other = data.parent / "other" / "release-42"
        other.mkdir(parents=True)
        (other / "README").write_text("another release of that name\n")
        first.say("share", other)
        self.tell(first, "first", "pause", "release-42")
        self.tell(first, "first", "share", str(data.parent / "no such folder"))
        self.tell(first, "first", "list", user=NOBODY)
        second.process.stop()
        self.tell(second, "second", "list")

    # The terminal

    def open(self, who: Swarmd, *words: str, **options) -> Terminal:
        return Terminal([program("swarmctl"), *words], self.columns, 24,
                        environment={"SWARM_SOCKET": str(who.socket)}, **options)

    def scene(self, title: str) -> None:
        self.text += f"\n==== {title} ====\n\n"

    def tell(self, who: Swarmd, name: str, *words: str, user: int | None = None) -> list[str]:
        """Runs a command, and notes what it shows; gives the bars that it drew meanwhile."""
        options = {} if user is None else {"user": user, "group": user, "extra_groups": []}
        with self.open(who, *words, **options) as terminal:
            status = terminal.end()
            self.assertTrue(terminal.is_given_back, f"{words}: {terminal.output!r}")
            output = terminal.output
        shown = "\n".join(line for line in printed(output) if not BAR.match(line))
        # Where an error is broken depends on how long the paths are that names stand for below.
        while (joined := re.sub(r"^(swarmctl: .*)\n    (?=\S)(?![0-9a-f]{8} )", r"\1 ", shown, flags=re.M)) != shown:
            shown = joined
        command = " ".join(f"'{word}'" if " " in word else word for word in words)
        for place, stand_in in self.names.items():
            command, shown = command.replace(place, stand_in), shown.replace(place, stand_in)
        for pattern, replacement in COMMAND_RULES:
            shown = pattern.sub(replacement, shown)
        lines = [part for line in shown.rstrip("\n").split("\n") for part in wrapped(line, self.columns)]
        self.text += f"{name}$ swarmctl {command}\n" + "".join(f"{line}\n" for line in lines if shown.strip())
        self.text += f"(exit status {status})\n\n" if status else "\n"
        return [bar for part in re.split(r"[\r\n]", re.sub(r"\x1b\[K", "", output)) if BAR.match(bar := part)]

    def idle(self, lab: Lab, *peers: Swarmd) -> None:
        """Nothing moves, so that every number of a list is the same in every run."""
        lab.wait(lambda: all(t["down_rate"] == t["up_rate"] == t["peers"] == 0 and t["state"] in ("seeding", "paused")
                             for peer in peers for t in peer.torrents()), "all is quiet")

    def compare(self, name: str) -> None:
        golden = GOLDEN / name
        if os.environ.get("SWARM_GOLDEN") == "write":
            golden.parent.mkdir(exist_ok=True)
            golden.write_text(self.text)
        wanted = golden.read_text() if golden.exists() else ""
        if self.text != wanted:
            difference = difflib.unified_diff(wanted.splitlines(), self.text.splitlines(), f"golden/{name}", "shown",
                                              lineterm="")
            self.fail("what swarmctl shows has changed (--update takes it over):\n" + "\n".join(difference))

    def test_first_hour_80(self) -> None:
        """a new user's first hour with --help alone: shares, fetches, limits, watches, verifies, removes, at 80 columns"""
        self.play(80)

    def test_first_hour_132(self) -> None:
        """a new user's first hour at 132 columns"""
        self.play(132)
