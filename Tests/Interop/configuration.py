# SPDX-License-Identifier: Apache-2.0
"""Configuration as an operator lives with it: checked before use, read again by SIGHUP without losing anything, shown and
changed with swarmctl. Runs on loopback, without namespaces."""
from __future__ import annotations

import os
import re
import signal
import socket
import urllib.request

from bad_input import OK, REFUSED, USAGE, LoopbackCase, free_port
from lab.payload import make_folder
from lab.process import PATIENCE, Process, wait_until
from lab.swarm import Swarmd, SwarmTracker


def lines(process: Process, words: str) -> list[str]:
    return [line for line in process.said().splitlines() if words in line]


class ConfigurationCase(LoopbackCase):
    def reload(self, process: Process, count: int = 1) -> list[str]:
        """Sends SIGHUP; returns the lines that answer it, which are `count` at least."""
        before = len(process.said())
        os.kill(process.pid, signal.SIGHUP)

        def answer() -> list[str]:
            return [line for line in process.said()[before:].splitlines() if "configuration re" in line]

        self.assertTrue(wait_until(lambda: len(answer()) >= count), f"no answer to SIGHUP:\n{process.tail()}")
        self.assertTrue(process.running, process.tail())
        return answer()

    def write(self, daemon: Swarmd | SwarmTracker, name: str, text: str) -> None:
        """Writes a drop-in beside the daemon's file."""
        folder = daemon.work / "conf.d"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text)

    def tracker(self) -> SwarmTracker:
        tracker = SwarmTracker(self.folder / "tracker", port=free_port())
        self.addCleanup(tracker.process.stop)
        self.assertTrue(wait_until(tracker.ready), tracker.process.tail())
        return tracker


class Checking(ConfigurationCase):
    def check(self, text: str, program: str = "swarmd"):
        path = self.folder / "check.toml"
        path.write_text(text)
        return self.run_program(program, "--check-config", "--config", path)

    def test_default_files(self) -> None:
        """the default files are in order, fit a terminal, and say of every key what it takes and when a change is used"""
        for program in ("swarmd", "swarm-trackerd"):
            text = self.run_program(program, "--print-default-config").stdout
            done = self.check(text, program)
            self.assertEqual(done.returncode, OK, done.stderr)
            self.assertLessEqual(max(map(len, text.splitlines())), 100)
            keys = re.findall(r"^#?\w+ = ", text, re.M)
            facts = re.findall(r"(Takes effect on reload|Needs a restart)\.$", text, re.M)
            self.assertEqual(len(keys), len(facts))

    def test_mistakes(self) -> None:
        """every mistake in every file is told at once, with its place and what was probably meant"""
        (self.folder / "conf.d").mkdir()
        (self.folder / "conf.d" / "10-limits.toml").write_text("[peer]\nconnections = 0\n\n[lgo]\n")
        done = self.check('[peer]\nconections = 5\nlisten = "x"\n[store]\nsync_interval = "1 week"\n')
        main, dropin = f"{self.folder}/check.toml", f"{self.folder}/conf.d/10-limits.toml"
        self.expect_refusal(
            done, REFUSED, f"{main}:2:1: unknown key conections in [peer]; did you mean connections?",
            f"{main}:3:10: peer.listen: expected a list", f"{main}:5:17: store.sync_interval: ",
            f"{dropin}:2:15: peer.connections: must be 1 to 100000, found 0",
            f"{dropin}:4:2: unknown table [lgo]; did you mean [log]?")
        self.assertEqual(len(done.stderr.splitlines()), 5)
        self.assertEqual(done.stdout, "")

    def test_oddities(self) -> None:
        """duplicate keys and broken syntax have a place; an empty file, a byte-order mark and CRLF are fine"""
        for text, words in (("[peer]\nconnections = 1\nconnections = 2\n", ":3:"), ("[peer\n", ":1:"),
                            ("[log]\nlevel = debug\n", ":2:"), ("[peer]\nlisten = [\n", ":")):
            with self.subTest(text):
                self.expect_refusal(self.check(text), REFUSED, f"check.toml{words}")
        for text in ("", "\ufeff[log]\r\nlevel = \"debug\"\r\n", "# nothing\n"):
            with self.subTest(text):
                self.assertEqual(self.check(text).returncode, OK)
        self.expect_refusal(self.run_program("swarmd", "--check-config", "--config", self.folder / "none"), REFUSED,
                            "none", "No such file")
        (self.folder / "conf.d").mkdir()
        (self.folder / "conf.d" / "folder.toml").mkdir()
        self.expect_refusal(self.check(""), REFUSED, "folder.toml", "directory")

    def test_warnings(self) -> None:
        """what would fail at the start is told beforehand, as a warning at its place"""
        done = self.check('[daemon]\ndownload_dir = "/no/such/disk"\n[strategy]\npicker = "none-such"\n'
                          '[peer]\nblock_list = "/no/such/list"\n')
        self.assertEqual(done.returncode, OK, done.stderr)
        for place in ("2:16: daemon.download_dir: ", "4:10: strategy.picker: ", "6:14: peer.block_list: "):
            self.assertIn(f"swarmd: warning: {self.folder}/check.toml:{place}", done.stderr)


