// SPDX-License-Identifier: Apache-2.0

/// The protocol as a whole: its version, limits and methods.
package enum ControlProtocol {
    /// Grows by one when something is added. Nothing is ever taken away or changed in meaning.
    package static let version = 6
    /// Where the daemon's socket is when nobody says otherwise.
    package static let defaultSocket = "/run/swarm/swarmd.sock"
    /// Where the tracker's socket is when nobody says otherwise.
    package static let trackerSocket = "/run/swarm/trackerd.sock"
    /// The environment variable that names another socket.
    package static let socketVariable = "SWARM_SOCKET"
    /// The group whose members may change things when nobody says otherwise.
    package static let defaultGroup = "swarm"
    /// What stands for the configured strategy where a torrent's own may be named.
    package static let defaultStrategy = "default"
    /// The longest line, in bytes without its end, from a caller who may change things: room for a large metainfo file.
    package static let maximumLine = 32 << 20
    /// The longest line from a caller who may only look.
    package static let maximumReaderLine = 64 << 10
    /// The most requests in one batch.
    package static let maximumBatch = 1_000
    /// The deepest nesting of objects and arrays.
    package static let maximumDepth = 32

    /// Every method, in the order of the documentation.
    package static let methods: [any ControlMethod.Type] = [
        TorrentAdd.self, TorrentShare.self, TorrentList.self, TorrentShow.self, TorrentFiles.self, TorrentPeers.self,
        TorrentPieces.self, TorrentTrackers.self, TorrentMetainfo.self, TorrentPause.self, TorrentResume.self,
        TorrentRemove.self, TorrentVerify.self, TorrentMove.self, TorrentAnnounce.self, TorrentSet.self,
        TorrentLimit.self, TorrentPriority.self, TorrentQueue.self, TorrentLabel.self,
        StrategyGet.self,
        DaemonStatus.self, DaemonVersion.self, DaemonPlugins.self, ConfigGet.self, ConfigSet.self, ConfigUnset.self,
        CatalogueSearch.self, CatalogueGet.self, EventsSubscribe.self,
        JobShow.self, JobCancel.self,
    ]

    /// Every method of the tracker's socket, `daemon.version` aside, in the order of the documentation.
    package static let trackerMethods: [any ControlMethod.Type] = [
        TrackerStats.self, TrackerTorrents.self, TrackerPeers.self, TrackerBan.self, TrackerUnban.self,
        TrackerBans.self,
    ]

    /// Every object that stands inside a result or an error.
    package static let objects: [any ControlObject.Type] = [
        TorrentSummary.self, TorrentDetail.self, TorrentCompression.self, TorrentReference.self, TrackerStatus.self,
        HashTableStatus.self, PortMappingStatus.self, ForwardedPort.self, WebSeedStatus.self,
        FileStatus.self, FileChoice.self, PeerStatus.self, TorrentStrategies.self, TorrentLimits.self,
        TorrentLabels.self, PluginStatus.self,
        PluginOption.self, PluginFailure.self,
        ConfigSetting.self, CatalogueEntry.self, TorrentCounts.self,
        JobReference.self, TrackedTorrentStatus.self, TrackedPeerStatus.self,
        JobStatus.self, EventStatus.self, EventsDropped.self, ControlError.self, ControlErrorData.self,
        ControlCandidate.self,
    ]
}
