# SPDX-License-Identifier: Apache-2.0
"""The life of torrents as an operator arranges it: folders that are watched, a queue, the end of seeding, and a command that
is run when something happens. Runs on loopback, without namespaces."""
from __future__ import annotations

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bad_input import OK, REFUSED, USAGE
from configuration import ConfigurationCase
from lab.payload import make_folder
from lab.process import wait_until


class Life(ConfigurationCase):
    def payload(self, name: str):
        return make_folder(self.folder / "data", name, 1)

    def wait(self, condition, what: str, daemon) -> None:
        self.assertTrue(wait_until(condition), f"{what}\n{daemon.describe()}")

    def test_watch_folder_hook_and_queue(self) -> None:
        """a .torrent that is dropped is fetched from another daemon, moved when it is complete, and tells the hook so"""
        seed = self.daemon("seed")
        torrents = []
        for name in ("one", "two"):
            payload = self.payload(name)
            torrents.append(self.folder / f"{name}.torrent")
            seed.say("share", payload.path, "--output", torrents[-1])
        hook, watched, incomplete = (self.folder / name for name in ("hook", "watched", "incomplete"))
        said = self.folder / "said"
        hook.write_text(f'#!/bin/sh\necho "$1|$SWARM_TORRENT_NAME|$SWARM_TORRENT_LABELS|$SWARM_STORE_PATH" >>"{said}"\n'
                        'echo "printed by the hook"\n')
        hook.chmod(0o755)
        watched.mkdir()
        incomplete.mkdir()
        leecher = self.daemon("leecher", start=False)
        (leecher.work / "conf.d").mkdir()
        (leecher.work / "conf.d" / "life.toml").write_text(
            f'[hook]\ncommand = "{hook}"\nevents = ["torrent-moved"]\n'
            f'[watch.drop]\npath = "{watched}"\nlabel = "dropped"\n'
            f'[daemon]\nincomplete_dir = "{incomplete}"\n[queue]\ndownloads = 1\n')
        # Half of one is there at the start, and nobody takes it for a whole.
        whole = torrents[0].read_bytes()
        (watched / "one.torrent").write_bytes(whole[:100])
        leecher.start()
        (watched / "bad.torrent").write_text("nonsense")
        self.wait(lambda: (watched / "bad.torrent.refused").exists(), "what is no torrent is refused", leecher)
        (watched / "one.torrent").write_bytes(whole)
        self.wait(lambda: (watched / "one.torrent.added").exists(), "a whole file is added", leecher)
        os.rename(torrents[1], watched / "two.torrent")
        self.wait(lambda: len(leecher.torrents()) == 2, "a file that is moved in is added", leecher)

        one, two = leecher.torrents()
        self.assertEqual((one["labels"], one["name"], two["name"]), (["dropped"], "one", "two"))
        self.wait(lambda: leecher.torrent(two["info_hash"])["queue_position"] == 1, "the second one waits", leecher)
        self.assertIn("it is number 1 of 1 in the queue", leecher.say("why", "two"))
        self.assertIn("two", leecher.say("queue"))
        leecher.say("queue", "top", "two")
        self.wait(lambda: leecher.torrent(one["info_hash"])["queue_position"] == 1, "the order is changed", leecher)
        leecher.say("config", "queue.downloads=0")
        self.wait(lambda: all(t["state"] == "downloading" for t in leecher.torrents()), "both take part", leecher)
        self.wait(lambda: (incomplete / "two").exists(), "its files are made where what is incomplete lies", leecher)

        for torrent in (one, two):
            # Neither has a tracker: a link that names the seed gives them its address.
            leecher.say("remove", torrent["info_hash"])
            link = f"magnet:?xt=urn:btih:{torrent['info_hash']}&x.pe=127.0.0.1:{seed.port}"
            done = leecher.control("add", link, "--wait", "--label", "linked")
            self.assertEqual(done.returncode, OK, done.stderr)
            self.assertTrue((leecher.downloads / torrent["name"]).exists(), "--wait waits for the move")
        self.wait(lambda: said.exists() and len(said.read_text().splitlines()) == 2, "the hook has run", leecher)
        self.assertEqual(said.read_text().splitlines(), [
            f"torrent-moved|{name}|linked|{leecher.downloads}" for name in ("one", "two")])
        self.wait(lambda: "printed by the hook" in leecher.process.said(), "its output is logged", leecher)
        self.assertEqual(sum("bad.torrent" in line for line in leecher.process.said().splitlines()), 1)

    def test_seeding_ends(self) -> None:
        """a torrent that is idle for long enough is paused, says why, and is served on once it is resumed"""
        seed = self.daemon("seed")
        seed.say("share", self.payload("album").path)
        seed.say("set", "album", "seed_time=1")
        self.wait(lambda: seed.torrents()[0]["state"] == "paused", "seeding has ended", seed)
        self.assertIn("seeding has ended: it has been complete for 1s", seed.say("why", "album"))
        self.assertIn("over: it has been complete for 1s", seed.say("show", "album"))
        seed.say("resume", "album")
        self.wait(lambda: seed.torrents()[0]["state"] == "seeding", "it is served on", seed)
        done = seed.control("set", "album", "seed_time=soon")
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("90min", done.stderr)

    def test_labels(self) -> None:
        """labels are added and taken away by + and -, listed by, and stay over a restart"""
        daemon = self.daemon()
        for name in ("one", "two"):
            daemon.say("share", self.payload(name).path)
        self.assertEqual(daemon.say("label", "one", "+linux", "+new iso").strip(), "one: linux, new iso")
        self.assertEqual(daemon.ask("label", "two", "+linux")["labels"], ["linux"])
        self.assertEqual(daemon.say("label", "one", "-linux").strip(), "one: new iso")
        # That is another torrent, and there is none of that name.
        self.expect_refusal(daemon.control("label", "one", "linux", "+more"), REFUSED, "linux")
        self.assertEqual(daemon.ask("label", "one")["labels"], ["new iso"])
        self.assertEqual(daemon.control("label", "one", "+a,b").returncode, REFUSED)
        daemon.process.stop()
        daemon.start()
        names = [t["name"] for t in daemon.ask("list", "--label", "linux")["torrents"]]
        self.assertEqual(names, ["two"])
        self.assertIn("new iso", daemon.say("list"))
        self.assertIn("new iso", daemon.say("show", "one"))

    def test_add_from_the_web(self) -> None:
        """a .torrent is added from an http address, redirects followed; what is none, missing or endless is told"""
        daemon = self.daemon()
        path = self.folder / "album.torrent"
        daemon.say("create", self.payload("album").path, "--output", path)
        pages = {"/a.torrent": path.read_bytes(), "/page": b"<html>"}

        class Pages(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/hop"):
                    hops = int(self.path[4:])
                    self.send_response(302)
                    self.send_header("Location", f"/hop{hops - 1}" if hops else "/a.torrent")
                    self.end_headers()
                elif self.path == "/endless":
                    self.send_response(200)
                    self.end_headers()
                    try:
                        while True:
                            self.wfile.write(bytes(1 << 20))
                    except OSError:
                        pass
                elif self.path in pages:
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(pages[self.path])
                else:
                    self.send_response(404)
                    self.end_headers()
                    self.wfile.write(b"no such page")

            def log_message(self, *_) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        for page, words in (("page", "page"), ("none", "404 not found"), ("endless", "larger than"), ("hop9", "on and on")):
            with self.subTest(page):
                self.expect_refusal(daemon.control("add", f"{address}/{page}"), REFUSED, words)
        self.assertEqual(daemon.torrents(), [])
        done = daemon.control("add", f"{address}/hop2", "--wait", "--timeout", "1s")
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("is not complete after 1s", done.stderr)
        self.assertEqual(daemon.torrents()[0]["name"], "album")
        self.assertEqual(daemon.control("add", f"{address}/hop2", "--timeout", "1s").returncode, USAGE)
