// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Our node of the distributed hash table (BEP 5, 32, 33, 42, 43), as a value: datagrams and the time go in, datagrams and
/// peers come out. One node serves both address families, with a table for each.
///
/// Whoever has it calls `receive` for what comes, `wake` at `deadline`, and takes `takeOutputs` after every call.
package struct LocalNode: Sendable {
    /// Walks towards torrents at a time; the others wait.
    package static let searchConcurrency = 8
    /// Torrents that can be looked for.
    package static let torrentLimit = 50_000
    /// Places without a name that are remembered to begin from.
    package static let strangerLimit = 64

    /// What belongs to one address family.
    struct Family {
        var table: RoutingTable
        var stored = AnnouncedPeers()
        var votes = AddressVotes()
        /// What other nodes say that our address is.
        var address: IPAddress?
        /// When the next walk towards ourselves is due.
        var joinDue: Instant
        var joinPause = LocalNode.shortestJoinPause
    }

    /// What a walk is for.
    enum Errand {
        /// To fill the table: with nodes near us, or of some bucket.
        case join
        case refresh
        /// To find a torrent's peers.
        case search(InfoHash)
    }

    let configuration: LocalNodeConfiguration
    var random: SplitMix64
    let tokens: TokenIssuer
    var allowance: QueryAllowance
    var pending: PendingQueries
    var v4: Family?
    var v6: Family?
    var strangers: [PeerEndpoint] = []
    var lookups: [Int: (lookup: Lookup, errand: Errand)] = [:]
    var nextLookup = 0
    var searchLookups = 0
    package internal(set) var torrents: [InfoHash: TorrentSearch] = [:]
    /// Not later than the earliest search that is due.
    var searchDue: Instant?
    var upkeepDue: Instant
    var expiryDue: Instant
    var figures = LocalNodeStatus()
    var outputs: [LocalNodeOutput] = []

    /// A node that has sent nothing yet. `random` must be one that nobody can guess, since secrets are drawn from it.
    package init(
        _ configuration: LocalNodeConfiguration, random source: inout some RandomNumberGenerator, at now: Instant
    ) {
        self.configuration = configuration
        self.random = SplitMix64(seed: source.next())
        self.tokens = TokenIssuer(key: (source.next(), source.next()))
        self.allowance = QueryAllowance(key: (source.next(), source.next()), at: now)
        self.pending = PendingQueries(key: (source.next(), source.next()))
        self.upkeepDue = now
        self.expiryDue = now + Self.expiryInterval
        for isV6 in [false, true] where configuration.families.contains(isV6: isV6) {
            let id = (isV6 ? configuration.ids.v6 : configuration.ids.v4) ?? NodeID(random: &self.random)
            self[isV6: isV6] = Family(table: RoutingTable(ownID: id, at: now), joinDue: now)
        }
        // They must show first that they are still there.
        self.strangers = configuration.contacts.prefix(Self.strangerLimit).map(\.endpoint)
    }

    /// The family's part; nil where it is not used.
    subscript(isV6 isV6: Bool) -> Family? {
        get { isV6 ? self.v6 : self.v4 }
        set { if isV6 { self.v6 = newValue } else { self.v4 = newValue } }
    }

    /// What is to be done since the last call; takes it out.
    package mutating func takeOutputs() -> [LocalNodeOutput] {
        var outputs: [LocalNodeOutput] = []
        swap(&outputs, &self.outputs)
        return outputs
    }

    /// When `wake` is to be called next.
    package var deadline: Instant {
        var deadline = min(self.upkeepDue, self.expiryDue)
        if let pending = self.pending.deadline { deadline = min(deadline, pending) }
        if let search = self.searchDue, self.searchLookups < Self.searchConcurrency, self.canSearch {
            deadline = min(deadline, search)
        }
        return deadline
    }

    /// Time has passed.
    package mutating func wake(at now: Instant) {
        self.giveUpQueries(at: now)
        if now >= self.expiryDue {
            self.v4?.stored.expire(at: now)
            self.v6?.stored.expire(at: now)
            self.expiryDue = now + Self.expiryInterval
        }
        if now >= self.upkeepDue { self.keepUp(at: now) }
        self.startSearches(at: now)
    }

    /// A datagram came from `source`.
    package mutating func receive(_ datagram: some Collection<UInt8>, from source: PeerEndpoint, at now: Instant) {
        guard source.port != 0, self[isV6: source.address.isV6] != nil else { return }
        do throws(KRPCFault) {
            let message = try KRPCMessage(decoding: datagram)
            switch message.body {
            case .query(let query): self.answer(query, message, from: source, at: now)
            case .response(let response): self.take(response, message, from: source, at: now)
            case .error: self.takeRefusal(message, from: source, at: now)
            }
        } catch {
            switch error {
            case .garbage: self.figures.garbage += 1
            case .refused(let transaction, let refusal): self.refuse(transaction, refusal, to: source, at: now)
            }
        }
        self.startSearches(at: now)
    }

    /// The nodes that are known to be there, to be kept for the next run: some of each family, those near us last.
    package func knownContacts(limit: Int) -> [NodeContact] {
        let lists = [self.v4, self.v6].compactMap { $0?.table.contacts }
        return lists.flatMap { $0.suffix(limit / max(1, lists.count)) }
    }

    /// Our ids, by family.
    package var ids: (v4: NodeID?, v6: NodeID?) { (self.v4?.table.ownID, self.v6?.table.ownID) }

    /// The figures of the moment.
    package var status: LocalNodeStatus {
        var status = self.figures
        status.nodes = self.v4?.table.count ?? 0
        status.nodes6 = self.v6?.table.count ?? 0
        status.storedTorrents = [self.v4, self.v6].reduce(0) { $0 + ($1?.stored.torrentCount ?? 0) }
        status.lookups = self.lookups.count
        status.searchedTorrents = self.torrents.count
        return status
    }

    /// Sends a query and waits for its answer; false when too many are in flight.
    @discardableResult
    mutating func ask(
        _ question: KRPCQuery.Question, of endpoint: PeerEndpoint, id: NodeID?, for purpose: PendingQuery.Purpose,
        at now: Instant
    ) -> Bool {
        guard !self.pending.isFull, let family = self[isV6: endpoint.address.isV6] else { return false }
        let name = self.pending.insert(PendingQuery(endpoint: endpoint, id: id, purpose: purpose, sent: now))
        var message = KRPCMessage(
            transaction: (0..<4).map { UInt8(truncatingIfNeeded: name >> UInt32(24 - 8 * $0)) },
            .query(KRPCQuery(sender: family.table.ownID, question)))
        message.isReadOnly = self.configuration.isReadOnly
        self.figures.queriesSent += 1
        self.outputs.append(.send(message.encoded, to: endpoint))
        return true
    }
}
