// SPDX-License-Identifier: Apache-2.0

import RedisClient
import SwarmModel
import TrackerCore

// What nodes tell each other.
extension ClusterWorker {
    /// Most items in one parcel, and parcels that wait for a node or are taken in at a time.
    private static let parcelItems = 256
    private static let mostParcels = 4000
    private static let parcelsAtOnce = 256
    /// Seconds that mail waits for a node that does not fetch it.
    private static let mailLasts = "30"
    /// Torrents of each shard that are looked at in one go for whether they are another's.
    private static let handOverBudget = 1000
    /// Torrents of each shard that a node hands over when it ends.
    private static let lastBudget = 100_000

    /// Gathers what others are to be told.
    func collect(at now: Instant) {
        let map = self.membership.map
        let (items, lost) = self.shards.collect(at: now)
        self.status.lost = lost
        for (node, item) in items { self.put(item, for: node, of: map) }
        guard map.isShared else { return }
        for (index, cursor) in self.cursors.enumerated() {
            guard let cursor else { continue }
            let (items, next) = self.shards.handOver(
                shard: index, by: map, from: cursor, budget: Self.handOverBudget, at: now)
            for (node, item) in items { self.put(item, for: node, of: map) }
            self.cursors[index] = next
        }
    }

    /// Gathers all that is known, for the nodes of `map`, of which this one is none.
    func handOverAll(by map: ClusterMap, at now: Instant) {
        for index in self.cursors.indices {
            let (items, _) = self.shards.handOver(
                shard: index, by: map, from: 0, budget: Self.lastBudget, isLeaving: true, at: now)
            for (node, item) in items { self.put(item, for: node, of: map) }
        }
    }

    private func put(_ item: ClusterItem, for index: Int, of map: ClusterMap) {
        switch item {
        case .announced: self.status.told += 1
        case .asked: self.status.asked += 1
        case .known: break
        }
        self.outgoing[map.nodes[index].name, default: []].append(item)
    }

    /// Puts everything into the others' mail.
    func send(over connection: RedisConnection) throws(RedisError) {
        guard !self.outgoing.isEmpty else { return }
        var commands: [RedisCommand] = []
        for (name, items) in self.outgoing {
            let key = self.keys.mail(for: name)
            for start in stride(from: 0, to: items.count, by: Self.parcelItems) {
                let part = Array(items[start..<min(start + Self.parcelItems, items.count)])
                let bytes = ClusterParcel(sender: self.configuration.node.name, items: part).encoded
                self.status.bytesSent += UInt64(bytes.count)
                commands.append(RedisCommand("RPUSH", key, bytes: bytes))
            }
            commands.append(RedisCommand("LTRIM", key, "-\(Self.mostParcels)", "-1"))
            commands.append(RedisCommand("EXPIRE", key, Self.mailLasts))
        }
        self.outgoing.removeAll()
        for case .failure(let why) in try connection.run(commands) { throw RedisError(why) }
    }

    /// Takes in what lies in this node's mail.
    func receive(over connection: RedisConnection, at now: Instant) throws(RedisError) {
        let key = self.keys.mail(for: self.configuration.node.name)
        let replies = try connection.run([
            RedisCommand("MULTI"), RedisCommand("LRANGE", key, "0", "\(Self.parcelsAtOnce - 1)"),
            RedisCommand("LTRIM", key, "\(Self.parcelsAtOnce)", "-1"), RedisCommand("EXEC"),
        ])
        guard let results = replies.last else { return }
        if case .failure(let why) = results { throw RedisError(why) }
        for parcel in results.list.first?.list ?? [] {
            guard let parcel = parcel.bytes.flatMap({ ClusterParcel($0) }) else { continue }
            for item in parcel.items { self.take(item, from: parcel.sender, at: now) }
        }
    }

    private func take(_ item: ClusterItem, from sender: String, at now: Instant) {
        switch item {
        case .announced(let announcement):
            self.status.heard += 1
            // The other node's lists may be older.
            guard self.limits.rules.rejection(of: announcement.infoHash) == nil else { return }
            self.shards.takeForwarded(announcement, at: now, &self.selection)
        case .asked(let infoHash):
            guard self.membership.map.nodes.contains(where: { $0.name == sender }) else { return }
            self.status.answered += 1
            self.outgoing[sender, default: []].append(self.shards.known(of: infoHash, at: now))
        case .known(let infoHash, let counts, let peers):
            self.status.adopted += UInt64(self.shards.learn(peers, counts, of: infoHash, at: now))
        }
    }
}
