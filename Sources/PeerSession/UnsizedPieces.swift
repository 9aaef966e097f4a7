// SPDX-License-Identifier: Apache-2.0

import PeerWire
import SwarmModel

/// What a peer says that it has before we know how many pieces there are: kept as it came, bounded, and read later.
struct UnsizedPieces: Sendable {
    /// The peer said that it has every piece.
    private(set) var hasAll = false
    /// The bits as on the wire, as far as some were told of.
    private var bytes: [UInt8] = []

    /// A HAVE. Whether it was news; what lies beyond any torrent that is read is none.
    mutating func insert(_ piece: PieceIndex) -> Bool {
        let place = piece.offset / 8
        guard !self.hasAll, place < Int(WireLimits.unsizedBitfieldLength) else { return false }
        if place >= self.bytes.count {
            self.bytes.append(contentsOf: repeatElement(0, count: place + 1 - self.bytes.count))
        }
        let bit: UInt8 = 0x80 >> UInt8(piece.offset % 8)
        guard self.bytes[place] & bit == 0 else { return false }
        self.bytes[place] |= bit
        return true
    }

    /// A bitfield, which adds to what is known.
    mutating func formUnion(_ wire: [UInt8]) {
        guard wire.count <= Int(WireLimits.unsizedBitfieldLength) else { return }
        if wire.count > self.bytes.count {
            self.bytes.append(contentsOf: repeatElement(0, count: wire.count - self.bytes.count))
        }
        for (index, byte) in wire.enumerated() { self.bytes[index] |= byte }
    }

    /// HAVE ALL.
    mutating func fill() {
        self.hasAll = true
        self.bytes = []
    }

    /// The same of a torrent with `count` pieces; nil when pieces were told of that it does not have.
    func bitfield(count: Int) -> Bitfield? {
        guard !self.hasAll else { return Bitfield(count: count, filled: true) }
        let length = (count + 7) / 8
        guard self.bytes.dropFirst(length).allSatisfy({ $0 == 0 }) else { return nil }
        let missing = max(0, length - self.bytes.count)
        return Bitfield(wire: self.bytes.prefix(length) + Array(repeating: 0, count: missing), count: count)
    }
}
