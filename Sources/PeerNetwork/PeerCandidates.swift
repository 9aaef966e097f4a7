// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The addresses one torrent could dial, and when it may try each again. Bounded; a value owned by the torrent's loop.
struct PeerCandidates {
    /// Addresses remembered a torrent.
    static let capacity = 2_000
    /// Failures in a row after which an address is forgotten.
    static let patience = 6

    private struct Candidate {
        var failures = 0
        var notBefore: Instant
        var isBusy = false
    }

    /// Own addresses remembered a torrent.
    static let excludedCapacity = 16

    private var known: [PeerEndpoint: Candidate] = [:]
    private var queue: [PeerEndpoint] = []
    private var cursor = 0
    private var excluded: [PeerEndpoint] = []

    /// How many addresses are known.
    var count: Int { self.known.count }

    /// Takes in an address that may be dialled from `now` on; one already known keeps its history.
    mutating func insert(_ endpoint: PeerEndpoint, at now: Instant) {
        guard endpoint.port != 0, !endpoint.address.isUnspecified, self.known[endpoint] == nil else { return }
        guard self.known.count < Self.capacity, !self.excluded.contains(endpoint) else { return }
        self.known[endpoint] = Candidate(notBefore: now)
        self.queue.append(endpoint)
    }

    /// The next address that may be dialled now; it counts as busy until `released` or `failed` is told.
    mutating func next(at now: Instant) -> PeerEndpoint? {
        for _ in 0..<self.queue.count {
            self.cursor = self.cursor + 1 < self.queue.count ? self.cursor + 1 : 0
            let endpoint = self.queue[self.cursor]
            guard var candidate = self.known[endpoint], !candidate.isBusy, candidate.notBefore <= now else { continue }
            candidate.isBusy = true
            self.known[endpoint] = candidate
            return endpoint
        }
        return nil
    }

    /// The address has been connected by other means (it dialled us), so it need not be dialled.
    mutating func markBusy(_ endpoint: PeerEndpoint) {
        self.known[endpoint]?.isBusy = true
    }

    /// The connection ended after it had worked: it may be tried again after `pause`.
    mutating func released(_ endpoint: PeerEndpoint, pause: Interval, at now: Instant) {
        guard self.known[endpoint] != nil else { return }
        self.known[endpoint] = Candidate(notBefore: now + pause)
    }

    /// Dialling failed: tried again after 15 s, 30 s, 60 s …, forgotten after `patience` failures.
    mutating func failed(_ endpoint: PeerEndpoint, at now: Instant) {
        guard var candidate = self.known[endpoint] else { return }
        candidate.failures += 1
        guard candidate.failures < Self.patience else { return self.forget(endpoint) }
        candidate.isBusy = false
        candidate.notBefore = now + .seconds(15 << Int64(candidate.failures - 1))
        self.known[endpoint] = candidate
    }

    /// Drops an address and takes it in no more: it is our own.
    mutating func exclude(_ endpoint: PeerEndpoint) {
        self.forget(endpoint)
        guard !self.excluded.contains(endpoint) else { return }
        if self.excluded.count == Self.excludedCapacity { self.excluded.removeFirst() }
        self.excluded.append(endpoint)
    }

    /// When the first address may be dialled, nil when all are busy or none is known.
    var nextDial: Instant? {
        self.known.values.lazy.filter { !$0.isBusy }.map(\.notBefore).min()
    }

    /// Drops an address: a banned one, or one that never answers.
    mutating func forget(_ endpoint: PeerEndpoint) {
        guard self.known.removeValue(forKey: endpoint) != nil else { return }
        self.queue.removeAll { $0 == endpoint }
        if self.cursor >= self.queue.count { self.cursor = 0 }
    }
}
