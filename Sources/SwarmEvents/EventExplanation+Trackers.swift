// SPDX-License-Identifier: Apache-2.0

extension EventExplanation {
    // MARK: - Trackers

    static let trackerFailed = EventExplanation(
        "A tracker does not answer",
        """
        @SWARM_TRACKER_URL@ could not be announced to: @SWARM_ERROR_MESSAGE@. It is asked again,
        with growing pauses; peers that are known stay connected. swarmctl trackers @SWARM_TORRENT@
        shows how it stands. Parts of the address that may be secret are not logged.
        """)

    static let trackerRecovered = EventExplanation(
        "A tracker answers again",
        """
        @SWARM_TRACKER_URL@ had not answered and does so again.
        """)

    static let hashTableJoined = EventExplanation(
        "The distributed hash table is reached",
        """
        Peers are found without trackers too, except for private torrents. swarmctl status shows how
        many nodes are known; [discovery] dht turns it off.
        """)

    static let portMapped = EventExplanation(
        "The router forwards the peer port",
        """
        Peers outside reach this machine at port @SWARM_PORT_EXTERNAL@ of the router, which hands them
        on to port @SWARM_PORT_LOCAL@. It is asked again before it forgets, and told when swarmd stops.
        [discovery] port_mapping turns it off.
        """)

    static let portUnmapped = EventExplanation(
        "No router forwards the peer port",
        """
        swarmd asks the router by NAT-PMP and UPnP to forward port @SWARM_PORT_LOCAL@, and nothing on
        this network does. Where there is no router of that kind, as in a data centre, nothing is wrong.
        Behind a router at home, forward the port by hand, or peers outside cannot dial this machine.
        It asks again now and then; [discovery] port_mapping turns it off.
        """)

    static let shareRegistered = EventExplanation(
        "A share was registered with a catalogue",
        """
        @SWARM_TORRENT_NAME@ can be found with swarmctl search and fetched with swarmctl get by
        everybody who uses the tracker @SWARM_TRACKER_URL@. The tracker has its metadata only.
        """)

    static let shareUnregistered = EventExplanation(
        "A share could not be registered with a catalogue",
        """
        @SWARM_TORRENT_NAME@ is seeded, but the tracker @SWARM_TRACKER_URL@ did not take it into its
        catalogue: @SWARM_ERROR_MESSAGE@. It is not found by name there; its .torrent file and
        magnet link work all the same. Sharing it once more tries again.
        """)

    static let catalogueFailed = EventExplanation(
        "The catalogue of the tracker cannot be read or written",
        """
        swarm-trackerd could not answer a question about its catalogue: @SWARM_ERROR_MESSAGE@.
        Announces are not affected. Usually the disk of its state folder is full or failing.
        """)

    static let clusterJoined = EventExplanation(
        "A tracker takes part in its cluster",
        """
        swarm-trackerd reaches the Redis server @SWARM_CLUSTER_REDIS@ by which the trackers of its
        cluster find each other. What it could not tell the others before, it tells them now.
        """)

    static let clusterLost = EventExplanation(
        "A tracker has lost touch with its cluster",
        """
        The Redis server @SWARM_CLUSTER_REDIS@ does not answer: @SWARM_ERROR_MESSAGE@. Announces are
        answered as before, from what this tracker knows; peers that announce themselves to other
        trackers of the cluster, and what is registered in the catalogue there, are not heard of
        until Redis answers again. This tracker tries every second and says when it does.
        """)

    static let clusterChanged = EventExplanation(
        "Other trackers make up the cluster",
        """
        A tracker of the cluster has come or gone. Each torrent is looked after by one of
        @SWARM_CLUSTER_NODES@; torrents whose tracker has changed are being handed over, and their
        peers tell the new one which pieces they have.
        """)

    static let clusterConflict = EventExplanation(
        "Two trackers take part in a cluster under one name",
        """
        Another tracker writes that it is @SWARM_CLUSTER_NODE@, too. As long as this lasts, both look
        after the same torrents and know half of their peers each. Give one of them another name in
        the [cluster] table of its configuration, and restart it.
        """)
}
