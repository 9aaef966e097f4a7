// SPDX-License-Identifier: Apache-2.0

import RedisClient
import SwarmModel
import TrackerCore
import TrackerWire

/// The lists of a cluster: sets in Redis that anybody may change, who then makes the number beside them grow. What was
/// read last holds until Redis says otherwise.
struct SharedLists {
    /// Words asked for at a time, and most of one list: as many as a file may have.
    private static let page = "2000"
    private static let mostWords = 3_000_000

    private let lists: Set<ClusterConfiguration.List>
    private let keys: ClusterKeys
    /// The number when they were read; nil before.
    private var version: String?

    init(_ lists: Set<ClusterConfiguration.List>, keys: ClusterKeys) {
        self.lists = lists
        self.keys = keys
    }

    /// Reads them again at the next look.
    mutating func forget() {
        self.version = nil
    }

    /// Reads them where they have changed.
    mutating func look(
        over connection: RedisConnection, _ onChange: (AccessRules) -> Void
    ) throws(RedisError) {
        guard !self.lists.isEmpty else { return }
        let version = try connection.run([RedisCommand("GET", self.keys.lists)]).first?.text ?? ""
        guard version != self.version else { return }
        var rules = AccessRules()
        if self.lists.contains(.allow) { rules.allowed = try self.hashes(.allow, over: connection) }
        if self.lists.contains(.deny) { rules.denied = try self.hashes(.deny, over: connection) }
        if self.lists.contains(.passkeys) {
            rules.passkeys = Set(
                try self.words(.passkeys, over: connection).filter {
                    !$0.isEmpty && $0.count <= TrackerTarget.longestPasskey
                })
        }
        self.version = version
        onChange(rules)
    }

    private func hashes(
        _ list: ClusterConfiguration.List, over connection: RedisConnection
    ) throws(RedisError) -> Set<InfoHash> {
        Set(try self.words(list, over: connection).compactMap { InfoHash(hex: String(decoding: $0, as: UTF8.self)) })
    }

    /// In pages, so that a long list stops nobody else at the server.
    private func words(
        _ list: ClusterConfiguration.List, over connection: RedisConnection
    ) throws(RedisError) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var cursor = "0"
        repeat {
            let reply = try connection.run([
                RedisCommand("SSCAN", self.keys.list(list), cursor, "COUNT", Self.page)
            ]).first
            if case .failure(let why)? = reply { throw RedisError("\(self.keys.list(list)): \(why)") }
            let parts = reply?.list ?? []
            guard parts.count == 2, let next = parts[0].text else { break }
            words += parts[1].list.compactMap(\.bytes)
            cursor = next
        } while cursor != "0" && words.count < Self.mostWords
        return words
    }
}
