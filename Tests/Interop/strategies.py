# SPDX-License-Identifier: Apache-2.0
"""Strategies as an operator lives with them: listed, chosen while torrents run, kept over restarts; and plugins that are
broken in every way, which cost a line each and nothing else. Runs on loopback, without namespaces."""
from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import unittest
from collections.abc import Callable
from pathlib import Path

from bad_input import REFUSED
from configuration import ConfigurationCase, lines
from lab.payload import make_folder
from lab.process import wait_until
from lab.service_manager import ServiceManager
from lab.settings import COMPILER, ROOT
from lab.swarm import Swarmd

EXAMPLE = ROOT / "Plugins" / "Example-C" / "backwards.c"
HEADERS = ROOT / "Sources" / "CSwarmPlugin" / "include"


@unittest.skipUnless(COMPILER, "there is no C compiler")
class StrategyCase(ConfigurationCase):
    def setUp(self) -> None:
        super().setUp()
        self.plugins = self.folder / "plugins"
        self.plugins.mkdir(mode=0o755)

    def build(self, name: str, *words: str, source: str | None = None, more: str = "") -> Path:
        """Compiles the example, changed by `source` and with `more` behind it, as the plugin `name`."""
        text = (source or EXAMPLE.read_text()).replace('.name = "backwards"', f'.name = "{name}"')
        file = self.folder / f"{name}.c"
        file.write_text(text + more)
        library = self.plugins / f"{name}.so"
        subprocess.run([COMPILER, "-std=gnu11", "-O1", "-fPIC", "-shared", f"-I{HEADERS}", *words, file, "-o", library],
                       check=True)
        library.chmod(0o644)
        return library

    def swarmd(self, name: str, **tables: dict) -> Swarmd:
        return self.daemon(name, **{"daemon": {"plugin_dir": self.plugins}, **tables})

    def pair(self, mebibytes: int, **tables: dict) -> tuple[Swarmd, Swarmd, str, object]:
        """A seed and a fetcher that have not begun, with a tracker between them."""
        tracker = self.tracker()
        seed = self.daemon("seed", tracker=[tracker.announce])
        payload = make_folder(self.folder / "data", "release", mebibytes)
        seed.say("share", payload.path, seconds=300)
        fetcher = self.swarmd("fetcher", tracker=[tracker.announce], **tables)
        return seed, fetcher, seed.torrents()[0]["info_hash"], payload

    def later(self, look):
        """What `look` sees when the daemon has published its figures anew, which it does once a second."""
        time.sleep(2.5)
        return look()

    def finished(self, daemon: Swarmd, info_hash: str) -> bool:
        return wait_until(lambda: daemon.complete(info_hash))


