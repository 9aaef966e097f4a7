// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// What a table keeps of each torrent in its place: sixty-four bytes, a line of the processor's cache. Most torrents have
/// one or two peers, and those stand in the entry itself; what a larger one has is elsewhere, and the same bytes say
/// where.
struct TorrentEntry: BitwiseCopyable {
    /// Peers for which there is room in the entry.
    static let ownRoom = 2
    /// Where that room begins.
    static let roomOffset = 32

    /// What stands in the room of a torrent whose peers are elsewhere.
    struct Outgrown: BitwiseCopyable {
        var records: UnsafeMutablePointer<PeerRecord<PeerAddressV4>>?
        var extras: UnsafeMutablePointer<TorrentExtras>?
        var used: UInt32
        var room: UInt32
        var leechers: UInt32
    }

    let infoHash: InfoHash
    /// Seconds of the tracker's clock.
    let created: UInt32
    var downloaded: UInt32 = 0
    /// Peers in the entry, and how many of them lack pieces.
    var used: UInt8 = 0
    var leechers: UInt8 = 0
    var isOutgrown = false
    private var room: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init(infoHash: InfoHash, created: UInt32) {
        self.infoHash = infoHash
        self.created = created
    }
}
