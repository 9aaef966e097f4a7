// SPDX-License-Identifier: Apache-2.0

import Logging
import SwarmEvents
import SwarmModel
import TrackerWire

extension Announcer {
    /// Trackers that are remembered as silent at most.
    private static let silentLimit = 10_000

    /// A tracker answered: worth a line when nobody could reach it before.
    func noteAnswer(_ peers: Int, to announcement: Announcement, of infoHash: InfoHash) {
        let url = LoggedURL(announcement.url)
        if self.silentTrackers.remove(url) != nil {
            self.logger.event(.trackerRecovered, "the tracker \(url) answers again", ["tracker.url": "\(url)"])
        }
        var metadata = Self.metadata(announcement, infoHash)
        metadata["peers"] = "\(peers)"
        self.logger.debug("tracker answered", metadata: metadata)
    }

    /// A tracker failed. One that cannot be reached is told of once, not for each of its torrents, and one that does not
    /// like a torrent once for that torrent (`isNews`): the rest is for those who look for faults.
    func noteFailure(_ error: TrackerError, of announcement: Announcement, _ infoHash: InfoHash, isNews: Bool) {
        let url = LoggedURL(announcement.url)
        let isFirst: Bool
        switch error {
        case .cancelled: return
        case .unreachable:
            if self.silentTrackers.count >= Self.silentLimit { self.silentTrackers = [] }
            isFirst = self.silentTrackers.insert(url).inserted
        case .unsupported, .status, .garbage, .refused: isFirst = isNews
        }
        let metadata = Self.metadata(announcement, infoHash, error)
        let message: Logger.Message = "the tracker \(url) fails: \(url.cleaned("\(error)"))"
        self.logger.event(.trackerFailed, at: isFirst ? EventKind.trackerFailed.level : .debug, message, metadata)
    }

    /// What a record about an announce carries.
    static func metadata(
        _ announcement: Announcement, _ infoHash: InfoHash, _ error: TrackerError? = nil
    ) -> Logger.Metadata {
        let url = LoggedURL(announcement.url)
        var metadata: Logger.Metadata = [
            "torrent.id": "\(infoHash)", "tracker.url": "\(url)", "announce.event": "\(announcement.event.word)",
        ]
        if let error { metadata["error.message"] = "\(url.cleaned("\(error)"))" }
        return metadata
    }
}
