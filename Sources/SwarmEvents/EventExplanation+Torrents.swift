// SPDX-License-Identifier: Apache-2.0

extension EventExplanation {
    // MARK: - Torrents

    static let torrentAdded = EventExplanation(
        "A torrent was added",
        """
        @SWARM_TORRENT_NAME@ was added; its files go below @SWARM_STORE_PATH@.

        SWARM_TORRENT is its info-hash, with which swarmctl show tells more.
        """)

    static let metadataReceived = EventExplanation(
        "A magnet link has become a torrent",
        """
        The list of the files of @SWARM_TORRENT_NAME@ has come, from peers or a catalogue, and matches
        the info-hash. From now on it is a torrent like others.
        """)

    static let torrentRemoved = EventExplanation(
        "A torrent was removed",
        """
        @SWARM_TORRENT_NAME@ is no longer kept. SWARM_DATA says whether its files were kept or
        deleted. SWARM_TORRENT is its info-hash.
        """)

    static let torrentMoved = EventExplanation(
        "The files of a torrent were moved",
        """
        The files of @SWARM_TORRENT_NAME@ are below @SWARM_STORE_PATH@ now, where it goes on. Files
        among them that are not of the torrent stayed where they were.
        """)

    static let moveFailed = EventExplanation(
        "A complete torrent could not be moved",
        """
        @SWARM_TORRENT_NAME@ is complete and was to go below @SWARM_STORE_PATH@, but stays where it
        is, and is seeded from there: @SWARM_ERROR_MESSAGE@. It is tried again by itself; swarmctl
        move brings it elsewhere, and swarmctl set @SWARM_TORRENT@ move_to= leaves it there.
        """)

    static let torrentFinished = EventExplanation(
        "A torrent is complete",
        """
        Every piece of @SWARM_TORRENT_NAME@ is here and has been checked against its hash. It is
        seeded to others until it is paused or removed.

        SWARM_TORRENT is its info-hash.
        """)

    static let seedingEnded = EventExplanation(
        "A torrent has been seeded for long enough",
        """
        @SWARM_TORRENT_NAME@ was paused: @SWARM_REASON@. That is as seed_ratio, seed_time or
        seed_idle in [queue] of swarmd.toml(5) want it, or as swarmctl set said for this torrent.

        To serve it on, whatever these say: swarmctl resume @SWARM_TORRENT@
        """)

    static let torrentLabelled = EventExplanation(
        "A torrent has other labels",
        """
        @SWARM_TORRENT_NAME@ is marked with other labels now; SWARM_TORRENT_LABELS lists them, with
        commas between. swarmctl list --label LABEL lists the torrents of one.
        """)

    static let torrentPaused = EventExplanation(
        "An operator has paused a torrent",
        """
        @SWARM_TORRENT_NAME@ neither fetches nor serves until somebody resumes it, over restarts
        too: swarmctl resume @SWARM_TORRENT@
        """)

    static let torrentContinued = EventExplanation(
        "An operator has resumed a torrent",
        """
        @SWARM_TORRENT_NAME@ takes part in its swarm again.
        """)

    static let torrentSuspended = EventExplanation(
        "A torrent was suspended because its files cannot be used",
        """
        @SWARM_TORRENT_NAME@ stands still: @SWARM_ERROR_MESSAGE@

        Nothing is lost, and nothing is written meanwhile. Once the cause is gone (a full disk, a
        disk that is not mounted, a missing permission) it resumes by itself within seconds;
        swarmctl resume @SWARM_TORRENT@ tries at once.

        If swarmd runs as a service, it may write only where its unit allows: systemctl edit swarmd,
        and in [Service] a line ReadWritePaths= with the folder.
        """)

    static let torrentResumed = EventExplanation(
        "A suspended torrent goes on",
        """
        The trouble with the files of @SWARM_TORRENT_NAME@ is over and it takes part in its swarm
        again.
        """)

    static let torrentStopUnclean = EventExplanation(
        "A torrent did not stop in order",
        """
        @SWARM_TORRENT_NAME@ was taken off the network, but its last progress could not be secured:
        @SWARM_ERROR_MESSAGE@. What had not been recorded is hashed again at the next start.
        """)

    static let pieceHashFailed = EventExplanation(
        "A piece does not match its hash",
        """
        Piece @SWARM_PIECE@ of @SWARM_TORRENT_NAME@ arrived damaged and was thrown away; it is
        fetched again, from others if that can be. A peer that sends damaged pieces again and again
        is banned. If it happens with many peers, suspect this machine's memory or network card.

        SWARM_PEERS lists the peers that sent parts of it.
        """)

    static let webSeedDropped = EventExplanation(
        "A web seed is not asked any more",
        """
        The web server @SWARM_WEB_SEED@, which the torrent @SWARM_TORRENT_NAME@ names as a source,
        is left out from now on: @SWARM_REASON@. The torrent goes on with its peers and other web
        seeds; pausing and resuming it tries the server again.
        """)

    static let peerBanned = EventExplanation(
        "A peer was banned",
        """
        The address of @SWARM_PEER@ is not dialled or accepted for now: @SWARM_REASON@.
        SWARM_TORRENT is the torrent in which it misbehaved.
        """)
}
