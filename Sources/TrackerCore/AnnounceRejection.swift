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
    /// The address has as many peers in the torrent as one address may.
    case crowdedTorrent
    /// The address has as many peers in all torrents as one address may.
    case crowdedAddress
    /// The torrent is on the list of those that are not served.
    case denied
    /// The torrent is not on the list of those that are served.
    case notAllowed
    /// The tracker serves who has a passkey, and this one is none of them.
    case unknownPasskey
    /// The address is banned.
    case banned

    package var description: String {
        switch self {
        case .portZero: "port 0 cannot be reached: announce the port that the client listens on"
        case .unusableAddress: "the announced address cannot be reached"
        case .tooManyTorrents: "the tracker is full: it takes no further torrents"
        case .tooManyPeers: "the tracker is full: it takes no further peers"
        case .crowdedTorrent: "too many peers of this torrent announce from your address"
        case .crowdedAddress: "too many peers announce from your address"
        case .denied: "this tracker does not serve the torrent"
        case .notAllowed: "the torrent is not registered with this tracker"
        case .unknownPasskey: "this tracker is for members: the announce URL lacks a valid passkey"
        case .banned: "this tracker serves nobody at this address"
        }
    }
}