class Reloading(ConfigurationCase):
    def test_nothing_is_lost(self) -> None:
        """SIGHUP with a good change, a broken one and one that needs a restart: torrents and transfers go on"""
        tracker = self.tracker()
        seed = self.daemon("seed", tracker=[tracker.announce])
        payload = make_folder(self.folder / "data", "release", 3)
        seed.say("share", payload.path)
        info_hash = seed.torrents()[0]["info_hash"]
        pid, torrents = seed.process.pid, len(seed.torrents())

        self.write(seed, "10-good.toml", '[log]\nlevel = "debug"\n[peer]\nconnections = 60\nconnections_per_torrent = 50\n')
        answer = self.reload(seed.process)
        self.assertEqual(len(answer), 1)
        for word in ('log.level ("info" to "debug")', "peer.connections (500 to 60)"):
            self.assertIn(word, answer[0])
        self.assertNotIn("needs a restart", answer[0])
        self.assertEqual(seed.ask("config", "peer.connections")["settings"][0]["value"], "60")

        self.write(seed, "20-broken.toml", '[peer]\nconections = 5\nconnections = "x"\n')
        answer = self.reload(seed.process, 2)
        self.assertEqual(len(answer), 2)
        self.assertIn(f"{seed.work}/conf.d/20-broken.toml:2:1: unknown key conections", answer[0])
        self.assertIn("20-broken.toml:3:15: peer.connections: expected an integer", answer[1])
        self.assertEqual(seed.ask("config", "peer.connections")["settings"][0]["value"], "60")

        (seed.work / "conf.d" / "20-broken.toml").unlink()
        self.write(seed, "30-restart.toml", "[daemon]\nthreads = 3\n")
        answer = self.reload(seed.process)
        self.assertIn("needs a restart: daemon.threads (0 to 3)", answer[0])
        setting = seed.ask("config", "daemon.threads")["settings"][0]
        self.assertEqual((setting["value"], setting["configured"]), ("0", "3"))

        self.assertEqual((seed.process.pid, len(seed.torrents())), (pid, torrents))
        self.assertEqual(seed.state(info_hash), "seeding")
        leecher = self.daemon("leecher", tracker=[tracker.announce])
        leecher.say("get", info_hash, "--wait")
        self.assertEqual(payload.differences(leecher.downloads), [])

        seed.process.stop()
        seed.start()
        self.assertEqual(seed.ask("config", "daemon.threads")["settings"][0]["value"], "3")
        self.assertEqual(len(seed.torrents()), torrents)

    def test_the_service_manager_is_told(self) -> None:
        """while the configuration is read again systemd sees RELOADING, then READY, whether it was taken or refused"""
        path = self.folder / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(path))
            manager.settimeout(PATIENCE)

            def hear(word: bytes) -> None:
                while not any(line.startswith(word) for line in manager.recv(4_096).splitlines()):
                    pass

            daemon = self.daemon(start=False)
            daemon.wrapper = ["env", f"NOTIFY_SOCKET={path}"]
            daemon.start()
            hear(b"READY=1")
            for text in ('[log]\nlevel = "notice"\n', "[log\n"):
                self.write(daemon, "10.toml", text)
                self.reload(daemon.process)
                hear(b"RELOADING=1")
                hear(b"READY=1")

    def test_many_hang_ups(self) -> None:
        """a hail of SIGHUP neither ends nor confuses the daemon"""
        daemon = self.daemon()
        for _ in range(200):
            os.kill(daemon.process.pid, signal.SIGHUP)
        self.assertTrue(daemon.answers(), daemon.process.tail())
        self.assertTrue(wait_until(lambda: bool(lines(daemon.process, "configuration reloaded; nothing changed"))))
        self.assertEqual(daemon.process.stop(), 0)

    def test_tracker(self) -> None:
        """the tracker takes new intervals on SIGHUP, refuses a broken file, and forgets no peer"""
        tracker = self.tracker()

        def announce(number: int) -> bytes:
            query = f"info_hash={'%aa' * 20}&peer_id=-XX0000-00000000000{number}&port={7000 + number}&left=1&compact=1"
            with urllib.request.urlopen(f"{tracker.announce}?{query}", timeout=PATIENCE) as reply:
                return reply.read()

        self.assertIn(b"12:min intervali30e", announce(1))
        self.write(tracker, "10.toml", '[tracker]\nmin_interval = "7 s"\nthreads = 3\n')
        answer = self.reload(tracker.process)
        self.assertIn('tracker.min_interval ("30 s" to "7 s")', answer[0])
        self.assertTrue(wait_until(lambda: bool(lines(tracker.process, "needs a restart: tracker.threads (0 to 3)"))))
        self.assertIn(b"12:min intervali7e", announce(2))
        self.write(tracker, "20.toml", '[tracker]\nmin_interval = "9 h"\n')
        self.assertIn("20.toml:2:16: tracker.min_interval: must not be longer than tracker.interval",
                      self.reload(tracker.process)[0])
        reply = announce(3)
        self.assertIn(b"12:min intervali7e", reply)
        self.assertIn(b"10:incompletei3e", reply)


