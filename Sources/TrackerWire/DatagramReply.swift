// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// What a UDP tracker answers (BEP 15).
package enum DatagramReply: Hashable, Sendable {
    /// A connection id.
    case connected(UInt64)
    /// Peers.
    case announced(AnnounceResponse)
    /// Counts, in the order of the question.
    case scraped([SwarmTally])
    /// A refusal, in the tracker's words.
    case refused(String)

    /// The counts of one torrent.
    package struct SwarmTally: Hashable, Sendable {
        /// Peers that have everything.
        package var complete: UInt32
        /// How many became complete, ever.
        package var downloaded: UInt32
        /// Peers that have not.
        package var incomplete: UInt32

        /// The counts of one torrent.
        package init(complete: UInt32, downloaded: UInt32, incomplete: UInt32) {
            self.complete = complete
            self.downloaded = downloaded
            self.incomplete = incomplete
        }
    }

    /// Most bytes of a refusal that are kept.
    private static let longestText = 500

    /// The transaction that a datagram answers; nil when it is too short to be an answer.
    package static func transaction(of datagram: Span<UInt8>) -> UInt32? {
        datagram.count >= 8 ? datagram.number32(at: 4) : nil
    }

    /// Reads an answer; nil when it is none. Peers have eighteen bytes where the tracker was asked over IPv6, else six;
    /// part of one at the end, and those that nobody can reach, are passed over.
    package init?(datagram: Span<UInt8>, isV6: Bool) {
        guard datagram.count >= 8, let action = DatagramAction(rawValue: datagram.number32(at: 0)) else { return nil }
        switch action {
        case .connect:
            guard datagram.count >= 16 else { return nil }
            self = .connected(datagram.number64(at: 8))
        case .announce:
            guard datagram.count >= 20 else { return nil }
            var response = AnnounceResponse(interval: .seconds(Int64(datagram.number32(at: 8))))
            response.incomplete = UInt64(datagram.number32(at: 12))
            response.complete = UInt64(datagram.number32(at: 16))
            response.peers = Self.peers(datagram, width: isV6 ? 18 : 6)
            self = .announced(response)
        case .scrape:
            self = .scraped(
                stride(from: 8, to: datagram.count - 11, by: 12).map {
                    SwarmTally(
                        complete: datagram.number32(at: $0), downloaded: datagram.number32(at: $0 + 4),
                        incomplete: datagram.number32(at: $0 + 8))
                })
        case .error:
            let text = (8..<min(datagram.count, 8 + Self.longestText)).map { datagram[$0] }
            self = .refused(String(decoding: text, as: UTF8.self))
        }
    }

    private static func peers(_ datagram: Span<UInt8>, width: Int) -> [TrackerPeer] {
        var peers: [TrackerPeer] = []
        for start in stride(from: 20, to: datagram.count - width + 1, by: width) {
            let bytes = (start..<start + width).map { datagram[$0] }
            guard let endpoint = PeerEndpoint(compact: bytes), endpoint.port != 0, !endpoint.address.isUnspecified
            else { continue }
            peers.append(TrackerPeer(endpoint))
        }
        return peers
    }
}
