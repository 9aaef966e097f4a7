// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

/// A torrent in the announcer's care.
struct AnnouncedTorrent: Sendable {
    /// Tells one stay of a torrent from the next, so that a late outcome finds no stranger.
    let serial: UInt64
    var schedule: AnnounceSchedule
    /// The announce under way.
    var task: Task<Void, Never>?
    let statistics: @Sendable () async -> AnnounceStatistics
    /// Whether it is the other name of a torrent that is announced under two: what trackers are told of pieces goes by the first.
    var isOtherName = false
    let onPeers: @Sendable ([PeerEndpoint]) -> Void
    let onAnswer: @Sendable (String, AnnounceResponse) async -> Void
}
