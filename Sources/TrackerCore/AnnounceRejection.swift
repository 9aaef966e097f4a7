// SPDX-License-Identifier: Apache-2.0

/// Why a well-formed announce is refused. The text goes to the client as its failure reason.
package enum AnnounceRejection: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody can be reached at port 0.
    case portZero
    /// The unspecified address.
    case unusableAddress
    /// The table holds as many torrents as it may.
    case tooManyTorrents
    /// The table holds as many peers as it may.
    case tooManyPeers

    package var description: String {
        switch self {
        case .portZero: "port 0 cannot be reached: announce the port that the client listens on"
        case .unusableAddress: "the announced address cannot be reached"
        case .tooManyTorrents: "the tracker is full: it takes no further torrents"
        case .tooManyPeers: "the tracker is full: it takes no further peers"
        }
    }
}
