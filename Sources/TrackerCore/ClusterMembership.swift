// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Who takes part. Every node writes its row again and again, each time with another beat, and reads those of all; by its
/// own clock it sees which have stopped changing, so that no two clocks have to agree.
package struct ClusterMembership: Sendable {
    /// A node's row as it is read.
    package struct Row: Hashable, Sendable {
        /// Who wrote it.
        package var node: ClusterNode
        /// Differs from that of the time before.
        package var beat: String

        /// Takes the parts as they are.
        package init(node: ClusterNode, beat: String) {
            self.node = node
            self.beat = beat
        }
    }

    private struct Standing {
        var node: ClusterNode
        var beat: String
        var changedAt: Instant
        /// It has been seen to change: what is only found may have been left behind by the dead.
        var isLive = false
    }

    /// A node whose row has not changed for so long is dead.
    package static let patience = Interval.seconds(8)
    /// Rows that have not changed for so long may be cleared away.
    package static let burial = Interval.seconds(120)
    /// Who has not looked for so long cannot know how long rows have stood still.
    private static let inattention = Interval.seconds(4)
    /// Most nodes that are believed in.
    package static let mostNodes = 256

    private let own: ClusterNode
    private var standings: [String: Standing] = [:]
    private var lookedAt: Instant?
    /// Rows were lost: until then one that is not there says nothing of its node.
    private var lossHoldsUntil: Instant?
    /// Who is alive, this node always among them.
    package private(set) var map: ClusterMap

    /// Knows of nobody else.
    package init(own: ClusterNode) {
        self.own = own
        self.map = ClusterMap(own: own)
    }

    /// Takes in all rows as they are now; returns whether who is alive has changed. `areLost` says that this node's own
    /// row was not there any more, as after Redis came back without its data: then the others are believed to live until
    /// their patience is over, for all write their rows again.
    package mutating func look(at rows: [Row], areLost: Bool, at now: Instant) -> Bool {
        let hasBeenAway = self.lookedAt.map { now - $0 > Self.inattention } ?? false
        self.lookedAt = now
        if hasBeenAway { for name in Array(self.standings.keys) { self.standings[name]?.changedAt = now } }
        for row in rows.prefix(Self.mostNodes) where row.node.name != self.own.name { self.take(row, now) }
        if areLost { self.lossHoldsUntil = now + Self.patience }
        let holdsLoss = self.lossHoldsUntil.map { now <= $0 } ?? false
        let present = Set(rows.map(\.node.name))
        for (name, standing) in self.standings {
            // A row that is gone was taken back by its node, which has stopped.
            let isGone = !present.contains(name) && !holdsLoss
            if isGone || now - standing.changedAt > Self.patience { self.standings[name]?.isLive = false }
            if isGone { self.standings[name] = nil }
        }
        let map = ClusterMap(own: self.own, others: self.standings.values.filter(\.isLive).map(\.node))
        guard map != self.map else { return false }
        self.map = map
        return true
    }

    /// Nodes whose rows nobody has changed for long.
    package func buried(at now: Instant) -> [String] {
        self.standings.values.filter { now - $0.changedAt > Self.burial }.map(\.node.name)
    }

    private mutating func take(_ row: Row, _ now: Instant) {
        guard var standing = self.standings[row.node.name] else {
            self.standings[row.node.name] = Standing(node: row.node, beat: row.beat, changedAt: now)
            return
        }
        if standing.beat != row.beat {
            standing.beat = row.beat
            standing.changedAt = now
            standing.isLive = true
        }
        standing.node = row.node
        self.standings[row.node.name] = standing
    }
}
