// SPDX-License-Identifier: Apache-2.0

extension RoundView {
    /// The places in this round of those that want something from us.
    public var interested: [Int] { (0..<self.peerCount).filter { self[$0].isInterested } }

    /// Bytes a second that tell how much a peer is worth a slot: what comes from it, or when we want nothing, what it
    /// takes.
    public func yield(_ index: Int) -> UInt64 { self.isSeeding ? self[index].upRate : self[index].downRate }

    /// Whether a peer was unchoked less than `interval` nanoseconds ago and still is.
    public func isServed(_ index: Int, within interval: Int64) -> Bool {
        let peer = self[index]
        return peer.isUnchoked && peer.unchokedAt > self.now - interval
    }

    /// Whether `index` has waited longer than `other`: those that were never unchoked by when they joined, before all
    /// others by when they last were.
    public func waitedLonger(_ index: Int, _ other: Int) -> Bool {
        let (one, two) = (self[index], self[other])
        if one.unchokedAt != two.unchokedAt { return one.unchokedAt < two.unchokedAt }
        return one.joinedAt != two.joinedAt ? one.joinedAt < two.joinedAt : one.serial < two.serial
    }
}
