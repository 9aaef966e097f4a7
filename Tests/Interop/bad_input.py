# SPDX-License-Identifier: Apache-2.0
"""What a user can get wrong, and what the network can throw: each gets an error with its place and cause, and the daemon
lives on. Runs on loopback, without namespaces."""
from __future__ import annotations

import hashlib
import os
import socket
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from lab import settings
from lab.fake import LyingSeed, handshake, message, send_and_read, tracker_answering
from lab.payload import Payload, bencode, make_file, make_torrent
from lab.process import PATIENCE, wait_until
from lab.settings import program
from lab.swarm import Swarmd, SwarmTracker

OK, REFUSED, USAGE, UNREACHABLE = 0, 1, 2, 3
NOBODY = 65_534


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def http(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


class LoopbackCase(unittest.TestCase):
    """A folder, and daemons on loopback that go when the test ends."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="swarm-interop-", dir=settings.WORK, ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.folder.chmod(0o755)

    def daemon(self, name: str = "swarmd", start: bool = True, **options) -> Swarmd:
        daemon = Swarmd(self.folder / name, port=options.pop("port", None) or free_port(), name=name, **options)
        self.addCleanup(lambda: daemon.process and daemon.process.stop())
        if start:
            daemon.start()
        return daemon

    def run_program(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([program(str(command[0])), *map(str, command[1:])], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=PATIENCE)

    def expect_refusal(self, done: subprocess.CompletedProcess[str], codes: int | tuple[int, ...], *words: str) -> None:
        """The exit code is right, the message is on stderr, says each of `words`, and is a message, not a crash."""
        codes = codes if isinstance(codes, tuple) else (codes,)
        shown = f"{' '.join(done.args)}: exit code {done.returncode}\nstdout: {done.stdout}\nstderr: {done.stderr}"
        self.assertIn(done.returncode, codes, shown)
        self.assertTrue(done.stderr.strip(), f"no message on stderr: {shown}")
        for word in words:
            self.assertIn(word.lower(), done.stderr.lower(), f"the message does not say '{word}': {shown}")
        for word in ("Fatal error", "Thread 0", "fatalError"):
            self.assertNotIn(word, done.stderr, f"it crashed: {shown}")


class UserErrors(LoopbackCase):
    def test_malformed_torrents(self) -> None:
        """malformed .torrent files are refused, each with the file's name and what is wrong"""
        info = {"name": "x", "piece length": 16_384, "length": 5, "pieces": bytes(20)}
        broken = {
            "empty": b"", "not bencode": b"<html>404 not found</html>", "cut off": bencode({"info": info})[:-9],
            "no info": bencode({"announce": "http://127.0.0.1:1/announce"}),
            "piece length 0": bencode({"info": {**info, "piece length": 0}}),
            "negative length": bencode({"info": {**info, "length": -5}}),
            "pieces of 19 bytes": bencode({"info": {**info, "pieces": bytes(19)}}),
            "pieces missing": bencode({"info": {**info, "length": 5_000_000}}),
            "too deep": b"l" * 100_000 + b"e" * 100_000,
            "huge string": b"d4:info99999999999999999999:x",
        }
        daemon = self.daemon()
        for name, content in broken.items():
            path = self.folder / f"{name}.torrent"
            path.write_bytes(content)
            with self.subTest(name):
                self.expect_refusal(daemon.control("add", path), REFUSED, f"{name}.torrent")
        self.assertEqual(daemon.torrents(), [])

    def test_paths_stay_inside(self) -> None:
        """a .torrent whose paths lead outside its folder writes nothing there"""
        daemon = self.daemon()
        for number, path in enumerate((["..", "..", "evil"], ["a", "..", "..", "..", "evil"], ["/etc/evil"], ["a/../../evil"])):
            info = {"name": "x", "piece length": 16_384, "files": [{"length": 0, "path": path}, {"length": 4, "path": ["f"]}],
                    "pieces": hashlib.sha1(b"good").digest()}
            file = self.folder / f"path-{number}.torrent"
            file.write_bytes(bencode({"info": info}))
            daemon.control("add", file)
        for name in ("..", ".", "", "a/b", "/etc/evil-name"):
            info = {"name": name, "piece length": 16_384, "length": 0, "pieces": b""}
            file = self.folder / "name.torrent"
            file.write_bytes(bencode({"info": info}))
            daemon.control("add", file)
        time.sleep(1)
        strays = [p for p in self.folder.rglob("*evil*") if daemon.downloads not in p.parents]
        self.assertEqual(strays, [])
        self.assertFalse(Path("/etc/evil").exists() or Path("/etc/evil-name").exists())
        self.assertTrue(daemon.answers())

    def test_missing_files(self) -> None:
        """a missing file or folder is named in the error"""
        daemon = self.daemon()
        absent = self.folder / "not here"
        for command in (["add", f"{absent}.torrent"], ["share", absent], ["create", absent, "--output", self.folder / "o"]):
            with self.subTest(command[0]):
                self.expect_refusal(daemon.control(*command), REFUSED, "not here")

    def test_unknown_torrents(self) -> None:
        """an id that names no torrent is refused, and so is one too short"""
        daemon = self.daemon()
        for command in ("show", "pause", "resume", "remove", "verify", "peers"):
            with self.subTest(command):
                self.expect_refusal(daemon.control(command, "deadbeef"), REFUSED, "deadbeef")

    def test_magnets(self) -> None:
        """a malformed magnet is refused; one that nobody knows waits for its metadata and says so"""
        daemon = self.daemon()
        for magnet in ("magnet:?dn=no+hash", "magnet:?xt=urn:btih:tooshort", "magnet:?xt=urn:sha1:ABCDEF"):
            with self.subTest(magnet):
                self.expect_refusal(daemon.control("add", magnet), (REFUSED, USAGE), "info-hash")
        digits = "0123456789abcdef0123456789abcdef01234567"
        added = daemon.control("add", f"magnet:?xt=urn:btih:{digits}")
        if added.returncode == OK:
            torrent = daemon.torrent(digits)
            self.assertEqual(torrent["state"], "metadata")
            shown = daemon.ask("show", digits)
            self.assertTrue(shown.get("reason") or shown.get("error"), f"nothing says why it does not move: {shown}")
        else:
            self.expect_refusal(added, REFUSED, "tracker")

    def test_get_unknown(self) -> None:
        """get of what no tracker knows is refused with the name; without a tracker it says that there is none"""
        lone = self.daemon("lone")
        self.expect_refusal(lone.control("get", "no such thing"), REFUSED, "tracker")
        tracker = SwarmTracker(self.folder / "tracker", port=free_port())
        self.addCleanup(tracker.process.stop)
        self.assertTrue(wait_until(tracker.ready), tracker.process.tail())
        daemon = self.daemon("with-tracker", tracker=[tracker.announce])
        self.expect_refusal(daemon.control("get", "no such thing"), REFUSED, "no such thing")
        self.expect_refusal(daemon.control("get", "0123456789" * 4), REFUSED, "0123456789")

    def test_wrong_options(self) -> None:
        """an unknown option, command or argument exits with the code for usage and names it"""
        usage = (USAGE, 64)
        self.expect_refusal(self.run_program("swarmd", "--no-such-option"), usage, "no-such-option")
        self.expect_refusal(self.run_program("swarm-trackerd", "--no-such-option"), usage, "no-such-option")
        self.expect_refusal(self.run_program("swarmctl", "list", "--no-such-option"), USAGE, "no-such-option")
        self.expect_refusal(self.run_program("swarmctl", "no-such-command"), USAGE, "no-such-command")
        self.expect_refusal(self.run_program("swarmctl", "add"), USAGE)

    def test_no_daemon(self) -> None:
        """swarmctl without a daemon says which socket it tried"""
        path = self.folder / "nobody.sock"
        self.expect_refusal(self.run_program("swarmctl", "--socket", path, "list"), UNREACHABLE, str(path))

    def test_configuration(self) -> None:
        """a wrong key, type or value in a configuration is refused with path:line:column, and the nearest key"""
        cases = {
            "[daemon]\nstate_dri = '/x'\n": (":2:1", "state_dir"),
            "[deamon]\n": (":1:", "daemon"),
            "[peer]\n\nlisten = 6881\n": (":3:", "listen"),
            "[peer]\nencryption = 'sometimes'\n": (":2:", "disabled"),
            "[discovery]\ndht = maybe\n": (":2:",),
            "[daemon\n": (":1:",),
        }
        for number, (text, words) in enumerate(cases.items()):
            path = self.folder / f"wrong-{number}.toml"
            path.write_text(text)
            for extra in ([], ["--check-config"]):
                with self.subTest(text=text, extra=extra):
                    done = self.run_program("swarmd", "--config", path, *extra)
                    self.expect_refusal(done, (1, 2, 78), str(path), *words)
        path = self.folder / "tracker.toml"
        path.write_text("[tracker]\nlisten = ['127.0.0.1:0']\nintervall = '1 s'\n")
        self.expect_refusal(self.run_program("swarm-trackerd", "--config", path), (1, 2, 78), f"{path}:3:1", "interval")
        absent = self.folder / "absent.toml"
        self.expect_refusal(self.run_program("swarmd", "--config", absent), (1, 2, 78), str(absent))

    def test_default_configuration(self) -> None:
        """the default configuration that a program prints is one that it accepts"""
        for name in ("swarmd", "swarm-trackerd"):
            printed = self.run_program(name, "--print-default-config")
            self.assertEqual(printed.returncode, OK, printed.stderr)
            path = self.folder / f"{name}.toml"
            path.write_text(printed.stdout)
            checked = self.run_program(name, "--config", path, "--check-config")
            self.assertEqual(checked.returncode, OK, checked.stderr)


class Conflicts(LoopbackCase):
    def ended(self, daemon: Swarmd) -> str:
        """Starts a daemon that must give up at once; returns what it said."""
        process = daemon.launch()
        process.expected_end = True
        self.assertTrue(wait_until(lambda: not process.running), f"it runs all the same: {process.tail()}")
        self.assertNotEqual(process.exit_code, 0, process.tail())
        self.assertGreater(process.exit_code, 0, f"a signal ended it: {process.tail(40)}")
        return process.said()

    def test_port_in_use(self) -> None:
        """a port in use ends the start with the address and the cause"""
        first = self.daemon("first")
        said = self.ended(self.daemon("second", start=False, port=first.port))
        self.assertIn(str(first.port), said)
        self.assertRegex(said.lower(), "in use")

    def test_second_daemon(self) -> None:
        """a second daemon on the same state is refused, and the first does not notice"""
        first = self.daemon("first")
        second = self.daemon("second", start=False, daemon={"state_dir": first.work / "state"})
        said = self.ended(second)
        self.assertIn(str(first.work / "state"), said)
        self.assertTrue(first.answers())

    def test_same_socket(self) -> None:
        """a second daemon does not take the first one's control socket away; a stale one is replaced"""
        first = self.daemon("first")
        said = self.ended(self.daemon("second", start=False, daemon={"control_socket": first.socket}))
        self.assertIn(str(first.socket), said)
        self.assertTrue(first.answers())
        first.process.kill()
        self.assertTrue(first.socket.exists(), "a killed daemon leaves its socket behind")
        first.start()

    def test_tracker_port_in_use(self) -> None:
        """swarm-trackerd says when its port is taken"""
        port = free_port()
        with socket.create_server(("127.0.0.1", port)):
            tracker = SwarmTracker(self.folder / "tracker", port=port)
            self.addCleanup(tracker.process.stop)
            self.assertTrue(wait_until(lambda: not tracker.process.running), "it runs all the same")
            self.assertGreater(tracker.process.exit_code, 0)
            self.assertIn(str(port), tracker.process.said())

    def test_unwritable_state(self) -> None:
        """a state folder that cannot be made ends the start with its path"""
        (self.folder / "file").write_text("no folder")
        state = self.folder / "file" / "state"
        said = self.ended(self.daemon(start=False, daemon={"state_dir": state}))
        self.assertIn(str(state), said)

    def test_unwritable_folder(self) -> None:
        """a download folder that cannot be written is refused or suspends the torrent, with path and cause"""
        (self.folder / "file").write_text("no folder")
        target = self.folder / "file" / "below"
        payload = make_file(self.folder / "source", "some.bin", 100_000)
        info_hash = make_torrent(payload, torrent := self.folder / "some.torrent", [])
        daemon = self.daemon()
        added = daemon.control("add", torrent, "--dir", target)
        if added.returncode != OK:
            self.expect_refusal(added, REFUSED, str(target))
        else:
            self.assertTrue(wait_until(lambda: daemon.state(info_hash) == "suspended"), daemon.describe())
            self.assertIn(str(target), daemon.torrent(info_hash)["error"])
        self.assertTrue(daemon.answers())

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to become somebody else")
    def test_no_permission(self) -> None:
        """a folder without permission is named with its cause when swarmd runs as an ordinary user"""
        target = self.folder / "forbidden"
        target.mkdir(mode=0o755)
        payload = make_file(self.folder / "source", "some.bin", 100_000)
        info_hash = make_torrent(payload, torrent := self.folder / "some.torrent", [])
        daemon = self.daemon(start=False)
        for folder in (daemon.work, daemon.downloads):
            os.chown(folder, NOBODY, NOBODY)
        wrapper = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        if subprocess.run([*wrapper, program("swarmd"), "--help"], capture_output=True).returncode != 0:
            self.skipTest("another user may not run the program where it lies")
        daemon.wrapper = wrapper
        daemon.start()
        added = daemon.control("add", torrent, "--dir", target)
        if added.returncode != OK:
            self.expect_refusal(added, REFUSED, str(target), "denied")
        else:
            self.assertTrue(wait_until(lambda: daemon.state(info_hash) == "suspended"), daemon.describe())
            error = daemon.torrent(info_hash)["error"]
            self.assertIn(str(target), error)
            self.assertIn("denied", error.lower())


class HostileNetwork(LoopbackCase):
    def added(self, daemon: Swarmd, size: int, trackers: list[list[str]]) -> tuple[str, Path]:
        payload = make_file(self.folder / "source", "some.bin", size)
        info_hash = make_torrent(payload, torrent := self.folder / "some.torrent", trackers)
        daemon.say("add", torrent)
        return info_hash, payload.path

    def test_garbage_trackers(self) -> None:
        """a tracker that answers garbage is shown as failing with its cause, and the daemon lives on"""
        answers = {
            "noise": os.urandom(3_000), "nothing": b"",
            "a web page": http(b"<html>no</html>"),
            "an error": b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
            "a wrong type": http(bencode({"interval": "soon", "peers": 7})), "a list": http(bencode(["peers"])),
            "a long body": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 100_000,
            "a refusal": http(bencode({"failure reason": "not allowed"})),
            "odd peers": http(bencode({"interval": 60, "peers": b"1234567"})),  # last, as some of it may be taken
        }
        servers = {name: tracker_answering(answer) for name, answer in answers.items()}
        for server in servers.values():
            self.addCleanup(server.close)
        daemon = self.daemon()
        tiers = [[f"http://127.0.0.1:{server.port}/announce"] for server in servers.values()]
        info_hash, _ = self.added(daemon, 100_000, tiers)

        def told() -> dict[str, dict]:
            return {t["url"]: t for t in daemon.ask("trackers", info_hash)["trackers"]}

        def failed() -> bool:
            """Notes who fails, and why: one that has failed is asked again later, and is being asked then."""
            reasons.update({url: t["message"] for url, t in told().items() if t["state"] == "failing"})
            # A tracker may be taken at its word for the rest of its answer.
            return all(tier[0] in reasons for name, tier in zip(servers, tiers) if name != "odd peers")

        reasons: dict[str, str | None] = {}
        self.assertTrue(wait_until(failed), f"{told()}")
        self.assertTrue(wait_until(lambda: all(s.connections for s in servers.values())),
                        f"not every tier was tried: { {n: s.connections for n, s in servers.items()} }")
        for name, tier in zip(servers, tiers):
            with self.subTest(name):
                self.assertTrue(name == "odd peers" or reasons[tier[0]], "no message says why")
        self.assertTrue(daemon.answers())

    def test_garbage_peers(self) -> None:
        """garbage, oversized frames and wrong handshakes on the peer port cost their sender the connection, no more"""
        daemon = self.daemon()
        info_hash, _ = self.added(daemon, 1_000_000, [])
        target = ("127.0.0.1", daemon.port)
        greeting = handshake(info_hash)
        rubbish = {
            "noise": os.urandom(5_000), "a web request": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 5,
            "an unknown torrent": handshake("ab" * 20),
            "an oversized frame": greeting + struct.pack(">I", 0xFFFF_FFFF) + os.urandom(1_000),
            "a bitfield of wrong length": greeting + message(5, bytes(1_000)),
            "a have beyond the end": greeting + message(4, struct.pack(">I", 0xFFFF_FFF0)),
            "a request beyond the end": greeting + message(2) + message(6, struct.pack(">III", 0, 0xFFFF_0000, 0xFFFF_FFFF)),
            "an unrequested block": greeting + message(7, struct.pack(">II", 0, 0) + bytes(16_384)),
            "a short have": greeting + message(4, b"\0"),
            "extended rubbish": handshake(info_hash, b"\0\0\0\0\0\x10\0\x05") + message(20, b"\0" + b"d1:m" * 500),
        }
        for number, (name, data) in enumerate(rubbish.items()):
            with self.subTest(name):
                try:
                    send_and_read(target, data, 3, source=f"127.0.1.{number + 1}")
                except ConnectionRefusedError:
                    self.fail(f"the daemon does not listen any more after {name}:\n{daemon.describe()}")
                self.assertTrue(daemon.process.running, f"{name} ended the daemon:\n{daemon.process.tail(40)}")
        self.assertTrue(daemon.answers())
        self.assertEqual(daemon.torrent(info_hash)["error"], None)

    def test_lying_seed(self) -> None:
        """a peer that sends wrong data is banned; the download still completes from an honest one"""
        size, piece = 4_000_000, 65_536
        daemon = self.daemon("fetch")
        info_hash, path = self.added(daemon, size, [])
        liar = LyingSeed(("127.0.0.1", daemon.port), info_hash, -(-size // piece), "127.0.0.66")
        self.addCleanup(liar.stop)
        self.assertTrue(wait_until(lambda: daemon.ask("show", info_hash)["hash_failures"] > 0),
                        f"no piece failed, {liar.blocks_sent} blocks were sent:\n{daemon.describe()}")
        self.assertTrue(wait_until(lambda: liar.refused > 0), f"the liar is still served:\n{daemon.describe()}")
        tracker = SwarmTracker(self.folder / "tracker", port=free_port())
        self.addCleanup(tracker.process.stop)
        self.assertTrue(wait_until(tracker.ready), tracker.process.tail())
        honest = self.daemon("honest")
        torrent = self.folder / "with-tracker.torrent"
        make_torrent(Payload(path), torrent, [[tracker.announce]])
        honest.say("add", torrent, "--dir", path.parent)
        self.assertTrue(wait_until(lambda: honest.complete(info_hash)), honest.describe())
        daemon.say("remove", info_hash)
        daemon.say("add", torrent)
        self.assertTrue(wait_until(lambda: daemon.complete(info_hash)), daemon.describe())
        self.assertEqual((daemon.downloads / path.name).read_bytes(), path.read_bytes())
