// SPDX-License-Identifier: Apache-2.0

package import RedisClient
package import TrackerCore

/// How a tracker takes part in a cluster of several.
package struct ClusterConfiguration: Hashable, Sendable {
    /// Lists that a cluster can share.
    package enum List: String, Hashable, Sendable, CaseIterable {
        case allow
        case deny
        case passkeys
    }

    /// The Redis server by which the nodes find each other.
    package var redis: RedisAddress
    /// What it wants to see first.
    package var password: String?
    /// What the names of all keys begin with.
    package var prefix = "swarm:"
    /// This node.
    package var node: ClusterNode
    /// The lists that are read from Redis, beside those in files.
    package var lists: Set<List> = []

    /// A node of the cluster that meets at a Redis server.
    package init(redis: RedisAddress, node: ClusterNode) {
        self.redis = redis
        self.node = node
    }
}
