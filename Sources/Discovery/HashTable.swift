// SPDX-License-Identifier: Apache-2.0

package import DHT
package import Logging
import SwarmEvents
package import SwarmModel

/// Our node of the distributed hash table on the network (BEP 5): gives it datagrams and the time, sends what it has to say,
/// and passes on the peers that it finds. It has no socket of its own: datagrams go by the port of the peers.
package actor HashTable {
    /// What holds for the node.
    package struct Configuration: Sendable {
        /// Places to begin from, as `host:port`.
        package var bootstrap: [String] = []
        /// What an earlier run kept.
        package var snapshot: [UInt8] = []
        /// It asks, but answers nothing (BEP 43).
        package var isReadOnly = false

        /// The defaults.
        package init() {}
    }

    /// How the node is reached and reaches others.
    package struct Connection: Sendable {
        /// The families it can send in.
        package var families: AddressFamilies
        /// The port that peers are told to come to; nil for the one that datagrams come from.
        package var port: UInt16?
        /// Sends a datagram; must not block.
        package var send: @Sendable ([UInt8], PeerEndpoint) -> Void

        /// Takes everything as it is.
        package init(
            families: AddressFamilies, port: UInt16?, send: @escaping @Sendable ([UInt8], PeerEndpoint) -> Void
        ) {
            self.families = families
            self.port = port
            self.send = send
        }
    }

    /// Names of nodes that are looked up of one torrent.
    private static let torrentNodeLimit = 16
    /// Nodes below which more places to begin from are looked for.
    private static let enoughNodes = 8
    /// Pauses between attempts to join: the first, doubled each time, and the longest.
    private static let firstJoinPause = Duration.seconds(30)
    private static let longestJoinPause = Duration.seconds(600)

    private let configuration: Configuration
    private let logger: Logger
    private let inbox = HashTableInbox()
    private var connection: Connection?
    private var node: LocalNode?
    private var onPeers: [InfoHash: @Sendable ([PeerEndpoint]) -> Void] = [:]
    private var timer: (task: Task<Void, Never>, deadline: Instant)?
    private var joining: Task<Void, Never>?
    private var hasJoined = false
    private let origin = ContinuousClock.now

    /// A node that does nothing before `start`.
    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Begins to take part. Without effect a second time.
    package func start(_ connection: Connection) {
        guard self.node == nil, !connection.families.isEmpty else { return }
        let snapshot = LocalNodeSnapshot(decoding: self.configuration.snapshot)
        var random = SystemRandomNumberGenerator()
        self.connection = connection
        self.node = LocalNode(
            LocalNodeConfiguration(
                families: connection.families, ids: snapshot.ids, contacts: snapshot.contacts,
                isReadOnly: self.configuration.isReadOnly), random: &random, at: self.now)
        self.act { $0.wake(at: $1) }
        self.joining = Task { [weak self] in await self?.keepJoining() }
    }

    /// Ends. Nothing is told to anybody: nodes forget by themselves.
    package func stop() {
        self.timer?.task.cancel()
        self.timer = nil
        self.joining?.cancel()
        self.joining = nil
        self.onPeers = [:]
        self.connection = nil
        self.node = nil
    }

    /// Takes in a datagram that came to the port of the peers; from anywhere.
    package nonisolated func receive(_ datagram: [UInt8], from source: PeerEndpoint) {
        guard self.inbox.put(datagram, from: source) else { return }
        Task { await self.takeIn() }
    }

    /// Whether a datagram is one of the hash table's: all of them are dictionaries.
    package static func claims(firstByte: UInt8) -> Bool { firstByte == UInt8(ascii: "d") }

    // MARK: - Torrents

    /// Looks for a torrent's peers from now on, by nothing but its name, and announces it when told so. `nodes` are those
    /// that the torrent names, as `host:port`. `onPeers` gets what is found.
    package func add(
        _ infoHash: InfoHash, isSeed: Bool, announces: Bool = true, nodes: [String] = [],
        onPeers: @escaping @Sendable ([PeerEndpoint]) -> Void
    ) {
        guard self.node != nil else { return }
        self.onPeers[infoHash] = onPeers
        self.announce(infoHash, isSeed: isSeed, announces: announces)
        guard !nodes.isEmpty, self.nodeCount < Self.enoughNodes else { return }
        let places = Array(nodes.prefix(Self.torrentNodeLimit))
        Task { [weak self] in await self?.take(strangers: await HostAddresses.endpoints(of: places)) }
    }

    /// Everything of a torrent is here now.
    package func completed(_ infoHash: InfoHash) {
        guard self.onPeers[infoHash] != nil else { return }
        self.announce(infoHash, isSeed: true, announces: true)
    }

    /// Looks no more.
    package func remove(_ infoHash: InfoHash) {
        guard self.onPeers.removeValue(forKey: infoHash) != nil else { return }
        self.act { $0.endSearch(infoHash, at: $1) }
    }

    /// Somebody asks for a search now. Returns how long until it begins; nil when the torrent is not looked for.
    @discardableResult
    package func searchNow(_ infoHash: InfoHash) -> Interval? {
        let now = self.now
        var due: Instant?
        self.act { due = $0.hurrySearch(infoHash, at: $1) }
        return due.map { max(.zero, $0 - now) }
    }

    /// How it stands with a torrent; nil for one that is not looked for.
    package func report(_ infoHash: InfoHash) -> HashTableReport? {
        guard let search = self.node?.torrents[infoHash] else { return nil }
        let now = self.now
        return HashTableReport(
            last: search.last, sinceEnd: search.lastEnd.map { now - $0 },
            untilNext: search.underWay > 0 ? nil : max(.zero, search.due - now), nodes: self.nodeCount)
    }

    // MARK: - The node

    /// A peer says that it has a node there (BEP 5 `port`).
    package func heardOfNode(at endpoint: PeerEndpoint) {
        self.act { $0.heardOfNode(at: endpoint, at: $1) }
    }

    /// The node's figures; nil before `start` and after `stop`.
    package var status: LocalNodeStatus? { self.node?.status }

    /// What is worth keeping for the next run; nil when there is nothing.
    package var snapshot: [UInt8]? {
        guard let node = self.node else { return nil }
        var snapshot = LocalNodeSnapshot(of: node)
        // One that could not join keeps what it came with.
        if snapshot.contacts.isEmpty {
            snapshot.contacts = LocalNodeSnapshot(decoding: self.configuration.snapshot).contacts
        }
        return snapshot.encoded
    }

    private var nodeCount: Int {
        let status = self.node?.status
        return (status?.nodes ?? 0) + (status?.nodes6 ?? 0)
    }

    private func announce(_ infoHash: InfoHash, isSeed: Bool, announces: Bool) {
        let port = self.connection?.port
        self.act { node, now in
            let announcement = announces ? TorrentSearch.Announcement(port: port, isSeed: isSeed) : nil
            node.search(infoHash, announcing: announcement, at: now)
        }
    }

    private func take(strangers: [PeerEndpoint]) {
        guard !strangers.isEmpty else { return }
        self.act { $0.add(strangers: strangers, at: $1) }
    }

    /// Looks the configured places up, again and again as long as we are nearly alone.
    private func keepJoining() async {
        var pause = Self.firstJoinPause
        while !Task.isCancelled {
            if self.nodeCount < Self.enoughNodes {
                let places = self.configuration.bootstrap
                let found = await HostAddresses.endpoints(of: places)
                self.take(strangers: found)
            }
            do { try await Task.sleep(for: pause) } catch { return }
            pause = min(pause * 2, Self.longestJoinPause)
        }
    }

    private func takeIn() {
        let datagrams = self.inbox.takeAll()
        self.act { node, now in
            for datagram in datagrams { node.receive(datagram.bytes, from: datagram.source, at: now) }
        }
    }

    private var now: Instant {
        let (seconds, attoseconds) = (ContinuousClock.now - self.origin).components
        return Instant(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    /// Calls the node, does what it wants done, and sees to its next deadline.
    private func act(_ body: (inout LocalNode, Instant) -> Void) {
        guard var node = self.node, let connection = self.connection else { return }
        // There is one copy only, for the tables are large.
        self.node = nil
        let now = self.now
        body(&node, now)
        let outputs = node.takeOutputs()
        self.node = node
        for output in outputs {
            switch output {
            case .send(let datagram, let endpoint): connection.send(datagram, endpoint)
            case .peers(let infoHash, let peers): self.onPeers[infoHash]?(peers)
            case .searched(let infoHash, let result): self.note(result, of: infoHash)
            case .moved(let address):
                self.logger.debug("the hash table sees us elsewhere", metadata: ["address": "\(address)"])
            }
        }
        self.noteJoining()
        self.rearm(at: now)
    }

    private func rearm(at now: Instant) {
        guard let deadline = self.node?.deadline else { return }
        if let timer = self.timer, timer.deadline <= deadline { return }
        self.timer?.task.cancel()
        let wait = Duration.nanoseconds(max(0, (deadline - now).nanoseconds))
        self.timer = (Task { [weak self] in await self?.wake(after: wait) }, deadline)
    }

    private func wake(after wait: Duration) async {
        do { try await Task.sleep(for: wait, tolerance: .milliseconds(5)) } catch { return }
        // A cancelled timer that was already past its sleep must not take down its successor.
        guard !Task.isCancelled else { return }
        self.timer = nil
        self.act { $0.wake(at: $1) }
    }

    // MARK: - What is told

    private func note(_ result: TorrentSearch.Result, of infoHash: InfoHash) {
        self.logger.debug(
            "hash table searched",
            metadata: [
                "torrent.id": "\(infoHash)", "peers": "\(result.peers)", "nodes": "\(result.answers)",
                "announced": "\(result.announced)",
            ])
    }

    private func noteJoining() {
        guard !self.hasJoined, self.nodeCount >= Self.enoughNodes else { return }
        self.hasJoined = true
        self.logger.event(
            .hashTableJoined, "the distributed hash table is reached: \(self.nodeCount) nodes are known",
            ["nodes": "\(self.nodeCount)"])
    }
}
