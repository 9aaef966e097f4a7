// SPDX-License-Identifier: Apache-2.0

package import Logging

extension EventKind {
    /// How important it is: an error wants something done, a warning a look, a notice is worth knowing later.
    package var level: Logger.Level {
        switch self {
        case .startFailed, .reloadRefused, .partStuck, .stateRepaired, .recordMissing, .recordDamaged,
            .progressUnrecorded,
            .torrentSuspended, .torrentStopUnclean, .catalogueFailed, .clusterConflict, .strategyMissing, .strategyHeld:
            .error
        case .socketKept, .watchFileRefused, .watchFolderMissing, .moveFailed, .hookFailed, .socketMissing, .diskSlow,
            .stopUnclean, .ipv6Missing, .piecesMissing, .pieceHashFailed,
            .shareUnregistered,
            .clusterLost, .strategyFaulted, .pluginUnusable:
            .warning
        case .daemonStarted, .watchFolderFound, .daemonStopping, .daemonStopped, .daemonReloaded, .settingChanged,
            .partRecovered, .torrentMoved, .seedingEnded, .torrentLabelled, .listening, .torrentAdded,
            .metadataReceived, .torrentRemoved, .torrentFinished, .torrentPaused, .torrentContinued, .torrentResumed,
            .peerBanned, .webSeedDropped, .shareRegistered, .clusterJoined, .clusterChanged, .strategyChanged:
            .notice
        case .blockListRead, .hookOutput, .trackerFailed, .trackerRecovered, .hashTableJoined, .portMapped,
            .portUnmapped, .strategyMessage:
            .info
        }
    }
}
