// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The names of what a cluster keeps in Redis.
struct ClusterKeys {
    let prefix: String

    /// A hash: each node's name, and its beat and address.
    var nodes: String { self.prefix + "nodes" }
    /// A number that grows when somebody has changed a list.
    var lists: String { self.prefix + "lists" }
    /// A number that grows with each change of the catalogue.
    var changes: String { self.prefix + "catalogue:changes" }
    /// Info-hashes by the number of the change that added them, or removed them.
    var added: String { self.prefix + "catalogue:added" }
    var removed: String { self.prefix + "catalogue:removed" }

    /// A list: parcels for a node.
    func mail(for node: String) -> String { self.prefix + "mail:" + node }
    /// A set: the words of a list.
    func list(_ list: ClusterConfiguration.List) -> String { self.prefix + list.rawValue }
    /// A sharer's token, a line feed, and the torrent file.
    func torrent(_ hash: InfoHash) -> String { self.prefix + "torrent:" + hash.description }
}
