// SPDX-License-Identifier: Apache-2.0

/// A node's figures.
package struct LocalNodeStatus: Hashable, Sendable {
    /// Nodes in the routing tables.
    package var nodes = 0
    package var nodes6 = 0
    /// Torrents that others announced here.
    package var storedTorrents = 0
    /// Walks under way.
    package var lookups = 0
    /// Torrents that are looked for.
    package var searchedTorrents = 0
    /// Queries of others that were answered, and those that were not because there were too many.
    package var queriesAnswered: UInt64 = 0
    package var queriesDropped: UInt64 = 0
    /// Our queries, and the answers to them.
    package var queriesSent: UInt64 = 0
    package var answersReceived: UInt64 = 0
    /// Datagrams that were no message, or an answer to nothing.
    package var garbage: UInt64 = 0
    /// Announces of others whose token was not one of ours.
    package var badTokens: UInt64 = 0

    /// All zero.
    package init() {}
}