class Choosing(StrategyCase):
    def test_list(self) -> None:
        """swarmctl plugins tells kind, version, file, options with their ranges, calls, faults and mean time"""
        self.build("backwards")
        daemon = self.swarmd("swarmd", strategy={"picker": "backwards"}, **{"strategy.backwards": {"spread": 3}})
        listed = daemon.ask("plugins")
        self.assertEqual([x for x in listed["unusable"] if str(self.plugins) in x["message"]], [])
        plugins = {plugin["name"]: plugin for plugin in listed["plugins"]}
        self.assertEqual({"rarest-first", "tit-for-tat", "backwards"} - set(plugins), set())
        own = plugins["backwards"]
        self.assertEqual((own["kind"], own["version"], own["is_default"], own["disabled"], own["faults"]),
                         ("picker", "1.0", True, False, 0))
        self.assertEqual(own["path"], str(self.plugins / "backwards.so"))
        option = own["options"][0]
        self.assertEqual((option["key"], option["type"], option["value"], option["default"], option["minimum"],
                          option["maximum"]), ("spread", "integer", "3", "1", 1, 64))
        table = daemon.say("plugins")
        self.assertRegex(table, r"(?m)^picker +backwards +default +0 +0 +- +from the last piece to the first$")
        shown = daemon.say("plugins", "backwards")
        self.assertIn(f"{self.plugins}/backwards.so\n", shown)
        self.assertIn("[strategy.backwards] spread = 3\n", shown)
        self.assertIn("integer, 1 to 64, default 1\n", shown)
        self.expect_refusal(daemon.control("plugins", "backward"), REFUSED, "did you mean backwards?")

    def halfway(self, seed: Swarmd, figures: Callable[[], dict]) -> dict:
        """Lets the seed run for moments until the download has begun, and stops it. However fast the machine is, there is
        more to come then. Returns what the figures say when nothing is under way any more."""
        for _ in range(100):
            os.kill(seed.process.pid, signal.SIGCONT)
            time.sleep(0.15)
            os.kill(seed.process.pid, signal.SIGSTOP)
            before = figures()
            calm = 0
            while calm < 2:
                now = self.later(figures)
                calm = calm + 1 if now == before else 0
                before = now
            if before["have"] > 3:
                return before
        raise AssertionError("the download does not begin")

    def test_change_while_running(self) -> None:
        """another picker in the middle of a download: what was fetched stays, and the rest comes as it decides"""
        self.build("backwards")
        seed, fetcher, info_hash, payload = self.pair(256)
        fetcher.say("get", info_hash)

        def figures() -> dict:
            kept = ("have", "downloaded", "piece_count", "state", "picker", "size", "hash_failures")
            shown = fetcher.ask("show", info_hash)
            return {key: shown[key] for key in kept}

        try:
            before = self.halfway(seed, figures)
            self.assertLess(before["have"], before["piece_count"], "it was complete too soon")
            said = fetcher.say("set", info_hash, "picker=backwards")
            self.assertIn("release: picker backwards (its own), choker tit-for-tat (as configured)", said)
            after = figures()
            self.assertEqual((after["have"], after["downloaded"], after["state"], after["picker"]),
                             (before["have"], before["downloaded"], "downloading", "backwards"))
            self.assertTrue(wait_until(lambda: bool(lines(fetcher.process, "the picker of release is backwards instead of "
                                                          "rarest-first"))), fetcher.process.tail())
        finally:
            os.kill(seed.process.pid, signal.SIGCONT)
        self.assertTrue(self.finished(fetcher, info_hash), fetcher.process.tail())
        self.assertEqual(payload.differences(fetcher.downloads), [])
        done = figures()
        self.assertEqual(done["hash_failures"], 0)
        self.assertLess(done["downloaded"], done["size"] * 1.05, "it was fetched twice")
        plugin = next(x for x in fetcher.ask("plugins", "backwards")["plugins"])
        self.assertGreater(plugin["calls"], 0)
        self.assertEqual(plugin["faults"], 0)
        self.assertGreater(plugin["mean_ns"], 0)

        fetcher.process.stop()
        fetcher.start()
        self.assertEqual(fetcher.ask("strategy", info_hash)["torrents"][0]["picker"], "backwards")
        self.assertIn("rarest-first (as configured)", fetcher.say("set", info_hash, "picker="))

    def test_for_all(self) -> None:
        """the configured strategy changes for running torrents too, by command and by reload; options with it"""
        self.build("backwards")
        seed = self.swarmd("seed")
        seed.say("share", make_folder(self.folder / "data", "release", 1).path)
        info_hash = seed.torrents()[0]["info_hash"]

        def working() -> str:
            return seed.ask("strategy", info_hash)["torrents"][0]["working_picker"]

        self.assertEqual(working(), "rarest-first")
        self.assertIn('strategy.picker = "backwards", until the next reload', seed.say("strategy", "picker=backwards"))
        self.assertEqual(working(), "backwards")
        self.assertIn('"rarest-first"', seed.say("strategy", "picker="))
        self.assertEqual(working(), "rarest-first")
        self.write(seed, "10.toml", '[strategy]\npicker = "backwards"\n[strategy.backwards]\nspread = 4\n')
        self.assertIn("strategy.backwards.spread (unset to 4)", self.reload(seed.process)[0])
        self.assertTrue(wait_until(lambda: working() == "backwards"))
        self.assertEqual(seed.ask("plugins", "backwards")["plugins"][0]["options"][0]["value"], "4")
        self.write(seed, "10.toml", '[strategy]\npicker = "backwards"\n[strategy.backwards]\nspred = 4\n')
        self.assertIn(f"{seed.work}/conf.d/10.toml:4:1: strategy.backwards.spred: backwards has no such option; did you "
                      "mean spread?", self.reload(seed.process)[0])
        self.expect_refusal(seed.control("set", info_hash, "picker=no-such"), REFUSED, "no-such", str(self.plugins))
        self.expect_refusal(seed.control("strategy", "choker=backwards"), REFUSED, "backwards")
        self.assertEqual(working(), "backwards")

    def test_checked_before_the_start(self) -> None:
        """--check-config and a start refuse options of the wrong type or out of range, with their place"""
        self.build("backwards")
        path = self.folder / "swarmd.toml"
        for value, words in (("65", "must be 1 to 64, found 65"), ('"3"', "expected an integer, found a string")):
            with self.subTest(value):
                path.write_text(f'[daemon]\nplugin_dir = "{self.plugins}"\nstate_dir = "{self.folder}/state"\n'
                                f'download_dir = "{self.folder}"\n[strategy.backwards]\nspread = {value}\n')
                for arguments in (("--check-config",), ()):
                    done = self.run_program("swarmd", *arguments, "--config", path)
                    self.expect_refusal(done, REFUSED, f"{path}:6:10: strategy.backwards.spread: {words}")
                    self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)


