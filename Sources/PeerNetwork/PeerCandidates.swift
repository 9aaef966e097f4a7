// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The addresses one torrent could dial, when it may try each again, and how. Bounded; a value owned by the torrent's
/// loop.
///
/// An address is dialled in the way that worked for it last, and as long as none is known to work in the operator's order.
/// One that fails is followed by the next at once; only when all have failed it rests.
struct PeerCandidates {
    /// Addresses remembered a torrent.
    static let capacity = 2_000
    /// Rounds of failures in a row after which an address is forgotten.
    static let patience = 6
    /// Own addresses remembered a torrent.
    static let excludedCapacity = 16

    private struct Candidate {
        var failures = 0
        var notBefore: Instant
        var isBusy = false
        /// How much we and it should want to be connected (BEP 40); 0 while our address is not known.
        var priority: UInt32 = 0
        /// The way that is tried first.
        var firstWay = 0
        /// Ways that have failed since the last round.
        var failedWays = 0
        /// By which name of the torrent it is called.
        var version = ProtocolVersion.v1
    }

    private let wayCount: Int
    private var known: [PeerEndpoint: Candidate] = [:]
    private var queue: [PeerEndpoint] = []
    private var cursor = 0
    private var excluded: [PeerEndpoint] = []
    /// Our own addresses, one of a family.
    private var own: [Bool: PeerEndpoint] = [:]

    /// No addresses yet. Each can be dialled in `wayCount` ways, which are called 0, 1 …, best first.
    init(wayCount: Int) {
        self.wayCount = max(1, wayCount)
    }

    /// How many addresses are known.
    var count: Int { self.known.count }

    /// Takes in an address that may be dialled from `now` on; one already known keeps its history. Who is found in both
    /// swarms of a hybrid is called by the v2 name, by which peers can ask for hashes.
    mutating func insert(_ endpoint: PeerEndpoint, in version: ProtocolVersion = .v1, at now: Instant) {
        guard endpoint.port != 0, !endpoint.address.isUnspecified else { return }
        guard self.known[endpoint] == nil else {
            if version == .v2 { self.known[endpoint]?.version = .v2 }
            return
        }
        guard self.known.count < Self.capacity, !self.excluded.contains(endpoint) else { return }
        self.known[endpoint] = Candidate(
            notBefore: now, priority: self.priority(of: endpoint), version: version)
        self.queue.append(endpoint)
    }

    /// Our own address, from which the order of dialling follows (BEP 40).
    mutating func setOwn(_ endpoint: PeerEndpoint) {
        guard self.own[endpoint.address.isV6] != endpoint else { return }
        self.own[endpoint.address.isV6] = endpoint
        for other in self.queue where other.address.isV6 == endpoint.address.isV6 {
            let priority = self.priority(of: other)
            self.known[other]?.priority = priority
        }
    }

    private func priority(of endpoint: PeerEndpoint) -> UInt32 {
        self.own[endpoint.address.isV6].map { CanonicalPriority.of($0, endpoint) } ?? 0
    }

    /// The next address that may be dialled now: the one of the highest priority, else in turn. It counts as busy until
    /// `released` or `failed` is told.
    mutating func next(at now: Instant) -> PeerEndpoint? {
        var best: (endpoint: PeerEndpoint, place: Int, candidate: Candidate)?
        for _ in 0..<self.queue.count {
            self.cursor = self.cursor + 1 < self.queue.count ? self.cursor + 1 : 0
            let endpoint = self.queue[self.cursor]
            guard let candidate = self.known[endpoint], !candidate.isBusy, candidate.notBefore <= now else { continue }
            if let best, best.candidate.priority >= candidate.priority { continue }
            best = (endpoint, self.cursor, candidate)
            if self.own.isEmpty { break }
        }
        guard let best else { return nil }
        self.cursor = best.place
        self.known[best.endpoint]?.isBusy = true
        return best.endpoint
    }

    /// The ways in which an address is to be tried, those that have failed in this round aside.
    func ways(to endpoint: PeerEndpoint) -> [Int] {
        guard let candidate = self.known[endpoint] else { return Array(0..<self.wayCount) }
        let first = min(candidate.firstWay, self.wayCount - 1)
        return ([first] + (0..<self.wayCount).filter { $0 != first }).dropFirst(candidate.failedWays).map { $0 }
    }

    /// By which of the torrent's names an address is to be called.
    func version(of endpoint: PeerEndpoint) -> ProtocolVersion { self.known[endpoint]?.version ?? .v1 }

    /// The address has been connected by other means (it dialled us), so it need not be dialled.
    mutating func markBusy(_ endpoint: PeerEndpoint) {
        self.known[endpoint]?.isBusy = true
    }

    /// A peer at this address was reached, or reached us, in `way`, and by a name of `version`: that is tried first from now
    /// on.
    mutating func worked(_ endpoint: PeerEndpoint, way: Int, in version: ProtocolVersion = .v1) {
        self.known[endpoint]?.firstWay = way
        self.known[endpoint]?.version = version
        self.known[endpoint]?.failedWays = 0
    }

    /// The connection ended after it had worked: it may be tried again after `pause`.
    mutating func released(_ endpoint: PeerEndpoint, pause: Interval, at now: Instant) {
        guard let candidate = self.known[endpoint] else { return }
        self.known[endpoint] = Candidate(
            notBefore: now + pause, priority: candidate.priority, firstWay: candidate.firstWay,
            version: candidate.version)
    }

    /// Dialling failed in the first `count` of `ways(to:)`. The next is tried at once; after the last all are tried anew in
    /// 15 s, 30 s, 60 s …, by the other name each time, and the address is forgotten after `patience` such rounds. Whether
    /// there is a next.
    @discardableResult
    mutating func failed(_ endpoint: PeerEndpoint, ways count: Int = .max, at now: Instant) -> Bool {
        guard var candidate = self.known[endpoint] else { return false }
        candidate.isBusy = false
        if count < self.wayCount - candidate.failedWays {
            candidate.failedWays += count
            candidate.notBefore = now
            self.known[endpoint] = candidate
            return true
        }
        candidate.failedWays = 0
        candidate.version = candidate.version.other
        candidate.failures += 1
        guard candidate.failures < Self.patience else {
            self.forget(endpoint)
            return false
        }
        candidate.notBefore = now + .seconds(15 << Int64(candidate.failures - 1))
        self.known[endpoint] = candidate
        return false
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
