// SPDX-License-Identifier: Apache-2.0

import Database

extension StateStore {
    private static let clustersKey = "tracker-clusters"

    /// Which trackers belong together, by announce URL, as `host:port` each.
    package func trackerClusters() throws(StateError) -> [String: [String]] {
        let text = try self.perform { database throws(DatabaseError) in
            try database.first("SELECT value FROM identity WHERE key = ?", .text(Self.clustersKey)) { $0.blob(0) }
        }
        var clusters: [String: [String]] = [:]
        for line in String(decoding: text ?? [], as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if words.count > 1 { clusters[words[0]] = Array(words.dropFirst()) }
        }
        return clusters
    }

    /// Keeps that for the next run. URLs and names with blanks in them are none and are left out.
    package func setTrackerClusters(_ clusters: [String: [String]]) async throws(StateError) {
        let isWord = { (text: String) in !text.isEmpty && !text.utf8.contains { $0 <= 0x20 } }
        let lines = clusters.sorted { $0.key < $1.key }.compactMap { url, nodes in
            isWord(url) ? ([url] + nodes.filter(isWord)).joined(separator: " ") : nil
        }
        _ = try await self.change { database throws(DatabaseError) in
            try database.run(
                "INSERT INTO identity (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                .text(Self.clustersKey), .blob(Array(lines.joined(separator: "\n").utf8)))
        }
    }
}
