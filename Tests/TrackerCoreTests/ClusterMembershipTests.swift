// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerCore

@Suite struct ClusterMembershipTests {
    private typealias Row = ClusterMembership.Row
    private static let own = ClusterNode(name: "a", authority: "a:6969")
    private static let other = ClusterNode(name: "b", authority: "b:6969")

    private static func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: 1_000_000_000 * (1000 + seconds)) }

    /// Two nodes that see each other at second 2.
    private static func pair() -> ClusterMembership {
        var membership = ClusterMembership(own: Self.own)
        _ = membership.look(at: [Row(node: Self.other, beat: "0")], areLost: false, at: Self.at(0))
        _ = membership.look(at: [Row(node: Self.other, beat: "1")], areLost: false, at: Self.at(2))
        return membership
    }

    @Test func `a row that was only found is not a node that lives`() {
        var membership = ClusterMembership(own: Self.own)
        let change1 = membership.look(at: [Row(node: Self.other, beat: "7")], areLost: false, at: Self.at(0))
        #expect(!change1)
        let change2 = membership.look(at: [Row(node: Self.other, beat: "7")], areLost: false, at: Self.at(2))
        #expect(!change2)
        #expect(membership.map.nodes == [Self.own])
        let change3 = membership.look(at: [Row(node: Self.other, beat: "8")], areLost: false, at: Self.at(4))
        #expect(change3)
        #expect(membership.map.nodes == [Self.own, Self.other])
    }

    @Test func `a node whose row stands still is dead after its patience and not before`() {
        var membership = Self.pair()
        for second in stride(from: Int64(4), through: 10, by: 2) {
            let change4 = membership.look(at: [Row(node: Self.other, beat: "1")], areLost: false, at: Self.at(second))
            #expect(!change4)
        }
        let change5 = membership.look(at: [Row(node: Self.other, beat: "1")], areLost: false, at: Self.at(12))
        #expect(change5)
        #expect(membership.map.nodes == [Self.own])
        let change6 = membership.look(at: [Row(node: Self.other, beat: "2")], areLost: false, at: Self.at(14))
        #expect(change6)
        #expect(membership.map.nodes.count == 2)
    }

    @Test func `a node that takes its row back is gone at once`() {
        var membership = Self.pair()
        let change7 = membership.look(at: [], areLost: false, at: Self.at(4))
        #expect(change7)
        #expect(membership.map.nodes == [Self.own])
    }

    @Test func `when all rows were lost, members stay until their patience is over`() {
        var membership = Self.pair()
        let change = membership.look(at: [], areLost: true, at: Self.at(4))
        #expect(!change)
        #expect(membership.map.nodes == [Self.own, Self.other])
        for second in stride(from: Int64(6), through: 10, by: 2) {
            let early = membership.look(at: [], areLost: false, at: Self.at(second))
            #expect(!early)
        }
        let late = membership.look(at: [], areLost: false, at: Self.at(12))
        #expect(late)
        #expect(membership.map.nodes == [Self.own])
    }

    @Test func `a member that writes its lost row again was never gone`() {
        var membership = Self.pair()
        _ = membership.look(at: [], areLost: true, at: Self.at(4))
        let change = membership.look(at: [Row(node: Self.other, beat: "2")], areLost: false, at: Self.at(6))
        #expect(!change)
        #expect(membership.map.nodes.count == 2)
        for second in stride(from: Int64(8), through: 12, by: 2) {
            _ = membership.look(
                at: [Row(node: Self.other, beat: "\(second)")], areLost: false, at: Self.at(second))
        }
        let gone = membership.look(at: [], areLost: false, at: Self.at(14))
        #expect(gone)
    }

    @Test func `who has not looked for long declares nobody dead`() {
        var membership = Self.pair()
        let change8 = membership.look(at: [Row(node: Self.other, beat: "1")], areLost: false, at: Self.at(100))
        #expect(!change8)
        let change9 = membership.look(at: [Row(node: Self.other, beat: "2")], areLost: false, at: Self.at(102))
        #expect(!change9)
        #expect(membership.map.nodes.count == 2)
    }

    @Test func `rows of the long dead are named for clearing away`() {
        var membership = Self.pair()
        for second in stride(from: Int64(4), through: 120, by: 2) {
            _ = membership.look(at: [Row(node: Self.other, beat: "1")], areLost: false, at: Self.at(second))
            #expect(membership.buried(at: Self.at(second)).isEmpty)
        }
        _ = membership.look(at: [Row(node: Self.other, beat: "1")], areLost: false, at: Self.at(123))
        #expect(membership.buried(at: Self.at(123)) == ["b"])
    }

    @Test func `a row of one's own name is no other node, and there is a most of them`() {
        var membership = ClusterMembership(own: Self.own)
        for beat in 0..<2 {
            let rows = (0..<400).map { Row(node: ClusterNode(name: "n\($0)", authority: "n:1"), beat: "\(beat)") }
            let own = Row(node: ClusterNode(name: "a", authority: "elsewhere:1"), beat: "\(beat)")
            _ = membership.look(at: [own] + rows, areLost: false, at: Self.at(Int64(beat)))
        }
        #expect(membership.map.nodes.count <= ClusterMembership.mostNodes)
        #expect(membership.map.nodes[membership.map.own] == Self.own)
    }
}
