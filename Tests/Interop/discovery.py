# SPDX-License-Identifier: Apache-2.0
"""Peers found without a tracker: by the distributed hash table, and by calling out on the local network."""
from __future__ import annotations

from lab.case import NetworkCase
from lab.lab import Lab
from lab.others import LibTorrent
from lab.payload import make_file, make_torrent
from lab.swarm import Swarmd

HOSTS = 10
SWARM_NODES = 44
LIBTORRENT_NODES = 6


class HashTable(NetworkCase):
    def node(self, lab: Lab, number: int, kind: str):
        """The `number`-th node: several share a host, and all know the first one only."""
        hosts = lab.network.hosts
        host, port = hosts[number % len(hosts)], 6_881 + number // len(hosts)
        bootstrap = f"{hosts[0].v4}:6881"
        name = f"{kind}-{number}"
        if kind == "swarmd":
            peer = Swarmd(lab.work / name, host, port, name=name,
                          discovery={"dht": True, "dht_bootstrap": [bootstrap]}, daemon={"threads": 1})
        else:
            peer = LibTorrent(lab.work / name, host, name=name, port=port, hash_table=bootstrap)
        lab.peers.append(peer)
        return peer

    def test_fifty_nodes(self) -> None:
        """fifty nodes, libtorrent's among them, find a torrent's peers without a tracker"""
        self.need("swarmd", "libtorrent")
        lab = self.lab(hosts=HOSTS, tracker=False)
        ours = make_file(lab.work / "ours", "ours.bin", 3 << 20)
        theirs = make_file(lab.work / "theirs", "theirs.bin", 3 << 20, seed=2)
        other = make_file(lab.work / "other", "other.bin", 1 << 20, seed=3)
        torrents = {}
        for payload in (ours, theirs, other):
            path = lab.work / f"{payload.parent.name}.torrent"
            torrents[payload.path] = path, make_torrent(payload, path, [])
        nodes = [self.node(lab, number, "swarmd") for number in range(SWARM_NODES)]
        for node in nodes:
            node.launch()
        for node in nodes:
            lab.wait(node.answers, f"{node.name} answers")
        crowd = [self.node(lab, SWARM_NODES + number, "libtorrent") for number in range(LIBTORRENT_NODES)]
        seed, leecher, *rest = crowd
        for node in rest:
            node.fetch(*torrents[other.path])
        for node in nodes:
            lab.wait(lambda: node.ask("status")["dht"]["nodes"] >= 8, f"{node.name} knows nodes")
        seed.seed(*torrents[theirs.path], theirs.parent)
        nodes[7].say("add", torrents[ours.path][0], "--dir", ours.parent)
        lab.wait(lambda: nodes[7].complete(torrents[ours.path][1]), "the seed has everything")
        lab.wait(lambda: self.row(nodes[7], torrents[ours.path][1]).get("last_announce"), "the seed has announced itself")
        for node, payload in ((nodes[30], ours), (nodes[41], theirs)):
            node.say("add", torrents[payload.path][0], "--dir", node.downloads)
        leecher.fetch(*torrents[ours.path])
        lab.wait_complete([nodes[30], leecher], torrents[ours.path][1])
        lab.wait_complete([nodes[41]], torrents[theirs.path][1])
        lab.expect_whole([nodes[30], leecher], ours)
        lab.expect_whole([nodes[41]], theirs)
        lab.wait(lambda: (row := self.row(nodes[30], torrents[ours.path][1])).get("state") == "working"
                 and row["received"] >= 1, "the hash table's row tells of what it brought")
        lab.expect("dht" in nodes[30].say("trackers", torrents[ours.path][1]), "the table of trackers lacks the hash table")

    @staticmethod
    def row(node: Swarmd, info_hash: str) -> dict:
        return next((t for t in node.ask("trackers", info_hash)["trackers"] if t["url"] == "dht"), {})

    def test_nodes_survive_a_restart(self) -> None:
        """a node that is started again finds its way back without the one it began from"""
        self.need("swarmd")
        lab = self.lab(hosts=10, tracker=False)
        nodes = [self.node(lab, number, "swarmd") for number in range(12)]
        for node in nodes:
            node.start()
        for node in nodes:
            lab.wait(lambda: node.ask("status")["dht"]["nodes"] >= 8, f"{node.name} knows nodes")
        nodes[0].process.stop()
        nodes[5].process.stop()
        nodes[5].start()
        lab.wait(lambda: nodes[5].ask("status")["dht"]["nodes"] >= 4, "it has come back")

    def test_private(self) -> None:
        """a private torrent is not looked for in the hash table, another one beside it is"""
        self.need("swarmd")
        lab = self.lab(hosts=1)
        node = self.node(lab, 0, "swarmd")
        node.start()
        payload = make_file(lab.work / "source", "secret.bin", 1 << 20)
        node.say("share", payload.path, "--private", "--tracker", lab.tracker.announce, "--piece-size", "64K")
        secret = node.torrents()[0]["info_hash"]
        other = make_file(lab.work / "other", "other.bin", 1 << 20, seed=2)
        torrent = lab.work / "other.torrent"
        public = make_torrent(other, torrent, [])
        node.say("add", torrent, "--dir", other.parent)
        lab.wait(lambda: node.ask("status")["dht"]["searched"] > 0 and self.row(node, public), "a torrent is looked for")
        lab.expect(node.ask("status")["dht"]["searched"] == 1, "two torrents are looked for")
        lab.expect(not self.row(node, secret), "the hash table has a row of the private torrent")


class LocalNetwork(NetworkCase):
    def pair(self, first: str, second: str, v6: bool = False) -> None:
        """Two peers that know nothing of each other; the second fetches."""
        self.need(first, second)
        lab = self.lab(hosts=2, tracker=False)
        payload = make_file(lab.work / "source", "local.bin", 2 << 20)
        torrent = lab.work / "local.torrent"
        info_hash = make_torrent(payload, torrent, [])
        seed, fetch = (self.peer(lab, kind, v6) for kind in (first, second))
        seed.seed(torrent, info_hash, payload.parent)
        lab.wait(lambda: seed.complete(info_hash), f"{seed.name} has everything")
        fetch.fetch(torrent, info_hash)
        lab.wait_complete([fetch], info_hash)
        lab.expect_whole([fetch], payload)

    @staticmethod
    def peer(lab: Lab, kind: str, v6: bool):
        if kind == "swarmd":
            return lab.peer(kind, v4=not v6, v6=v6, discovery={"local": True})
        return lab.peer(kind, v6=v6, local=True)

    def test_swarmd(self) -> None:
        """two swarmd on one network find each other"""
        self.pair("swarmd", "swarmd")

    def test_swarmd_v6(self) -> None:
        """two swarmd on one network find each other over IPv6"""
        self.pair("swarmd", "swarmd", v6=True)

    def test_libtorrent(self) -> None:
        """swarmd finds libtorrent on its network, or is found"""
        self.pair("libtorrent", "swarmd")
