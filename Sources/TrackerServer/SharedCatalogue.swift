// SPDX-License-Identifier: Apache-2.0

import Database
import Logging
import RedisClient
import SwarmEvents
import SwarmModel

/// Keeps the catalogues of all nodes the same: each has all of it in its own database and answers from there; Redis holds
/// the torrent files and a numbered list of changes. Changes made while Redis does not answer wait in the database.
final class SharedCatalogue {
    private static let page = 200
    /// One change with its number, in one go: who reads the number sees the change.
    private static let addition = """
        local n = redis.call('INCR', KEYS[1])
        redis.call('SET', KEYS[4], ARGV[2])
        redis.call('ZREM', KEYS[3], ARGV[1])
        redis.call('ZADD', KEYS[2], n, ARGV[1])
        return n
        """
    private static let removal = """
        local n = redis.call('INCR', KEYS[1])
        redis.call('DEL', KEYS[4])
        redis.call('ZREM', KEYS[2], ARGV[1])
        redis.call('ZADD', KEYS[3], n, ARGV[1])
        return n
        """

    private let catalogue: Catalogue
    private let keys: ClusterKeys
    private let logger: Logger
    /// Up to which change this node knows all; nil before everything has been compared.
    private var known: Int64?

    init(_ catalogue: Catalogue, keys: ClusterKeys, logger: Logger) {
        self.catalogue = catalogue
        self.keys = keys
        self.logger = logger
        catalogue.notesChanges()
    }

    /// Compares everything at the next look: what Redis knew may be lost.
    func forget() {
        self.known = nil
    }

    /// Tells what has changed here and learns what has changed elsewhere.
    func look(over connection: RedisConnection) throws(RedisError) {
        do {
            try self.tell(over: connection)
            try self.learn(over: connection)
        } catch let error as RedisError {
            throw error
        } catch {
            self.logger.event(
                .catalogueFailed, "the catalogue failed: \(error)", ["error.message": "\(error)"])
        }
    }

    private func tell(over connection: RedisConnection) throws {
        var changes: [(infoHash: InfoHash, isRemoved: Bool)]
        repeat {
            changes = try self.catalogue.withStore { store throws(DatabaseError) in try store.untold(limit: Self.page) }
            for change in changes { try self.tell(change.infoHash, isRemoved: change.isRemoved, over: connection) }
        } while changes.count == Self.page
    }

    private func tell(_ infoHash: InfoHash, isRemoved: Bool, over connection: RedisConnection) throws {
        let key = CatalogueKey.short(infoHash)
        let record = try self.catalogue.withStore { store throws(DatabaseError) -> [UInt8]? in
            guard !isRemoved, let token = try store.token(key), let bytes = try store.metainfo(key) else { return nil }
            return Array(token.utf8) + [0x0a] + bytes
        }
        var command = RedisCommand(
            "EVAL", record == nil ? Self.removal : Self.addition, "4", self.keys.changes, self.keys.added,
            self.keys.removed, self.keys.torrent(infoHash), infoHash.description)
        if let record { command.words.append(record) }
        for case .failure(let why) in try connection.run([command]) { throw RedisError("the catalogue: \(why)") }
        let toldRemoval = record == nil
        try self.catalogue.withStore { store throws(DatabaseError) in
            try store.forgetUntold(infoHash, isRemoved: toldRemoval)
        }
    }

    private func learn(over connection: RedisConnection) throws {
        let latest = try connection.run([RedisCommand("GET", self.keys.changes)]).first?.number ?? 0
        guard latest != self.known else { return }
        // A smaller number than before is that of a Redis which lost what it had.
        let start = self.known.flatMap { $0 <= latest ? $0 : nil }
        var elsewhere: Set<InfoHash> = []
        try self.eachChange(of: self.keys.removed, after: start ?? 0, upTo: latest, over: connection) { infoHash in
            elsewhere.insert(infoHash)
            try self.catalogue.drop(infoHash)
        }
        try self.eachChange(of: self.keys.added, after: start ?? 0, upTo: latest, over: connection) { infoHash in
            elsewhere.insert(infoHash)
            try self.fetch(infoHash, over: connection)
        }
        if start == nil {
            let elsewhere = elsewhere
            try self.catalogue.withStore { store throws(DatabaseError) in
                for infoHash in try store.hashes() where !elsewhere.contains(infoHash) { try store.tell(infoHash) }
            }
        }
        self.known = latest
    }

    private func eachChange(
        of key: String, after start: Int64, upTo latest: Int64, over connection: RedisConnection,
        _ body: (InfoHash) throws -> Void
    ) throws {
        var start = start
        while true {
            let reply = try connection.run([
                RedisCommand(
                    "ZRANGEBYSCORE", key, "(\(start)", "\(latest)", "WITHSCORES", "LIMIT", "0", "\(Self.page)")
            ]).first
            if case .failure(let why)? = reply { throw RedisError("\(key): \(why)") }
            let words = reply?.list ?? []
            for index in stride(from: 0, to: words.count - 1, by: 2) {
                start = max(start, words[index + 1].number ?? latest)
                if let infoHash = words[index].text.flatMap({ InfoHash(hex: $0) }) { try body(infoHash) }
            }
            guard words.count == 2 * Self.page else { return }
        }
    }

    private func fetch(_ infoHash: InfoHash, over connection: RedisConnection) throws {
        let isHere = try self.catalogue.withStore { store throws(DatabaseError) in
            try store.entry(.short(infoHash)) != nil
        }
        guard !isHere, let bytes = try connection.run([RedisCommand("GET", self.keys.torrent(infoHash))]).first?.bytes,
            let end = bytes.firstIndex(of: 0x0a)
        else { return }
        let token = String(decoding: bytes[..<end], as: UTF8.self)
        if try !self.catalogue.adopt(Array(bytes[(end + 1)...]), token: token) {
            self.logger.debug("the catalogue has no room for \(infoHash)")
        }
    }
}
