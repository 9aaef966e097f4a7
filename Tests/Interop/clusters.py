# SPDX-License-Identifier: Apache-2.0
"""Several trackers that share their torrents and their catalogue through one Redis server."""
from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.parse

from lab.case import NetworkCase
from lab.lab import Lab
from lab.payload import make_file, make_torrent
from lab.process import Process, wait_until
from lab.swarm import SwarmTracker

# At the seed's 4 Mbit/s that takes 80 s, so a download is still running when a tracker is killed and another found.
MIB = 40
PIECE = 128 << 10
REDIS_PORT = 6390
PORTS = (6969, 6970)


class Cluster:
    """A Redis server and trackers, all on the hub of the lab's network."""

    def __init__(self, lab: Lab, **cluster) -> None:
        self.lab, self.options = lab, cluster
        self.folder = lab.work / "redis"
        self.folder.mkdir()
        self.redis: Process | None = None
        self.trackers: list[SwarmTracker] = []

    @property
    def hub(self):
        return self.lab.network.hub

    def start_redis(self) -> None:
        command = ["redis-server", "--bind", self.hub.v4, "--protected-mode", "no", "--port", str(REDIS_PORT), "--dir",
                   str(self.folder), "--save", "", "--appendonly", "yes", "--daemonize", "no"]
        self.redis = Process("redis-server", self.hub.command(*command), self.folder / "log")
        self.lab.expect(wait_until(lambda: self.hub.listens(REDIS_PORT)), "redis-server does not listen")

    def command(self, *words: str) -> str:
        return self.hub.run("redis-cli", "-h", self.hub.v4, "-p", str(REDIS_PORT), *words).stdout

    def start_tracker(self, index: int, **tables) -> SwarmTracker:
        tracker = SwarmTracker(
            self.lab.work / f"tracker-{index}", self.hub, PORTS[index],
            tracker={"interval": "5 s", "min_interval": "1 s", **tables},
            cluster={"redis": f"{self.hub.v4}:{REDIS_PORT}", "name": f"node-{index}",
                     "advertise": f"{self.hub.v4}:{PORTS[index]}", **self.options})
        self.trackers = self.trackers[:index] + [tracker] + self.trackers[index + 1:]
        self.lab.expect(wait_until(lambda: tracker.ready() or not tracker.process.running)
                        and tracker.process.running, f"a tracker does not listen: {tracker.process.tail()}")
        return tracker

    def start(self) -> None:
        self.start_redis()
        for index in range(len(PORTS)):
            self.start_tracker(index)
        for tracker in self.trackers:
            self.wait_nodes(tracker, 2)

    def get(self, tracker: SwarmTracker, path: str) -> str:
        return self.hub.run("curl", "-s", "-m", "20", f"http://{self.hub.v4}:{tracker.port}{path}").stdout

    def wait_nodes(self, tracker: SwarmTracker, count: int) -> None:
        self.lab.wait(lambda: f"{count} node" in self.get(tracker, "/health"), f"{count} nodes: {tracker.port}")

    def availability(self, tracker: SwarmTracker, info_hash: str) -> dict:
        try:
            return json.loads(self.get(tracker, f"/v1/torrents/{info_hash}/availability?first=0"))
        except ValueError:
            return {}

    def owner(self, info_hash: str, among: list[SwarmTracker] | None = None) -> SwarmTracker:
        """The one that does not send us on, of all or of some."""
        owners = [t for t in among or self.trackers if "another tracker" not in self.availability(t, info_hash).get("error", "")]
        self.lab.expect(len(owners) == 1, f"{len(owners)} trackers think that {info_hash} is theirs")
        return owners[0]

    def announce(self, tracker: SwarmTracker, info_hash: str, number: int, more: str = "") -> bytes:
        query = urllib.parse.quote(bytes.fromhex(info_hash))
        path = f"/announce?info_hash={query}&peer_id={'-XX0001-' + str(number).zfill(12)}&port={20000 + number}&left=1{more}"
        url = f"http://{self.hub.v4}:{tracker.port}{path}"
        return subprocess.run(self.hub.command("curl", "-s", "-m", "20", url), capture_output=True, timeout=60).stdout

    def close(self) -> None:
        for tracker in self.trackers:
            tracker.process.stop()
        if self.redis:
            self.redis.stop()


