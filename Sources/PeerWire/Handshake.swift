// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The 68 bytes with which each side of a connection begins (BEP 3): protocol name, eight bytes of options, info-hash,
/// peer id.
package struct Handshake: Hashable, Sendable, BitwiseCopyable {
    /// Bytes of a handshake.
    package static let length = 68
    /// Where the info-hash stands in it.
    package static let infoHashRange = 28..<48
    /// Where the peer id stands in it.
    package static let peerIDRange = 48..<68
    /// The bytes every handshake begins with: 19 and the protocol's name.
    package static let preamble: [UInt8] = [19] + Array("BitTorrent protocol".utf8)

    private static let fastBit: UInt64 = 0x04
    private static let dhtBit: UInt64 = 0x01
    private static let v2Bit: UInt64 = 0x10
    private static let extensionBit: UInt64 = 0x10_00_00

    /// The torrent that the sender wants to talk about.
    package var infoHash: InfoHash
    /// The sender's name for itself.
    package var peerID: PeerID
    /// The eight option bytes as one big-endian number.
    package var reserved: UInt64

    /// A handshake with the options given.
    package init(
        infoHash: InfoHash, peerID: PeerID, supportsFast: Bool = true, supportsExtensions: Bool = true,
        supportsDHT: Bool = false, supportsV2: Bool = false
    ) {
        self.infoHash = infoHash
        self.peerID = peerID
        self.reserved =
            (supportsFast ? Self.fastBit : 0) | (supportsExtensions ? Self.extensionBit : 0)
            | (supportsDHT ? Self.dhtBit : 0) | (supportsV2 ? Self.v2Bit : 0)
    }

    /// Reads exactly 68 bytes; nil for any other count and for another protocol.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length, bytes.starts(with: Self.preamble),
            let infoHash = InfoHash(bytes: bytes.dropFirst(Self.infoHashRange.lowerBound).prefix(20)),
            let peerID = PeerID(bytes: bytes.dropFirst(Self.peerIDRange.lowerBound))
        else { return nil }
        self.infoHash = infoHash
        self.peerID = peerID
        self.reserved = bytes.dropFirst(Self.preamble.count).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Whether bytes that have come so far, if only a few, can still become a handshake.
    package static func mayBegin(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.prefix(Self.preamble.count).elementsEqual(Self.preamble.prefix(bytes.count))
    }

    /// Whether a handshake that begins so says that its sender would rather talk v2 (BEP 52); false for fewer bytes than
    /// those before the info-hash.
    package static func offersV2(_ beginning: some Collection<UInt8>) -> Bool {
        guard beginning.count >= Self.infoHashRange.lowerBound else { return false }
        return beginning.dropFirst(Self.infoHashRange.lowerBound - 1).first.map { $0 & UInt8(Self.v2Bit) != 0 } ?? false
    }

    /// Reject, have all, have none, suggest and allowed fast are understood (BEP 6).
    package var supportsFast: Bool { self.reserved & Self.fastBit != 0 }
    /// Extension messages are understood (BEP 10).
    package var supportsExtensions: Bool { self.reserved & Self.extensionBit != 0 }
    /// A DHT node runs there (BEP 5).
    package var supportsDHT: Bool { self.reserved & Self.dhtBit != 0 }
    /// The sender of a hybrid torrent's v1 hash would rather talk v2 (BEP 52).
    package var supportsV2: Bool { self.reserved & Self.v2Bit != 0 }

    /// Appends the 68 bytes.
    package func encode(into output: inout [UInt8]) {
        output.append(contentsOf: Self.preamble)
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            output.append(UInt8(truncatingIfNeeded: self.reserved >> shift))
        }
        output.append(contentsOf: self.infoHash.bytes)
        output.append(contentsOf: self.peerID.bytes)
    }

    /// The 68 bytes.
    package var encoded: [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(Self.length)
        self.encode(into: &output)
        return output
    }
}
