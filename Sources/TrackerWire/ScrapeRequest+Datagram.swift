// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension ScrapeRequest {
    /// Reads a scrape that came as a datagram, whose head has been judged already. Nil when it names no torrent, more
    /// than `maximumCount`, or part of one.
    package init?(datagram: Span<UInt8>) {
        let length = datagram.count - DatagramHead.length
        guard length > 0, length % 20 == 0, length / 20 <= Self.maximumCount else { return nil }
        self.init(
            infoHashes: stride(from: DatagramHead.length, to: datagram.count, by: 20).map {
                InfoHash(datagram.twentyBytes(at: $0))
            })
    }

    /// The datagram that asks a UDP tracker; torrents past `maximumCount` are left out.
    package func datagram(connectionID: UInt64, transaction: UInt32) -> [UInt8] {
        DatagramWriter.bytes { writer in
            DatagramHead(connectionID: connectionID, action: .scrape, transaction: transaction).write(to: &writer)
            for infoHash in self.infoHashes.prefix(Self.maximumCount) { writer.append(infoHash.digest) }
        }
    }
}
