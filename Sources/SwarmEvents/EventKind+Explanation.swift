// SPDX-License-Identifier: Apache-2.0

extension EventKind {
    /// What it means and what to do.
    package var explanation: EventExplanation {
        switch self {
        case .daemonStarted: .daemonStarted
        case .startFailed: .startFailed
        case .daemonStopping: .daemonStopping
        case .daemonStopped: .daemonStopped
        case .daemonReloaded: .daemonReloaded
        case .reloadRefused: .reloadRefused
        case .socketKept: .socketKept
        case .socketMissing: .socketMissing
        case .settingChanged: .settingChanged
        case .partStuck: .partStuck
        case .partRecovered: .partRecovered
        case .diskSlow: .diskSlow
        case .stopUnclean: .stopUnclean
        case .listening: .listening
        case .ipv6Missing: .ipv6Missing
        case .blockListRead: .blockListRead
        case .stateRepaired: .stateRepaired
        case .recordMissing: .recordMissing
        case .recordDamaged: .recordDamaged
        case .progressUnrecorded: .progressUnrecorded
        case .piecesMissing: .piecesMissing
        case .metadataReceived: .metadataReceived
        case .torrentAdded: .torrentAdded
        case .torrentRemoved: .torrentRemoved
        case .torrentMoved: .torrentMoved
        case .torrentFinished: .torrentFinished
        case .torrentPaused: .torrentPaused
        case .torrentContinued: .torrentContinued
        case .torrentSuspended: .torrentSuspended
        case .torrentResumed: .torrentResumed
        case .torrentStopUnclean: .torrentStopUnclean
        case .pieceHashFailed: .pieceHashFailed
        case .peerBanned: .peerBanned
        case .webSeedDropped: .webSeedDropped
        case .trackerFailed: .trackerFailed
        case .trackerRecovered: .trackerRecovered
        case .hashTableJoined: .hashTableJoined
        case .portMapped: .portMapped
        case .portUnmapped: .portUnmapped
        case .shareRegistered: .shareRegistered
        case .shareUnregistered: .shareUnregistered
        case .catalogueFailed: .catalogueFailed
        case .clusterJoined: .clusterJoined
        case .clusterLost: .clusterLost
        case .clusterChanged: .clusterChanged
        case .clusterConflict: .clusterConflict
        case .strategyFaulted: .strategyFaulted
        case .strategyHeld: .strategyHeld
        case .strategyMissing: .strategyMissing
        case .pluginUnusable: .pluginUnusable
        case .strategyChanged: .strategyChanged
        case .strategyMessage: .strategyMessage
        }
    }
}
