// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The queries of ours that are not answered, by transaction. Transactions are a keyed hash of a counter: nobody can guess
/// one and answer for another.
struct PendingQueries: Sendable {
    /// Queries in flight at most.
    static let limit = 1_024
    /// Of these, questions whether a node is there: others make us ask them, and must not keep us from searching.
    static let presenceLimit = 128

    private let hash: SipHash
    private var counter: UInt64 = 0
    private var queries: [UInt32: PendingQuery] = [:]
    /// In the order in which they were sent, from the first that is not known to be over.
    private var order: [UInt32] = []
    private var firstUnfinished = 0
    private var firstPunctual = 0
    private var presenceCount = 0

    init(key: (low: UInt64, high: UInt64)) {
        self.hash = SipHash(key: key)
    }

    var isFull: Bool { self.queries.count >= Self.limit }

    /// Remembers a query; returns its transaction.
    mutating func insert(_ query: PendingQuery) -> UInt32 {
        repeat {
            self.counter += 1
            let name = UInt32(truncatingIfNeeded: self.hash.hash(self.counter, 0, 0))
            guard self.queries[name] == nil else { continue }
            self.queries[name] = query
            self.order.append(name)
            if case .presence = query.purpose { self.presenceCount += 1 }
            return name
        } while true
    }

    /// Takes out the query that an answer from `endpoint` belongs to.
    mutating func take(_ transaction: [UInt8], from endpoint: PeerEndpoint) -> PendingQuery? {
        guard transaction.count == 4 else { return nil }
        let name = transaction.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard self.queries[name]?.endpoint == endpoint else { return nil }
        return self.remove(name)
    }

    /// Whether a node is being asked whether it is there.
    func isAsking(_ endpoint: PeerEndpoint) -> Bool { self.queries.values.contains { $0.endpoint == endpoint } }

    /// Whether a node may be asked whether it is there.
    func mayAskPresence(of endpoint: PeerEndpoint) -> Bool {
        self.presenceCount < Self.presenceLimit && !self.isAsking(endpoint)
    }

    private mutating func remove(_ name: UInt32) -> PendingQuery? {
        let query = self.queries.removeValue(forKey: name)
        if case .presence = query?.purpose { self.presenceCount -= 1 }
        return query
    }

    /// The next query that has become late.
    mutating func nextLate(at now: Instant) -> PendingQuery? {
        while self.firstPunctual < self.order.count {
            let name = self.order[self.firstPunctual]
            if let query = self.queries[name] {
                guard query.sent + PendingQuery.lateAfter <= now else { return nil }
                self.firstPunctual += 1
                return query
            }
            self.firstPunctual += 1
        }
        return nil
    }

    /// Takes out the next query that is given up.
    mutating func nextDead(at now: Instant) -> PendingQuery? {
        defer { self.trim() }
        while self.firstUnfinished < self.order.count {
            let name = self.order[self.firstUnfinished]
            if let query = self.queries[name] {
                guard query.sent + PendingQuery.deadAfter <= now else { return nil }
                self.firstUnfinished += 1
                return self.remove(name)
            }
            self.firstUnfinished += 1
        }
        return nil
    }

    /// When a query becomes late or is given up; may be early.
    var deadline: Instant? {
        let late = self.order[self.firstPunctual...].lazy.compactMap { self.queries[$0] }.first
        let dead = self.order[self.firstUnfinished...].lazy.compactMap { self.queries[$0] }.first
        let candidates = [
            late.map { $0.sent + PendingQuery.lateAfter }, dead.map { $0.sent + PendingQuery.deadAfter },
        ]
        return candidates.compactMap(\.self).min()
    }

    private mutating func trim() {
        guard self.firstUnfinished > 256, self.firstUnfinished * 2 > self.order.count else { return }
        self.order.removeFirst(self.firstUnfinished)
        self.firstPunctual = max(0, self.firstPunctual - self.firstUnfinished)
        self.firstUnfinished = 0
    }
}
