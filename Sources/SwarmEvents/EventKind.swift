// SPDX-License-Identifier: Apache-2.0

/// A kind of thing that a program tells of. Its raw value is the journal field `SWARM_EVENT`, for ever; `messageID` marks it
/// likewise. The catalogue explains each to operators.
package enum EventKind: String, CaseIterable, Hashable, Sendable {
    // Programs
    /// A Swarm daemon has started.
    case daemonStarted = "daemon-started"
    /// A Swarm daemon could not start.
    case startFailed = "start-failed"
    /// A Swarm daemon is stopping.
    case daemonStopping = "daemon-stopping"
    /// A Swarm daemon has stopped.
    case daemonStopped = "daemon-stopped"
    /// The configuration was read again.
    case daemonReloaded = "daemon-reloaded"
    /// The new configuration is not in order and was not taken.
    case reloadRefused = "reload-refused"
    /// The control socket keeps its mode and group.
    case socketKept = "socket-kept"
    /// The tracker has no control socket.
    case socketMissing = "socket-missing"
    /// A setting was changed while the daemon runs.
    case settingChanged = "setting-changed"
    /// A part of the daemon does not answer.
    case partStuck = "part-stuck"
    /// A part of the daemon answers again.
    case partRecovered = "part-recovered"
    /// A disk keeps the daemon waiting.
    case diskSlow = "disk-slow"
    /// The daemon did not close everything in order.
    case stopUnclean = "stop-unclean"
    /// The tracker listens.
    case listening = "listening"
    /// This machine has no IPv6.
    case ipv6Missing = "ipv6-missing"
    /// The operator's command failed.
    case hookFailed = "hook-failed"
    /// The operator's command printed something.
    case hookOutput = "hook-output"
    /// A file in a watched folder could not be added.
    case watchFileRefused = "watch-file-refused"
    /// A watched folder cannot be looked at.
    case watchFolderMissing = "watch-folder-missing"
    /// A watched folder can be looked at again.
    case watchFolderFound = "watch-folder-found"
    /// The list of blocked addresses was read.
    case blockListRead = "block-list-read"

    // State
    /// The state of the daemon was damaged and has been repaired.
    case stateRepaired = "state-repaired"
    /// A torrent lacks its metainfo and was left out.
    case recordMissing = "record-missing"
    /// The metainfo of a torrent does not parse; it was left out.
    case recordDamaged = "record-damaged"
    /// Progress could not be written down.
    case progressUnrecorded = "progress-unrecorded"
    /// Files that were there are gone.
    case piecesMissing = "pieces-missing"

    // Torrents
    /// A torrent was added.
    case torrentAdded = "torrent-added"
    /// What was a magnet link has its metadata now.
    case metadataReceived = "metadata-received"
    /// A torrent was removed.
    case torrentRemoved = "torrent-removed"
    /// The files of a torrent were moved.
    case torrentMoved = "torrent-moved"
    /// A complete torrent could not be moved to where it is to be.
    case moveFailed = "move-failed"
    /// A torrent is complete.
    case torrentFinished = "torrent-finished"
    /// A torrent has been seeded for long enough.
    case seedingEnded = "seeding-ended"
    /// A torrent has other labels.
    case torrentLabelled = "torrent-labelled"
    /// An operator has paused a torrent.
    case torrentPaused = "torrent-paused"
    /// An operator has resumed a torrent.
    case torrentContinued = "torrent-continued"
    /// A torrent was suspended because its files cannot be used.
    case torrentSuspended = "torrent-suspended"
    /// A suspended torrent goes on.
    case torrentResumed = "torrent-resumed"
    /// A torrent did not stop in order.
    case torrentStopUnclean = "torrent-stop-unclean"
    /// A piece does not match its hash.
    case pieceHashFailed = "piece-hash-failed"
    /// A peer was banned.
    case peerBanned = "peer-banned"
    /// A web seed is not asked any more.
    case webSeedDropped = "web-seed-dropped"

    // Trackers
    /// A tracker does not answer.
    case trackerFailed = "tracker-failed"
    /// A tracker answers again.
    case trackerRecovered = "tracker-recovered"
    /// The distributed hash table is reached.
    case hashTableJoined = "hash-table-joined"
    /// The router forwards the peer port.
    case portMapped = "port-mapped"
    /// No router forwards the peer port.
    case portUnmapped = "port-unmapped"
    /// A share was registered with a catalogue.
    case shareRegistered = "share-registered"
    /// A share could not be registered with a catalogue.
    case shareUnregistered = "share-unregistered"
    /// The catalogue of the tracker cannot be read or written.
    case catalogueFailed = "catalogue-failed"
    /// A tracker takes part in its cluster.
    case clusterJoined = "cluster-joined"
    /// A tracker has lost touch with its cluster.
    case clusterLost = "cluster-lost"
    /// Other nodes make up the cluster.
    case clusterChanged = "cluster-changed"
    /// Two trackers take part in a cluster under one name.
    case clusterConflict = "cluster-conflict"

    // Strategies
    /// A strategy plugin was turned off.
    case strategyFaulted = "strategy-faulted"
    /// A strategy plugin does not come back from a call.
    case strategyHeld = "strategy-held"
    /// A strategy plugin could not be used.
    case strategyMissing = "strategy-missing"
    /// A plugin file cannot be used.
    case pluginUnusable = "plugin-unusable"
    /// Another strategy decides for a torrent.
    case strategyChanged = "strategy-changed"
    /// A strategy plugin says something.
    case strategyMessage = "strategy-message"
}
