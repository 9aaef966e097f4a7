// SPDX-License-Identifier: Apache-2.0

import Logging
import RedisClient
import SwarmEvents
import SwarmModel
import TrackerCore
import TrackerWire

/// What the cluster's thread does at each look: tells the others that this node lives and what they are to know, and takes
/// in what they tell. When Redis does not answer it says so once and goes on with the nodes that it knew.
final class ClusterWorker {
    /// How often the rows of all nodes, the lists and the catalogue are looked at.
    private static let fullLook = Interval.seconds(2)
    /// Between two attempts to reach a Redis server that does not answer.
    private static let retry = Interval.seconds(1)

    let configuration: ClusterConfiguration
    let keys: ClusterKeys
    let shards: SwarmShards
    let limits: LiveLimits
    let logger: Logger
    var status: ClusterStatus
    var membership: ClusterMembership
    /// What is to be sent, by the name of the node.
    var outgoing: [String: [ClusterItem]] = [:]
    /// Where each shard is with telling others of torrents that became theirs; nil when it is done.
    var cursors = [Int?](repeating: nil, count: SwarmShards.count)
    var selection = PeerSelection()
    private let incarnation: UInt64
    private var beat: UInt64 = 0
    private var connection: RedisConnection?
    private var fullLookDue: Instant?
    private var connectDue: Instant?
    private var lists: SharedLists
    private var catalogue: SharedCatalogue?
    private var hasConflict = false

    init(
        _ configuration: ClusterConfiguration, shards: SwarmShards, catalogue: Catalogue?, limits: LiveLimits,
        logger: Logger, status: ClusterStatus
    ) {
        self.configuration = configuration
        self.keys = ClusterKeys(prefix: configuration.prefix)
        self.shards = shards
        self.limits = limits
        self.logger = logger
        self.status = status
        self.membership = ClusterMembership(own: configuration.node)
        self.incarnation = UInt64.random(in: .min ... .max)
        self.lists = SharedLists(configuration.lists, keys: self.keys)
        self.catalogue = catalogue.map { SharedCatalogue($0, keys: self.keys, logger: logger) }
    }

    /// One look.
    func look(at now: Instant) {
        do throws(RedisError) {
            guard let connection = try self.connected(at: now) else { return }
            let isFull = self.fullLookDue.map { $0 <= now } ?? true
            if isFull {
                self.fullLookDue = now + Self.fullLook
                try self.exchangeRows(over: connection, at: now)
            }
            self.collect(at: now)
            try self.send(over: connection)
            try self.receive(over: connection, at: now)
            // Answers go at once: whoever asked waits for them.
            try self.send(over: connection)
            guard isFull else { return }
            try self.lists.look(over: connection) { self.limits.change(shared: $0) }
            try self.catalogue?.look(over: connection)
        } catch {
            self.lose(error, at: now)
        }
    }

    /// This node goes: the others get what it knows, and see at once that it is gone.
    func leave(at now: Instant) {
        guard let connection = self.connection else { return }
        do throws(RedisError) {
            self.collect(at: now)
            if let map = self.membership.map.withoutOwn { self.handOverAll(by: map, at: now) }
            try self.send(over: connection)
            _ = try connection.run([RedisCommand("HDEL", self.keys.nodes, self.configuration.node.name)])
        } catch {
            self.logger.debug("the cluster was not told of the end: \(error)")
        }
    }

    private func connected(at now: Instant) throws(RedisError) -> RedisConnection? {
        if let connection = self.connection { return connection }
        if let due = self.connectDue, now < due { return nil }
        self.connectDue = now + Self.retry
        let connection = try RedisConnection(self.configuration.redis, password: self.configuration.password)
        // A server that only listens is of no use yet: while it loads its data it says so here.
        for case .failure(let why) in try connection.run([RedisCommand("PING")]) { throw RedisError(why) }
        self.connection = connection
        self.fullLookDue = nil
        // What the others were not told meanwhile, and what a Redis that lost everything has to be told again.
        self.cursors = self.cursors.map { _ in 0 }
        self.lists.forget()
        self.catalogue?.forget()
        self.status.isConnected = true
        self.status.reason = nil
        let redis = self.configuration.redis
        self.logger.event(
            .clusterJoined, "node \(self.configuration.node.name) takes part in the cluster of Redis at \(redis)",
            ["cluster.redis": "\(redis)"])
        return connection
    }

    private func lose(_ error: RedisError, at now: Instant) {
        self.connection = nil
        self.connectDue = now + Self.retry
        let isNews = self.status.isConnected || self.status.reason == nil
        self.status.isConnected = false
        self.status.reason = error.description
        guard isNews else { return }
        self.status.losses += 1
        let redis = self.configuration.redis
        self.logger.event(
            .clusterLost, "Redis at \(redis) does not answer: \(error); announces go on, others hear of them later",
            ["cluster.redis": "\(redis)", "error.message": "\(error)"])
    }
}

// Rows.
extension ClusterWorker {
    private func exchangeRows(over connection: RedisConnection, at now: Instant) throws(RedisError) {
        let node = self.configuration.node
        self.beat += 1
        let value = "\(self.incarnation):\(self.beat) \(node.authority)"
        let replies = try connection.run([
            RedisCommand("HGET", self.keys.nodes, node.name),
            RedisCommand("HSET", self.keys.nodes, node.name, value),
            RedisCommand("HGETALL", self.keys.nodes),
        ])
        for case .failure(let why) in replies { throw RedisError(why) }
        if self.beat > 1, let before = replies[0].text { self.checkName(before) }
        var rows: [ClusterMembership.Row] = []
        let words = replies[2].list.map { $0.text ?? "" }
        for index in stride(from: 0, to: words.count - 1, by: 2) {
            let parts = words[index + 1].split(separator: " ", maxSplits: 1)
            guard parts.count == 2, TrackerAuthority.isPlain(Array(parts[1].utf8)), !words[index].isEmpty,
                words[index].utf8.count <= 255
            else { continue }
            rows.append(
                ClusterMembership.Row(
                    node: ClusterNode(name: words[index], authority: String(parts[1])), beat: String(parts[0])))
        }
        // The second question is for data that was lost in between.
        let areLost = self.beat > 1 && replies[0].text == nil || !rows.contains { $0.node.name == node.name }
        if self.membership.look(at: rows, areLost: areLost, at: now) { self.adopt(self.membership.map) }
        let buried = self.membership.buried(at: now)
        if !buried.isEmpty {
            _ = try connection.run(buried.map { RedisCommand("HDEL", self.keys.nodes, $0) })
        }
    }

    private func adopt(_ map: ClusterMap) {
        self.shards.change(map: map)
        self.status.nodes = map.nodes.map(\.name)
        self.cursors = self.cursors.map { _ in 0 }
        let names = self.status.nodes.joined(separator: ", ")
        self.logger.event(
            .clusterChanged, "the cluster has \(map.nodes.count) node\(map.nodes.count == 1 ? "" : "s") now: \(names)",
            ["cluster.nodes": "\(names)"])
    }

    /// Somebody else writes the row that has this node's name.
    private func checkName(_ row: String) {
        let isForeign = !row.hasPrefix("\(self.incarnation):")
        defer { self.hasConflict = isForeign }
        guard isForeign, !self.hasConflict else { return }
        let name = self.configuration.node.name
        self.logger.event(
            .clusterConflict, "another tracker calls itself \(name) too: give one of them another cluster.name",
            ["cluster.node": "\(name)"])
    }
}
