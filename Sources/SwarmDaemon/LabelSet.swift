// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmModel

/// The labels of a torrent: words that an operator marks it with. They are in order, and none stands twice.
struct LabelSet: Equatable, Sendable {
    /// The most labels of one torrent.
    static let most = 32
    private(set) var labels: [String]

    /// Labels that were checked before.
    init(stored labels: [String]) {
        self.labels = labels
    }

    /// Throws for what is no label, and for too many.
    init(_ labels: [String]) throws(ControlError) {
        self.labels = []
        try self.change(adding: labels, removing: [])
    }

    /// Adds some and takes others away. Throws, and changes nothing, for what is no label, and for too many.
    mutating func change(adding added: [String], removing removed: [String]) throws(ControlError) {
        for label in added + removed where !LabelRule.admits(label) {
            throw ControlError(
                .invalidParams,
                "\u{201C}\(label.prefix(LabelRule.longest))\u{201D} is no label: \(LabelRule.words)")
        }
        let wanted = Set(self.labels).union(added).subtracting(removed).sorted()
        guard wanted.count <= Self.most else {
            throw ControlError(.refused, "a torrent has at most \(Self.most) labels; take some away first")
        }
        self.labels = wanted
    }
}
