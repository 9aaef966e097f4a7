// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers
package import SwarmModel

/// Addresses that misbehaved, shared by all torrents. Touched once a connection or fault, never on the data path.
///
/// A fault costs points; an address that collects `limit` of them within `memory` is banned for `sentence`. At most
/// `capacity` addresses are remembered; the ones whose memory ends first make room.
package final class BanList: Sendable {
    /// Points at which an address is banned.
    package static let limit = 10
    /// Addresses remembered at once.
    package static let capacity = 16_384

    private struct Record {
        var points: Int
        var until: Instant
        var isBanned: Bool
    }

    private let memory: Interval
    private let sentence: Interval
    private let records = NIOLockedValueBox<[IPAddress: Record]>([:])
    private let bans = NIOLockedValueBox(0)
    private let filter: NIOLockedValueBox<AddressFilter>

    /// A list that also refuses whatever `filter` blocks.
    package init(filter: AddressFilter, memory: Interval = .seconds(600), sentence: Interval = .seconds(3600)) {
        self.filter = NIOLockedValueBox(filter)
        self.memory = memory
        self.sentence = sentence
    }

    /// Counts a fault against `address`. Returns whether that has just led to its ban.
    package func blame(_ address: IPAddress, points: Int, at now: Instant) -> Bool {
        let isBanned = self.count(points, against: address, at: now)
        if isBanned { self.bans.withLockedValue { $0 += 1 } }
        return isBanned
    }

    /// Refuses whatever `filter` blocks, and no longer what the one before blocked. Torrents end the connections that are
    /// refused now within a second.
    package func replace(filter: AddressFilter) {
        self.filter.withLockedValue { $0 = filter }
        self.bans.withLockedValue { $0 += 1 }
    }

    /// Grows with every ban, so that connections need looking at only then.
    package var generation: Int { self.bans.withLockedValue { $0 } }

    private func count(_ points: Int, against address: IPAddress, at now: Instant) -> Bool {
        self.records.withLockedValue { records in
            if records.count >= Self.capacity, records[address] == nil { Self.makeRoom(in: &records, at: now) }
            var record = records[address] ?? Record(points: 0, until: now, isBanned: false)
            if record.until <= now { record = Record(points: 0, until: now, isBanned: false) }
            guard !record.isBanned else { return false }
            record.points += points
            record.isBanned = record.points >= Self.limit
            record.until = now + (record.isBanned ? self.sentence : self.memory)
            records[address] = record
            return record.isBanned
        }
    }

    /// Whether connections with `address` are refused now.
    package func refuses(_ address: IPAddress, at now: Instant) -> Bool {
        if self.filter.withLockedValue({ $0.blocks(address) }) { return true }
        return self.records.withLockedValue { records in
            guard let record = records[address] else { return false }
            return record.isBanned && record.until > now
        }
    }

    /// How many addresses are banned now.
    package func bannedCount(at now: Instant) -> Int {
        self.records.withLockedValue { $0.values.count { $0.isBanned && $0.until > now } }
    }

    private static func makeRoom(in records: inout [IPAddress: Record], at now: Instant) {
        records = records.filter { $0.value.until > now }
        while records.count >= Self.capacity, let first = records.min(by: { $0.value.until < $1.value.until })?.key {
            records[first] = nil
        }
    }
}
