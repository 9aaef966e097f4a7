// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Hybrid torrents, which some peers know by their v1 name and others by their v2 one (BEP 52, "upgrade path"): trackers keep
/// a swarm for each, and are told of both, a little apart.
extension Announcer {
    /// Begins to announce a torrent that is here under another name, too: to the same trackers and with the same figures.
    /// `onPeers` gets the peers that are known by it. Without effect when the torrent is not here, or has two names already,
    /// or another torrent is called so.
    package func addName(
        _ other: InfoHash, of infoHash: InfoHash, onPeers: @escaping @Sendable ([PeerEndpoint]) -> Void
    ) {
        guard let torrent = self.torrents[infoHash]?.value, self.torrents[other] == nil,
            self.otherNames[infoHash] == nil,
            !self.isShutDown
        else { return }
        self.nextSerial += 1
        self.otherNames[infoHash] = other
        self.torrents[other] = Boxed(
            AnnouncedTorrent(
                serial: self.nextSerial,
                schedule: AnnounceSchedule(
                    beside: torrent.schedule, random: SplitMix64(seed: self.random.next()),
                    at: self.now + self.configuration.nameGap),
                statistics: torrent.statistics, isOtherName: true, onPeers: onPeers, onAnswer: { _, _ in }))
        self.reschedule(other)
    }

    /// The names that a torrent is announced under, and how much later than the first each is.
    func names(of infoHash: InfoHash) -> [(name: InfoHash, gap: Interval)] {
        [(infoHash, .zero)] + (self.otherNames[infoHash].map { [($0, self.configuration.nameGap)] } ?? [])
    }
}
