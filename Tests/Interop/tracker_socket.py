# SPDX-License-Identifier: Apache-2.0
"""swarmctl looks after a tracker through its control socket."""
from __future__ import annotations

import json
import os
import signal
import subprocess

from lab.case import NetworkCase
from lab.lab import Lab
from lab.settings import program


class TrackerSocket(NetworkCase):
    def tracker(self, lab: Lab, *arguments: str, fails: bool = False) -> str:
        done = subprocess.run([program("swarmctl"), "--socket", str(lab.tracker.work / "trackerd.sock"), "tracker",
                               *arguments], capture_output=True, text=True, timeout=120)
        lab.expect((done.returncode != 0) == fails,
                   f"tracker {arguments}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def announce(self, lab: Lab, number: int) -> str:
        url = (f"{lab.tracker.announce}?info_hash={'%2a' * 20}&peer_id={'-XX0001-' + str(number).zfill(12)}"
               f"&port={20000 + number}&left=1")
        return subprocess.run(lab.network.hub.command("curl", "-s", "-m", "20", url), capture_output=True,
                              timeout=30).stdout.decode("latin-1")

    def test_looking_and_banning(self) -> None:
        """stats, torrents and peers tell what is there; a ban holds at once and over a restart, until it is lifted"""
        lab = self.lab(hosts=0)
        for number in range(3):
            lab.expect("8:interval" in self.announce(lab, number), "an announce is not answered")
        stats = json.loads(self.tracker(lab, "stats", "--json"))
        lab.expect((stats["peers"], stats["torrents"], stats["announces"]) == (3, 1, 3), f"{stats}")
        lab.expect("2a" * 20 in self.tracker(lab, "torrents"), "the torrent is not listed")
        peers = json.loads(self.tracker(lab, "peers", "2a2a", "--json"))["peers"]
        here = lab.network.hub.v4
        lab.expect({p["address"] for p in peers} == {f"{here}:{20000 + n}" for n in range(3)}, f"{peers}")
        lab.expect("at least 4" in self.tracker(lab, "peers", "2a", fails=True), "a short name is taken")
        self.tracker(lab, "ban", "no-address", fails=True)
        lab.expect("3 addresses of peers forgotten" in self.tracker(lab, "ban", f"{here}/32"), "nobody is forgotten")
        lab.expect("failure reason" in self.announce(lab, 1), "who is banned is served")
        lab.tracker.process.stop()
        lab.start_tracker()
        lab.expect(f"{here}/32" in self.tracker(lab, "bans"), "the ban is forgotten")
        lab.expect("failure reason" in self.announce(lab, 1), "who is banned is served after a restart")
        self.tracker(lab, "unban", f"{here}/32")
        lab.expect("8:interval" in self.announce(lab, 1), "who is banned no more is not served")

    def test_hang_up(self) -> None:
        """a hang-up reads lists and configuration again, and what is there stays"""
        lab = self.lab(hosts=0)
        self.announce(lab, 1)
        denied = lab.work / "denied"
        denied.write_text("2a" * 20 + "\n")
        with lab.tracker.configuration.open("a") as configuration:
            configuration.write('[log]\nlevel = "notice"\n')
        text = lab.tracker.configuration.read_text().replace("[tracker]", f'[tracker]\ndeny_list = "{denied}"', 1)
        lab.tracker.configuration.write_text(text)
        os.kill(lab.tracker.process.pid, signal.SIGHUP)
        lab.wait(lambda: "does not serve" in self.announce(lab, 1), "the list holds")
        lab.tracker.configuration.write_text(text.replace("[tracker]", "[tracker]\nbogus = 1", 1))
        os.kill(lab.tracker.process.pid, signal.SIGHUP)
        lab.wait(lambda: "bogus" in lab.tracker.process.said(), "the mistake is told")
        lab.expect("does not serve" in self.announce(lab, 1), "a faulty configuration changed something")
        lab.expect(json.loads(self.tracker(lab, "stats", "--json"))["peers"] == 1, "the peer is forgotten")