class Setting(ConfigurationCase):
    def test_log_level(self) -> None:
        """swarmctl config log.level=debug changes the running daemon until it is taken back"""
        daemon = self.daemon()
        listed = daemon.say("config")
        self.assertRegex(listed, r'(?m)^log\.level +"info" +live +default$')
        self.assertRegex(listed, rf'(?m)^daemon\.state_dir +"{daemon.work}/state" +at restart +{daemon.configuration}:2$')
        self.assertIn('log.level = "error", until the next reload', daemon.say("config", "log.level=error"))
        self.assertIn("set live", daemon.say("config", "log.level"))
        before = len(daemon.process.said())
        daemon.say("config", "peer.upload_slots=3")
        self.assertEqual(daemon.process.said()[before:], "", "a notice was logged at level error")
        self.assertIn('log.level = "info", the default', daemon.say("config", "log.level="))
        daemon.say("config", "--unset", "peer.upload_slots")
        self.assertTrue(lines(daemon.process, "was set back to"))

    def test_refusals(self) -> None:
        """a value that does not do, a key that needs a restart and one that there is not are refused with what to do"""
        daemon = self.daemon()
        for assignment, words in (
                ("peer.connections=0", ("peer.connections", "1 to 100000")), ("log.level=debg", ('did you mean "debug"',)),
                ("peer.conections=5", ("did you mean peer.connections?",)),
                ("daemon.threads=3", ("[daemon]", str(daemon.configuration), "systemctl restart swarmd")),
                ("peer.block_list=/no/such/list", ("/no/such/list",))):
            with self.subTest(assignment):
                self.expect_refusal(daemon.control("config", assignment), REFUSED, *words)
        self.expect_refusal(daemon.control("config", "--unset"), USAGE, "--unset")
        self.assertTrue(daemon.answers())
