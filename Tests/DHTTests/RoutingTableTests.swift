// SPDX-License-Identifier: Apache-2.0

import DHT
import SwarmModel
import Testing

@Suite struct RoutingTableTests {
    private static let start = Instant(nanoseconds: 0)

    private static func contact(_ index: Int, _ random: inout SplitMix64) -> NodeContact {
        let endpoint = NodeNetwork.endpoint(index)
        return NodeContact(id: NodeID(for: endpoint.address, random: &random), endpoint: endpoint)
    }

    @Test func `the closest nodes are those that a search through all would find`() {
        var random = Seed.random("table")
        let own = NodeID(random: &random)
        var table = RoutingTable(ownID: own, at: Self.start)
        for index in 0..<5_000 { table.answered(Self.contact(index, &random), at: Self.start) }
        #expect(table.count > 60 && table.count < 400)
        let all = table.contacts
        for _ in 0..<50 {
            let target = NodeID(random: &random)
            let expected = all.sorted { $0.id.distance(to: target) < $1.id.distance(to: target) }.prefix(8)
            #expect(table.closest(to: target, limit: 8) == Array(expected))
        }
    }

    @Test func `a public address has one place`() {
        var random = Seed.random("places")
        var table = RoutingTable(ownID: NodeID(random: &random), at: Self.start)
        let address = IPAddress("198.51.100.1")!
        for port in 1...100 {
            let endpoint = PeerEndpoint(address: address, port: UInt16(port))
            table.answered(
                NodeContact(id: NodeID(for: address, random: &random), endpoint: endpoint), at: Self.start)
        }
        #expect(table.count == 1)
        // In a local network each port may be a node.
        for port in 1...4 {
            let endpoint = PeerEndpoint(address: IPAddress("10.0.0.1")!, port: UInt16(port))
            table.answered(NodeContact(id: NodeID(random: &random), endpoint: endpoint), at: Self.start)
        }
        #expect(table.count == 5)
    }

    @Test func `nobody takes the name of a node that is there`() {
        var random = Seed.random("names")
        var table = RoutingTable(ownID: NodeID(random: &random), at: Self.start)
        let node = Self.contact(1, &random)
        let thief = NodeContact(id: node.id, endpoint: NodeNetwork.endpoint(2))
        table.answered(node, at: Self.start)
        table.answered(thief, at: Self.start)
        #expect(table.contacts == [node])
        for _ in 0..<2 { table.failed(node, at: Self.start) }
        table.answered(thief, at: Self.start)
        #expect(table.contacts == [thief])
    }

    @Test func `a silent node gives way to one that waited, and goes in the end`() {
        var random = Seed.random("silence")
        let own = NodeID(random: &random)
        var table = RoutingTable(ownID: own, at: Self.start)
        // All of one bucket, the farthest one.
        let far = (0..<9).map { index in
            NodeContact(
                id: NodeID(sharing: 0, with: own, random: &random),
                endpoint: PeerEndpoint(address: IPAddress("10.0.0.\(index + 1)")!, port: 1))
        }
        let near = NodeContact(
            id: NodeID(sharing: 9, with: own, random: &random), endpoint: PeerEndpoint("10.0.1.1:1")!)
        table.answered(near, at: Self.start)
        for contact in far { table.answered(contact, at: Self.start) }
        #expect(table.count == 9)
        #expect(!table.contacts.contains(far[8]))
        for _ in 0..<2 { table.failed(far[3], at: Self.start) }
        #expect(table.contacts.contains(far[8]) && !table.contacts.contains(far[3]))
        for _ in 0..<5 { table.failed(near, at: Self.start) }
        #expect(!table.contacts.contains(near))
    }

    @Test func `a node whose id fits its address takes the place of one whose does not`() {
        var random = Seed.random("fitting")
        let own = NodeID(random: &random)
        var table = RoutingTable(ownID: own, at: Self.start)
        table.answered(
            NodeContact(id: NodeID(sharing: 9, with: own, random: &random), endpoint: NodeNetwork.endpoint(99)),
            at: Self.start)
        for index in 0..<8 {
            let id = NodeID(sharing: 0, with: own, random: &random)
            table.answered(NodeContact(id: id, endpoint: NodeNetwork.endpoint(index)), at: Self.start)
        }
        var index = 100
        while true {
            let contact = Self.contact(index, &random)
            index += 1
            guard contact.id.commonPrefix(with: own) == 0 else { continue }
            #expect(table.hasRoom(for: contact))
            table.answered(contact, at: Self.start)
            #expect(table.contacts.contains(contact))
            break
        }
        #expect(table.count == 9)
    }

    @Test func `nodes and buckets are looked after when they have been still for a quarter of an hour`() {
        var random = Seed.random("stale")
        var table = RoutingTable(ownID: NodeID(random: &random), at: Self.start)
        let node = Self.contact(1, &random)
        table.answered(node, at: Self.start)
        let before = Self.start + .seconds(899)
        let after = Self.start + .seconds(900)
        #expect(table.questionable(at: before) == nil && table.staleBucket(at: before) == nil)
        #expect(table.questionable(at: after) == node && table.staleBucket(at: after) == 0)
        table.heard(node, at: after)
        table.touch(bucket: 0, at: after)
        #expect(table.questionable(at: after) == nil && table.staleBucket(at: after) == nil)
    }
}
