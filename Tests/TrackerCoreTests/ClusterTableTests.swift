// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerCore
import TrackerWire

@Suite struct ClusterTableTests {
    private static func peer(_ number: Int, isSeed: Bool = false, lifetime: UInt16 = 90) -> KnownPeer {
        KnownPeer(
            endpoint: PeerEndpoint(address: Swarm.v4(number), port: 6881), isSeed: isSeed, lifetime: lifetime)
    }

    @Test func `adopted peers are handed out like others`() throws {
        var swarm = Swarm()
        swarm.table.adopt([Self.peer(1), Self.peer(2, isSeed: true)], of: Swarm.hash(0), at: swarm.now)
        let decision = try swarm.announce(9)
        #expect(Set(swarm.peers.map(\.address)) == [Swarm.v4(1), Swarm.v4(2)])
        #expect(decision.counts.complete == 1)
        #expect(decision.counts.incomplete == 2)
    }

    @Test func `adopted peers run out when their node said, and are renewed when it says so again`() throws {
        var swarm = Swarm()
        swarm.table.adopt([Self.peer(1), Self.peer(2)], of: Swarm.hash(0), at: swarm.now)
        swarm.pass(.seconds(60))
        swarm.table.adopt([Self.peer(2)], of: Swarm.hash(0), at: swarm.now)
        swarm.pass(.seconds(60))
        swarm.expireAll()
        try swarm.announce(9)
        #expect(swarm.peers.map(\.address) == [Swarm.v4(2)])
    }

    @Test func `who announced itself here stays what it said`() throws {
        var swarm = Swarm()
        try swarm.announce(1)
        swarm.table.adopt([Self.peer(1, isSeed: true, lifetime: 1)], of: Swarm.hash(0), at: swarm.now)
        swarm.pass(.seconds(30))
        swarm.expireAll()
        #expect(swarm.table.counts(of: Swarm.hash(0))?.incomplete == 1)
        #expect(swarm.table.counts(of: Swarm.hash(0))?.complete == 0)
    }

    @Test func `an announce takes an adopted address over`() throws {
        var swarm = Swarm()
        swarm.table.adopt([Self.peer(1, lifetime: 5)], of: Swarm.hash(0), at: swarm.now)
        try swarm.announce(1)
        swarm.pass(.seconds(30))
        swarm.expireAll()
        #expect(swarm.table.counts(of: Swarm.hash(0))?.incomplete == 1)
    }

    @Test func `addresses that nobody can reach are not adopted, and an empty torrent is not made`() {
        var swarm = Swarm()
        let bad = [
            KnownPeer(endpoint: PeerEndpoint(address: Swarm.v4(1), port: 0), isSeed: false, lifetime: 9),
            KnownPeer(endpoint: PeerEndpoint(address: IPAddress(v4: 0), port: 1), isSeed: false, lifetime: 9),
        ]
        swarm.table.adopt(bad, of: Swarm.hash(0), at: swarm.now)
        #expect(swarm.table.torrentCount == 0)
    }

    @Test func `a sample has no more than was asked for, and nobody twice`() throws {
        var swarm = Swarm()
        for number in 0..<50 { try swarm.announce(number, left: number % 3 == 0 ? 0 : 1) }
        for number in 50..<70 { try swarm.announce(number, address: Swarm.v6(number)) }
        let some = swarm.table.known(
            of: Swarm.hash(0), most: 20, lifetime: 90, at: swarm.now, random: &swarm.random)
        #expect(Set(some.map(\.endpoint)).count == 20)
        #expect(some.allSatisfy { $0.lifetime == 90 })
        let all = swarm.table.known(
            of: Swarm.hash(0), most: 200, lifetime: .max, at: swarm.now, random: &swarm.random)
        #expect(Set(all.map(\.endpoint)).count == 70)
        #expect(all.count { $0.isSeed } == 17)
    }

    @Test func `torrents of others are handed over in steps, each once`() throws {
        let map = ClusterMap(
            own: ClusterNode(name: "a", authority: "a:1"), others: [ClusterNode(name: "b", authority: "b:1")])
        var swarm = Swarm()
        for number in 0..<100 { try swarm.announce(number, torrent: number) }
        var told: [InfoHash] = []
        var cursor: Int? = 0
        while let from = cursor {
            cursor = swarm.table.handOver(by: map, from: from, budget: 7, at: swarm.now, random: &swarm.random) {
                #expect($0 == 1)
                if case .known(let hash, _, let peers) = $1 {
                    told.append(hash)
                    #expect(peers.count == 1)
                }
            }
        }
        let expected = (0..<100).map(Swarm.hash).filter { !map.isOwner(of: $0) }
        #expect(told.count == expected.count)
        #expect(Set(told) == Set(expected))
    }
}