class Broken(StrategyCase):
    def broken(self) -> dict[str, str]:
        """Plugins that cannot be used, and what is to be said of each."""
        self.build("crash", more="__attribute__((constructor)) static void boom(void) { __builtin_trap(); }\n")
        self.build("quitter", more="#include <unistd.h>\n__attribute__((constructor)) static void end(void) { _exit(0); }\n")
        self.build("abi", source=EXAMPLE.read_text().replace("SWARM_ABI_MAJOR,", "SWARM_ABI_MAJOR + 1,"))
        self.build("symbol", more="int no_such_function(void);\nint (*unknown)(void) = no_such_function;\n")
        self.build("nothing", "-Dswarm_plugin_entry=another_entry")
        whole = self.build("cut")
        whole.write_bytes(whole.read_bytes()[:6000])
        self.build("open").chmod(0o666)
        (self.plugins / "text.so").write_text("this is no library\n" * 100)
        return {"crash": "crashed while it was loaded", "quitter": "ended the program that loaded it",
                "abi": "is for interface 2.", "symbol": "no_such_function", "nothing": "exports no swarm_plugin_entry",
                "cut": "is cut short", "open": "may be written by everybody", "text": "is not a 64-bit ELF"}

    def test_one_line_each(self) -> None:
        """a crashing constructor, a wrong version, a missing symbol, a truncated file, one that everybody may write: a
        line each, and the daemon runs on"""
        broken = self.broken()
        seed, fetcher, info_hash, payload = self.pair(2, strategy={"picker": "crash"})
        for name, words in broken.items():
            with self.subTest(name):
                self.assertTrue(wait_until(lambda: f"/{name}.so" in fetcher.process.said()), fetcher.process.tail())
                told = [line for line in fetcher.process.said().splitlines() if f"/{name}.so" in line]
                self.assertEqual(len(told), 1, "\n".join(told))
                self.assertIn(words, told[0])
        self.assertEqual(len(lines(fetcher.process, "the picker crash cannot be used, another takes its place")), 1)
        unusable = [x["message"] for x in fetcher.ask("plugins")["unusable"]]
        for name in broken:
            self.assertEqual(len([message for message in unusable if f"/{name}.so " in message]), 1, unusable)
        fetcher.say("get", info_hash, "--wait")
        self.assertEqual(payload.differences(fetcher.downloads), [])
        self.assertEqual(fetcher.ask("strategy", info_hash)["torrents"][0]["working_picker"], "rarest-first")
        for name in broken:
            self.expect_refusal(fetcher.control("set", info_hash, f"picker={name}"), REFUSED, name)
        said = fetcher.process.said()
        for name in broken:
            self.assertEqual(len([line for line in said.splitlines() if f"/{name}.so" in line]), 1)
        self.assertEqual(fetcher.process.stop(), 0)

    def test_turned_off(self) -> None:
        """a picker that lies and one that dawdles are turned off with one line, and the download is complete"""
        lie = re.sub(r"\bpieces\[0\] = .*;", "pieces[0] = 0x7fffffff;", EXAMPLE.read_text())
        slow = EXAMPLE.read_text().replace("    uint32_t last[64];\n", "    uint32_t last[64];\n    usleep(20000);\n")
        self.build("liar", source=lie)
        self.build("dawdler", source="#define _GNU_SOURCE\n#include <unistd.h>\n" + slow)
        for name, fault in (("liar", "picked piece 2147483647"), ("dawdler", "waited in a call")):
            with self.subTest(name):
                tracker = self.tracker() if name == "liar" else tracker
                seed = seed if name != "liar" else self.daemon("seed", tracker=[tracker.announce])
                payload = make_folder(self.folder / name, f"{name}-release", 4)
                seed.say("share", payload.path)
                info_hash = seed.torrents()[-1]["info_hash"]
                fetcher = self.swarmd(f"fetcher-{name}", tracker=[tracker.announce])
                fetcher.say("get", info_hash, "--picker", name, "--wait")
                self.assertEqual(payload.differences(fetcher.downloads), [])
                told = lines(fetcher.process, f"the picker {name} is turned off after 8 faults")
                self.assertEqual(len(told), 1, fetcher.process.tail())
                self.assertIn(fault, told[0])
                torrent = fetcher.ask("strategy", info_hash)["torrents"][0]
                self.assertEqual((torrent["picker"], torrent["working_picker"]), (name, "built-in rarest"))
                plugin = fetcher.ask("plugins", name)["plugins"][0]
                self.assertTrue(plugin["disabled"])
                self.assertEqual(plugin["faults"], 8)
                self.expect_refusal(fetcher.control("strategy", f"picker={name}"), REFUSED, "turned off")
                self.assertIn("rarest-first", fetcher.say("set", info_hash, "picker="))
                self.assertEqual(fetcher.ask("strategy", info_hash)["torrents"][0]["working_picker"], "rarest-first")


