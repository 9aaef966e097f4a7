// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension AnnounceRequest {
    /// Bytes of an announce to a UDP tracker, without options.
    package static let datagramLength = 98

    /// Reads an announce that came as a datagram, whose head has been judged already; nil when it is too short. Options
    /// (BEP 41) are apart: `URLData`. Events without meaning are none, as in queries.
    package init?(datagram: Span<UInt8>) {
        guard datagram.count >= Self.datagramLength else { return nil }
        self.init(
            infoHash: InfoHash(datagram.twentyBytes(at: 16)), peerID: PeerID(datagram.twentyBytes(at: 36)),
            port: datagram.number16(at: 96), left: datagram.number64(at: 64))
        self.downloaded = datagram.number64(at: 56)
        self.uploaded = datagram.number64(at: 72)
        let event = datagram.number32(at: 80)
        self.event = UInt8(exactly: event).flatMap(AnnounceEvent.init) ?? .none
        let address = datagram.number32(at: 84)
        if address != 0 { self.address = IPAddress(v4: address) }
        self.key = datagram.number32(at: 88)
        let wanted = Int32(bitPattern: datagram.number32(at: 92))
        if wanted >= 0 { self.wanted = Int(wanted) }
    }

    /// The datagram that asks a UDP tracker. `urlData` is path and query of its URL (BEP 41); none of it is sent where
    /// it is empty. A `left` that is not known is written as the largest number that is no negative one, which some
    /// trackers take it for.
    package func datagram(connectionID: UInt64, transaction: UInt32, urlData: URLData = URLData()) -> [UInt8] {
        DatagramWriter.bytes { writer in
            DatagramHead(connectionID: connectionID, action: .announce, transaction: transaction).write(to: &writer)
            writer.append(self.infoHash.digest)
            writer.append(self.peerID.value)
            writer.append(self.downloaded)
            writer.append(min(self.left, UInt64(Int64.max)))
            writer.append(self.uploaded)
            writer.append(UInt32(self.event.rawValue))
            writer.append(self.address.flatMap { $0.isV6 ? nil : UInt32(truncatingIfNeeded: $0.low) } ?? 0)
            writer.append(self.key ?? 0)
            writer.append(UInt32(bitPattern: self.wanted.map { Int32(clamping: $0) } ?? -1))
            writer.append(self.port)
            urlData.write(to: &writer)
        }
    }
}

extension Span<UInt8> {
    /// Twenty bytes at an offset, which must lie inside.
    func twentyBytes(at offset: Int) -> Bytes20 {
        Bytes20(
            high: self.number64(at: offset), middle: self.number64(at: offset + 8), low: self.number32(at: offset + 16))
    }
}