class Clusters(NetworkCase):
    def cluster(self, hosts: int = 4, **options) -> Cluster:
        if not shutil.which("redis-server"):
            self.skipTest("there is no redis-server here")
        lab = self.lab(hosts=hosts, tracker=False)
        cluster = Cluster(lab, **options)
        self.addCleanup(cluster.close)
        cluster.start()
        return cluster

    def download(self, cluster: Cluster, url: str) -> tuple:
        lab = cluster.lab
        payload = make_file(lab.work / "source", "film.bin", MIB << 20)
        info_hash = make_torrent(payload, torrent := lab.work / "made.torrent", [[url]], PIECE)
        seed = lab.peer("swarmd")
        # So slow that it is not over before all that is to be shown was.
        seed.host.limit(3)
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), "the seed has everything")
        peers = [lab.peer("swarmd") for _ in range(3)]
        for peer in peers:
            peer.fetch(torrent, info_hash)
        return payload, info_hash, peers

    def whole(self, cluster: Cluster, tracker: SwarmTracker, peers: list, info_hash: str) -> bool:
        """Whether the tracker counts about what the peers themselves say that they have."""
        told = cluster.availability(tracker, info_hash)
        if told.get("reporting") != len(peers):
            return False
        had = sum(peer.torrent(info_hash)["progress"] for peer in peers) * told["pieces"]
        return abs(sum(told["counts"]) - had) <= 0.15 * told["pieces"] * len(peers)

    @staticmethod
    def goes_on(torrent: dict, before: float) -> bool:
        return torrent["state"] == "downloading" and torrent["progress"] > before

    def finish(self, cluster: Cluster, payload, info_hash: str, peers: list) -> None:
        for peer in cluster.lab.peers:
            peer.host.limit(None)
        cluster.lab.wait_complete(peers, info_hash)
        cluster.lab.expect_whole(peers, payload)

    def kill_owner(self, way: str, to_owner: bool, restarts: bool = False) -> None:
        """Kills the owner under a running download that was told of it, or of the other tracker. With `restarts` one of those
        that download dies with it and comes back."""
        cluster = self.cluster()
        lab = cluster.lab
        # Which tracker will own the torrent is known once it is made: the URL is none of its info.
        probe = make_file(lab.work / "source", "film.bin", MIB << 20)
        info_hash = make_torrent(probe, lab.work / "probe.torrent", [["http://none/"]], PIECE)
        owner = cluster.owner(info_hash)
        other = next(t for t in cluster.trackers if t is not owner)
        payload, made, peers = self.download(cluster, getattr(owner if to_owner else other, way))
        lab.expect(made == info_hash, "the info-hash depends on the tracker")
        lab.wait(lambda: self.whole(cluster, owner, peers, info_hash), "the owner knows what everybody has", 30)
        # Before anybody is killed: of one that comes back, it would be the progress of its checking for a while.
        before = [peer.torrent(info_hash)["progress"] for peer in peers]
        owner.process.kill()
        killed = time.monotonic()
        if restarts:
            peers[0].process.kill()
            peers[0].start()
        # How long that takes is in what it takes for the map to be whole, below.
        lab.wait(lambda: "1 node" in cluster.get(other, "/health"), "the other tracker knows that it is alone")
        alone = time.monotonic() - killed
        # Who has just become the owner may have heard from nobody yet, but sends nobody away any more.
        lab.expect(cluster.owner(info_hash, [other]) is other, "the other serves the torrent")
        lab.wait(lambda: self.whole(cluster, other, peers, info_hash), "the map is whole again", 60)
        whole = time.monotonic() - killed
        print(f"        owner killed: another node has its torrents after {alone:.1f} s, the map whole after {whole:.1f} s")
        lab.expect(whole < 30, f"the map is whole after {whole:.1f} s only")
        if restarts:  # It had no peers, and the tracker that it was told of is gone.
            lab.wait(lambda: self.goes_on(peers[0].torrent(info_hash), before[0]), "the one that came back goes on")
        after = [peer.torrent(info_hash)["progress"] for peer in peers]
        lab.expect(all(b > a for a, b in zip(before, after)), f"somebody stopped: {before}, then {after}")
        lab.expect(all(p < 1 for p in after), f"the download is over, so nothing was shown: {after}")
        self.finish(cluster, payload, info_hash, peers)

    def test_owner_is_killed_http(self) -> None:
        """the tracker that owns a torrent is killed: the other takes over, and the map is whole within 30 s (HTTP)"""
        self.kill_owner("announce", False)

    def test_owner_is_killed_udp(self) -> None:
        """the tracker that owns a torrent is killed: the other takes over, and the map is whole within 30 s (UDP)"""
        self.kill_owner("announce_udp", False)

    def test_only_known_tracker_is_killed(self) -> None:
        """peers that were told of the killed tracker alone find the other by themselves (HTTP)"""
        self.kill_owner("announce", True)

    def test_only_known_tracker_is_killed_udp(self) -> None:
        """peers that were told of the killed tracker alone find the other by themselves (UDP)"""
        self.kill_owner("announce_udp", True)

    def test_only_known_tracker_is_killed_restart(self) -> None:
        """the same, and one that is killed with it and comes back later knows the other from before (UDP)"""
        self.kill_owner("announce_udp", True, restarts=True)

    def test_redis_loses_all(self) -> None:
        """Redis loses all its data: no tracker takes another for dead"""
        cluster = self.cluster(hosts=0)
        lab = cluster.lab
        # Each time at another moment between two beats.
        for pause in (5.3, 5.9, 4.7, 10):
            cluster.command("FLUSHALL")
            time.sleep(pause)
        for tracker in cluster.trackers:
            said = tracker.process.said()
            lab.expect(said.count("the cluster has 2 nodes now") == 1 and "1 node now" not in said.split("2 nodes now")[-1],
                       f"a node was given up:\n{said}")
            lab.expect("2 nodes" in cluster.get(tracker, "/health"), "a node is missing")

    def test_redis_goes(self) -> None:
        """Redis goes and comes back: announces are answered throughout, one warning, and the trackers agree again"""
        cluster = self.cluster()
        lab = cluster.lab
        hashes = [bytes([n] * 20).hex() for n in range(1, 9)]
        cluster.redis.kill()
        lab.wait(lambda: all("Redis does not answer" in cluster.get(t, "/health") for t in cluster.trackers),
                 "both trackers know that Redis is gone")
        for index, info_hash in enumerate(hashes):
            for place, tracker in enumerate(cluster.trackers):
                answer = cluster.announce(tracker, info_hash, 2 * index + place)
                lab.expect(b"8:interval" in answer, f"an announce is not answered: {answer}")
        for tracker in cluster.trackers:
            said = tracker.process.said()
            lab.expect(said.count("does not answer") == 1, f"not one warning but this:\n{said}")
            lab.expect("2 nodes" in cluster.get(tracker, "/health"), "a node was given up for what Redis did")
        cluster.start_redis()
        for tracker in cluster.trackers:
            lab.wait(lambda: "Redis" not in cluster.get(tracker, "/health"), "a tracker is back")
            cluster.wait_nodes(tracker, 2)
        # Each tracker hears of the peer that came to the other while they could not speak, and of new ones: the owner by
        # itself, another when it asks the owner again, which it does every 30 s.
        fresh = 100
        for index, info_hash in enumerate(hashes):
            for place, tracker in enumerate(cluster.trackers):
                lab.wait(lambda: self.port_bytes(2 * index + 1 - place)
                         in cluster.announce(tracker, info_hash, 2 * index + place), "a peer of meanwhile is told")
            cluster.announce(cluster.trackers[0], info_hash, fresh + index)
        for index, info_hash in enumerate(hashes):
            lab.wait(lambda: self.port_bytes(fresh + index)
                     in cluster.announce(cluster.trackers[1], info_hash, 2 * index + 1), "a new peer is told")

    @staticmethod
    def port_bytes(number: int) -> bytes:
        return (20000 + number).to_bytes(2, "big")

    def test_foreign_clients(self) -> None:
        """clients that know nothing of clusters find each other, each at another tracker"""
        cluster = self.cluster()
        lab = cluster.lab
        for index, info_hash in enumerate(bytes([n] * 20).hex() for n in range(1, 7)):
            first, second = cluster.trackers
            cluster.announce(first, info_hash, 2 * index)
            lab.wait(lambda: self.port_bytes(2 * index) in cluster.announce(second, info_hash, 2 * index + 1),
                     "a client at the second tracker is told of one at the first")
            lab.wait(lambda: self.port_bytes(2 * index + 1) in cluster.announce(first, info_hash, 2 * index),
                     "and the other way")
            cluster.announce(first, info_hash, 2 * index, "&event=stopped")
        told = [int(line.split()[1]) for t in cluster.trackers for line in cluster.get(t, "/metrics").splitlines()
                if line.startswith("swarm_tracker_cluster_announces_told_total")]
        lab.expect(sum(told) > 0, f"nothing was told: {told}")

    def test_catalogue(self) -> None:
        """what is shared with one tracker is found with the other, also when Redis was away meanwhile, until unshared"""
        cluster = self.cluster(hosts=2)
        lab = cluster.lab
        first, second = cluster.trackers
        payload = make_file(lab.work / "source", "shared-film.bin", 1 << 20)
        one = lab.peer("swarmd", tracker=[first.announce])
        one.start()
        one.say("share", payload.path)
        lab.wait(lambda: "shared-film" in cluster.get(second, "/v1/catalogue"), "the other tracker has it, too")
        two = lab.peer("swarmd", tracker=[second.announce])
        two.start()
        two.say("get", "shared-film.bin", "--wait")
        cluster.redis.kill()
        later = make_file(lab.work / "source", "later-film.bin", 1 << 20)
        one.say("share", later.path)
        cluster.start_redis()
        lab.wait(lambda: "later-film" in cluster.get(second, "/v1/catalogue"), "what came while Redis was away")
        # Its sharer takes one back, at whichever tracker.
        made = make_torrent(make_file(lab.work / "source", "third-film.bin", 1 << 20), file := lab.work / "third.torrent", [])
        catalogue = f"http://{cluster.hub.v4}:{first.port}/v1/catalogue"
        key = "Authorization: Bearer 0123456789abcdef"
        cluster.hub.run("curl", "-s", "-m", "20", "-H", key, "--data-binary", f"@{file}", catalogue, check=True)
        lab.wait(lambda: made in cluster.get(second, "/v1/catalogue"), "the third is shared")
        removal = f"http://{cluster.hub.v4}:{second.port}/v1/catalogue/{made}"
        cluster.hub.run("curl", "-s", "-f", "-m", "20", "-X", "DELETE", "-H", key, removal, check=True)
        lab.wait(lambda: made not in cluster.get(first, "/v1/catalogue"), "it is gone at the other tracker, too")
        lab.expect("later-film" in cluster.get(first, "/v1/catalogue"), "another one is gone as well")

    def test_lists(self) -> None:
        """a passkey that is put into Redis is known to both trackers at once, and one that is taken out is not"""
        cluster = self.cluster(hosts=0, lists=["passkeys"])
        lab = cluster.lab
        info_hash = "07" * 20
        for tracker in cluster.trackers:
            lab.expect(b"failure" in cluster.announce(tracker, info_hash, 1), "somebody without a key is served")
        cluster.command("SADD", "swarm:passkeys", "abc123")
        cluster.command("INCR", "swarm:lists")
        for tracker in cluster.trackers:
            lab.wait(lambda: b"8:interval" in cluster.announce(tracker, info_hash, 1, "&passkey=abc123"),
                     "a member is served")
        cluster.command("SREM", "swarm:passkeys", "abc123")
        cluster.command("INCR", "swarm:lists")
        for tracker in cluster.trackers:
            lab.wait(lambda: b"failure" in cluster.announce(tracker, info_hash, 1, "&passkey=abc123"),
                     "who is no member any more is not")
