// SPDX-License-Identifier: Apache-2.0

import TrackerCore

/// How it stands with the cluster, for those who look on.
package struct ClusterStatus: Hashable, Sendable {
    /// The names of the nodes that are alive as far as this one knows, itself among them.
    package internal(set) var nodes: [String] = []
    /// Whether Redis answers.
    package internal(set) var isConnected = false
    /// Why it does not.
    package internal(set) var reason: String?
    /// Announces told to the owners of their torrents.
    package internal(set) var told: UInt64 = 0
    /// Announces that other nodes told of.
    package internal(set) var heard: UInt64 = 0
    /// Questions put to owners, and answered as one.
    package internal(set) var asked: UInt64 = 0
    package internal(set) var answered: UInt64 = 0
    /// Peers taken from other nodes' words.
    package internal(set) var adopted: UInt64 = 0
    /// Announces that found no room until they could be told.
    package internal(set) var lost: UInt64 = 0
    /// Bytes sent to other nodes by way of Redis.
    package internal(set) var bytesSent: UInt64 = 0
    /// Times that Redis stopped answering.
    package internal(set) var losses: UInt64 = 0

    /// One line for people.
    package var line: String {
        let others =
            "\(self.nodes.count) node\(self.nodes.count == 1 ? "" : "s") (\(self.nodes.joined(separator: ", ")))"
        return self.isConnected
            ? "cluster: \(others)"
            : "cluster: Redis does not answer, going on with \(others): \(self.reason ?? "not asked yet")"
    }
}
