// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerCore

@Suite struct ClusterMapTests {
    private static func nodes(_ count: Int) -> [ClusterNode] {
        (0..<count).map { ClusterNode(name: "node-\($0)", authority: "10.0.0.\($0):6969") }
    }

    private static func map(_ own: Int, of nodes: [ClusterNode]) -> ClusterMap {
        ClusterMap(own: nodes[own], others: nodes.enumerated().filter { $0.offset != own }.map(\.element))
    }

    @Test func `all nodes agree on who owns a torrent`() {
        let nodes = Self.nodes(5)
        let maps = (0..<5).map { Self.map($0, of: nodes) }
        for number in 0..<500 {
            let owners = Set(maps.map { $0.nodes[$0.owner(of: Swarm.hash(number))].name })
            #expect(owners.count == 1)
            #expect(maps.count { $0.isOwner(of: Swarm.hash(number)) } == 1)
        }
    }

    @Test func `torrents are dealt out evenly`() {
        let map = Self.map(0, of: Self.nodes(4))
        var counts = [0, 0, 0, 0]
        for number in 0..<8000 { counts[map.owner(of: Swarm.hash(number))] += 1 }
        // Six standard deviations of a fair deal.
        #expect(counts.allSatisfy { abs($0 - 2000) < 240 }, "\(counts)")
    }

    @Test func `a node that dies moves only its own torrents, each to the next in order`() {
        let nodes = Self.nodes(6)
        let before = Self.map(0, of: nodes)
        let after = ClusterMap(own: nodes[0], others: nodes.filter { $0.name != "node-3" })
        for number in 0..<1000 {
            let hash = Swarm.hash(number)
            let order = before.order(of: hash)
            let owner = after.nodes[after.owner(of: hash)]
            #expect(owner == (order[0].name == "node-3" ? order[1] : order[0]))
        }
    }

    @Test func `a node alone owns everything`() {
        let map = ClusterMap(own: ClusterNode(name: "a", authority: "a:1"))
        #expect(!map.isShared)
        #expect((0..<100).allSatisfy { map.isOwner(of: Swarm.hash($0)) })
        #expect(map.withoutOwn == nil)
    }

    @Test func `the order of succession is that of the draws and has everybody once`() {
        let map = Self.map(2, of: Self.nodes(7))
        for number in 0..<50 {
            let order = map.order(of: Swarm.hash(number))
            #expect(Set(order).count == 7)
            #expect(order[0] == map.nodes[map.owner(of: Swarm.hash(number))])
            #expect(map.order(of: Swarm.hash(number), limit: 3) == Array(order.prefix(3)))
        }
    }

    @Test func `of two nodes with one name there is one`() {
        let map = ClusterMap(
            own: ClusterNode(name: "a", authority: "a:1"), others: [ClusterNode(name: "a", authority: "b:2")])
        #expect(map.nodes.map(\.authority) == ["a:1"])
    }
}
