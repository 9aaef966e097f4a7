// SPDX-License-Identifier: Apache-2.0

package import Bencode
package import SwarmModel

/// One message of the peer exchange `ut_pex` (BEP 11): addresses that the sender has connected to, and others that it is not
/// connected to any more.
package struct PeerExchangeMessage: Hashable, Sendable {
    /// What is known of a peer that is added.
    package struct Flags: OptionSet, Hashable, Sendable, BitwiseCopyable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// It prefers encryption.
        package static let prefersEncryption = Flags(rawValue: 0x01)
        /// It is a seed, or asks for nothing else.
        package static let isUploadOnly = Flags(rawValue: 0x02)
        /// It speaks µTP.
        package static let supportsDatagrams = Flags(rawValue: 0x04)
        /// It could be dialled.
        package static let isReachable = Flags(rawValue: 0x10)
    }

    /// A peer that is added.
    package struct Peer: Hashable, Sendable, BitwiseCopyable {
        /// Where it listens.
        package let endpoint: PeerEndpoint
        /// What is known of it.
        package let flags: Flags

        package init(_ endpoint: PeerEndpoint, _ flags: Flags = []) {
            self.endpoint = endpoint
            self.flags = flags
        }
    }

    /// The most addresses of a kind that are sent in a message (BEP 11).
    package static let sentLimit = 50
    /// The most of each list and family that are read; what follows is left alone.
    package static let readLimit = 100

    /// Peers that are connected now.
    package var added: [Peer] = []
    /// Peers that are not any more.
    package var dropped: [PeerEndpoint] = []

    /// Says nothing.
    package init() {}

    /// Reads a message's payload. Throws when it is not bencode; nil when it is no dictionary, or a list of addresses is cut off
    /// in the middle of one.
    package init?(parsing payload: some Collection<UInt8>) throws(BencodeError) {
        let fields = try BencodeValue(prefixOf: payload, limits: .message)
        guard fields.kind == .dictionary else { return nil }
        for (suffix, size) in [("", 6), ("6", 18)] {
            guard let added = Self.endpoints(fields["added" + suffix], size),
                let dropped = Self.endpoints(fields["dropped" + suffix], size)
            else { return nil }
            let flags = fields["added" + suffix + ".f"]?.bytes.map { Array($0.prefix(Self.readLimit)) } ?? []
            for (index, endpoint) in added.enumerated() {
                self.added.append(Peer(endpoint, Flags(rawValue: index < flags.count ? flags[index] : 0)))
            }
            self.dropped += dropped
        }
    }

    private static func endpoints(_ value: BencodeValue?, _ size: Int) -> [PeerEndpoint]? {
        guard let bytes = value?.bytes else { return [] }
        guard bytes.count.isMultiple(of: size) else { return nil }
        return stride(from: 0, to: min(bytes.count, size * Self.readLimit), by: size).compactMap { offset in
            let start = bytes.startIndex + offset
            return PeerEndpoint(compact: bytes[start..<start + size])
        }
    }

    /// The message's payload, canonical.
    package var encoded: [UInt8] {
        var fields: [BencodeKey: BencodeTree] = [:]
        for (suffix, isV6) in [("", false), ("6", true)] {
            let added = self.added.filter { $0.endpoint.address.isV6 == isV6 }
            let dropped = self.dropped.filter { $0.address.isV6 == isV6 }
            guard !isV6 || !added.isEmpty || !dropped.isEmpty else { continue }
            fields[BencodeKey(("added" + suffix).utf8)] = .bytes(added.flatMap(\.endpoint.compact))
            fields[BencodeKey(("added" + suffix + ".f").utf8)] = .bytes(added.map(\.flags.rawValue))
            fields[BencodeKey(("dropped" + suffix).utf8)] = .bytes(dropped.flatMap(\.compact))
        }
        return BencodeTree.dictionary(fields).encoded
    }
}