class Held(StrategyCase):
    # As the unit has it: longer than swarmd takes to find out that a call does not come back, however busy the machine.
    WATCHDOG = 30

    def test_a_call_that_never_returns(self) -> None:
        """a picker that does not come back is named in one line; the watchdog kills the daemon, which from then on leaves
        that file alone and finishes the torrent with another picker"""
        hang = "    uint32_t last[64];\n    static int calls;\n    while (++calls > 12)\n        pause();\n"
        library = self.build("hanger", source="#define _GNU_SOURCE\n#include <unistd.h>\n"
                             + EXAMPLE.read_text().replace("    uint32_t last[64];\n", hang))
        tracker = self.tracker()
        seed = self.daemon("seed", tracker=[tracker.announce])
        payload = make_folder(self.folder / "data", "release", 8)
        seed.say("share", payload.path)
        info_hash = seed.torrents()[0]["info_hash"]
        fetcher = self.daemon("fetcher", start=False, tracker=[tracker.announce], daemon={"plugin_dir": self.plugins})
        with ServiceManager(fetcher, self.folder / "notify", self.WATCHDOG) as manager:
            manager.start()
            fetcher.say("get", info_hash, "--picker", "hanger")
            self.assertTrue(manager.killed(180), fetcher.process.tail())
            told = lines(fetcher.process, "the picker hanger has not come back from a call")
            self.assertEqual(len(told), 1, fetcher.process.tail())
            self.assertIn("it stays off from the next start on, until its file is replaced", told[0])
            self.assertIn(str(library), (fetcher.work / "state" / "held-plugins").read_text())

            manager.start()
            listed = fetcher.say("plugins")
            self.assertRegex(listed, rf"(?m)^ +plugin {library} did not come back from a call and held swarmd up, so it "
                             "stays off; replace the file, ")
            self.assertNotRegex(listed, r"(?m)^picker +hanger ")
            self.assertTrue(self.finished(fetcher, info_hash), fetcher.process.tail())
            self.assertEqual(payload.differences(fetcher.downloads), [])
            torrent = fetcher.ask("strategy", info_hash)["torrents"][0]
            self.assertEqual((torrent["picker"], torrent["working_picker"]), ("hanger", "rarest-first"))
            self.assertEqual(len(lines(fetcher.process, "has not come back from a call")), 1, "it was called again")

            self.build("hanger")
            self.assertTrue(wait_until(lambda: re.search(r"(?m)^picker +hanger ", fetcher.say("plugins"))),
                            "another file of that name is not tried")
