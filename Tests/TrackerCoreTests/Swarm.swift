// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerCore
import TrackerWire

/// A table with its clock and its random source, for tests.
struct Swarm: ~Copyable {
    var table: SwarmTable
    var random: SplitMix64
    var now = Instant(nanoseconds: 1_000_000_000_000)
    var selection = PeerSelection()

    init(policy: TrackerPolicy = TrackerPolicy(), seed: UInt64 = 1) {
        self.table = SwarmTable(policy: policy, seed: seed)
        self.random = SplitMix64(seed: seed)
    }

    static func hash(_ number: Int) -> InfoHash {
        InfoHash(bytes: (0..<20).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> (8 * $0)) : 7 })!
    }

    static func peerID(_ number: Int) -> PeerID {
        PeerID(bytes: (0..<20).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> (8 * $0)) : 9 })!
    }

    static func v4(_ number: Int) -> IPAddress { IPAddress(v4: 0x0a00_0000 + UInt32(number)) }

    static func v6(_ number: Int) -> IPAddress {
        IPAddress(
            bytes: [0x20, 0x01, 0x0d, 0xb8] + Array(repeating: 0, count: 8)
                + withUnsafeBytes(of: UInt32(number).bigEndian) { Array($0) })!
    }

    /// Announces peer `number`; returns the decision. The peers are in `selection`.
    @discardableResult
    mutating func announce(
        _ number: Int, torrent: Int = 0, address: IPAddress? = nil, left: UInt64 = 1, event: AnnounceEvent = .none,
        wanted: Int? = nil, port: UInt16 = 6881, key: UInt32? = nil
    ) throws(AnnounceRejection) -> AnnounceDecision {
        var request = AnnounceRequest(
            infoHash: Self.hash(torrent), peerID: Self.peerID(number), port: port, left: left, event: event)
        request.wanted = wanted
        request.key = key
        let announcement = Announcement(request, from: address ?? Self.v4(number))
        return try self.table.announce(announcement, at: self.now, random: &self.random, into: &self.selection)
    }

    var peers: [PeerEndpoint] { self.selection.endpoints }

    mutating func pass(_ interval: Interval) { self.now = self.now + interval }

    /// Runs expiry with a small budget until a full round is surely done.
    mutating func expireAll() {
        for _ in 0..<(self.table.addresses + self.table.torrentCount) / 8 + 4 {
            self.table.expire(at: self.now, budget: 16)
        }
    }
}
