// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The numbers by which a tracker decides.
package struct TrackerPolicy: Hashable, Sendable {
    /// Time between a peer's regular announces, before jitter.
    package var interval = Interval.seconds(1800)
    /// What a peer must wait at least, events aside.
    package var minimumInterval = Interval.seconds(60)
    /// A torrent this young is still gathering its swarm: its peers come back after `youngInterval`.
    package var youth = Interval.seconds(600)
    /// Time between announces in a young torrent, before jitter.
    package var youngInterval = Interval.seconds(90)
    /// Up to this share of the interval, in 1/1000, is added at random, so that peers do not come in waves.
    package var jitterPerMille: UInt64 = 100
    /// How long a peer is remembered after an announce; nil is two intervals and two minutes.
    package var lifetime: Interval?
    /// Peers given to who does not say how many.
    package var defaultWanted = 50
    /// Most peers given to anyone.
    package var maximumWanted = 200
    /// Most torrents in one table; announces to further ones are refused.
    package var maximumTorrents = 4_000_000
    /// Most addresses of peers in one table; further ones are refused.
    package var maximumPeers = 16_000_000
    /// Peers that one address may register in a torrent, about, and a network of IPv6 a hundred times as many; 0 is no
    /// limit. Loopback may register any number.
    package var torrentPeersPerAddress = 1_000
    /// The same in all torrents of a table.
    package var peersPerAddress = 100_000

    /// How often peers are asked to report their pieces, up to 65 s.
    package var reportPeriod = Interval.seconds(5)
    /// Reports a second beyond which peers are asked to report less often.
    package var reportsPerSecond = 40_000
    /// Most bytes of piece maps in one table; peers beyond are told that their reports are not wanted.
    package var maximumMapBytes = 512 << 20
    /// Most pieces of a torrent that has a map.
    package var maximumPieces: UInt32 = 1 << 20
    /// Reporters that one address may have in a torrent, where it has no more than its share of them all.
    package var reportersPerAddress = 64

    /// The defaults.
    package init() {}

    /// `lifetime` or what stands for it.
    var keptFor: Interval {
        self.lifetime ?? Interval(nanoseconds: 2 * max(0, min(self.interval.nanoseconds, 1 << 60))) + .seconds(120)
    }
}
