// SPDX-License-Identifier: Apache-2.0

/// What few torrents have: peers of IPv6, an index of those of IPv4, a piece map.
struct TorrentExtras: BitwiseCopyable {
    var v6 = PeerTable<PeerAddressV6>()
    var indexes: UnsafeMutablePointer<PeerIndexes>?
    /// Peers of IPv4 that are known in the other family too.
    var twinSeeds: UInt32 = 0
    var twinLeechers: UInt32 = 0
    /// The number of the torrent's piece map; 0 where nobody reports.
    var mapNumber: UInt32 = 0
    /// Until when the counts are kept once nobody is left.
    var keptUntil: UInt32 = 0

    init() {}
}
