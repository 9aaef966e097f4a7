// SPDX-License-Identifier: Apache-2.0

extension EventExplanation {
    // MARK: - State

    static let stateRepaired = EventExplanation(
        "The state of the daemon was damaged and has been repaired",
        """
        The database with the torrent list was damaged, by a failing disk for instance. It was moved
        aside, never deleted, and what could be read of it was carried over: the message says how
        much, and where the old file is.

        Torrents that are missing now can be added again; their files are still there and are
        checked instead of fetched. Check the disk below @SWARM_STORE_PATH@.
        """)

    static let recordMissing = EventExplanation(
        "A torrent lacks its metainfo and was left out",
        """
        The state knows the torrent @SWARM_TORRENT_NAME@ (@SWARM_TORRENT@), but not the .torrent
        file that belongs to it. It is not brought up; its files on disk are untouched. Add it again
        from its .torrent file or link: what is on disk is checked, not fetched again.
        """)

    static let recordDamaged = EventExplanation(
        "The metainfo of a torrent does not parse; it was left out",
        """
        What the state holds of the torrent @SWARM_TORRENT@ is damaged: @SWARM_ERROR_MESSAGE@. It is
        not brought up; its files on disk are untouched. Remove it and add it again from its
        .torrent file or link. Check the disk of the state folder.
        """)

    static let progressUnrecorded = EventExplanation(
        "Progress could not be written down",
        """
        The state folder could not be written to: @SWARM_ERROR_MESSAGE@. Torrents go on; what is not
        recorded is hashed again after the next start, and nothing is lost. Usually the disk of the
        state folder is full: make room there.
        """)

    static let piecesMissing = EventExplanation(
        "Files that were there are gone",
        """
        @SWARM_PIECES@ pieces of @SWARM_TORRENT_NAME@ were recorded as complete, but their files
        below @SWARM_STORE_PATH@ are gone or shorter. They are fetched again. If a disk is not
        mounted, pause the torrent (swarmctl pause), mount it, and verify the torrent.
        """)
}
