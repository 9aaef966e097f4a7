// SPDX-License-Identifier: Apache-2.0

import DHT
import SwarmModel
import Testing

@Suite struct NetworkTests {
    static func torrent(_ random: inout SplitMix64) -> InfoHash { InfoHash(NodeID(random: &random).value) }

    /// More than a table holds, and several times as many as a walk asks.
    @Test(arguments: [(160, false), (80, true)]) func `nodes find a torrent's peers without a tracker`(
        count: Int, isV6: Bool
    ) {
        let network = NodeNetwork(random: Seed.random("network"))
        network.populate(count, isV6: isV6)
        let torrent = Self.torrent(&network.random)
        for seed in [17, 53] {
            let announcement = TorrentSearch.Announcement(port: seed == 17 ? 4_000 : nil, isSeed: true)
            network.act(seed) { $0.search(torrent, announcing: announcement, at: $1) }
        }
        network.run(for: .seconds(30))
        for seed in [17, 53] { #expect(network.members[seed].searches[torrent]?.announced == Lookup.width) }
        let expected: Set<PeerEndpoint> = [
            PeerEndpoint(address: network.members[17].endpoint.address, port: 4_000), network.members[53].endpoint,
        ]
        var queries: UInt64 = 0
        for seeker in stride(from: 5, to: count, by: 7) where seeker != 17 && seeker != 53 {
            let before = network.members[seeker].node.status.queriesSent
            network.act(seeker) { $0.search(torrent, announcing: nil, at: $1) }
            network.run(for: .seconds(20)) { network.members[seeker].searches[torrent] != nil }
            let member = network.members[seeker]
            #expect(
                member.found[torrent] == expected,
                "node \(seeker) \(member.node.status) \(String(describing: member.searches[torrent]))")
            queries = max(queries, network.members[seeker].node.status.queriesSent - before)
        }
        // A walk goes straight to its end, however many nodes there are.
        #expect(queries < 60)
        #expect(network.members.allSatisfy { isV6 ? $0.node.status.nodes6 >= 8 : $0.node.status.nodes >= 8 })
    }

    @Test func `peers are found through loss and after half of the nodes have gone`() {
        let network = NodeNetwork(random: Seed.random("loss"))
        network.lossPerMille = 100
        network.populate(120)
        let torrent = Self.torrent(&network.random)
        let seeds = [11, 47, 83]
        for seed in seeds {
            network.act(seed) { $0.search(torrent, announcing: .init(port: 5_000, isSeed: true), at: $1) }
        }
        network.run(for: .seconds(60))
        for index in 0..<120 where index % 2 == 0 { network.members[index].isDead = true }
        // Those that are left announce again, and by then know who has gone.
        network.run(for: .seconds(40 * 60))
        network.act(5) { $0.search(torrent, announcing: nil, at: $1) }
        network.run(for: .seconds(60))
        let expected = Set(seeds.map { PeerEndpoint(address: network.members[$0].endpoint.address, port: 5_000) })
        #expect(network.members[5].found[torrent] == expected)
    }

    @Test func `announces are repeated, and forgotten when they are not`() {
        let network = NodeNetwork(random: Seed.random("expiry"))
        network.populate(24)
        let torrent = Self.torrent(&network.random)
        network.act(20) { $0.search(torrent, announcing: .init(port: 1, isSeed: false), at: $1) }
        network.run(for: .seconds(3 * 3_600))
        network.act(10) { $0.search(torrent, announcing: nil, at: $1) }
        network.run(for: .seconds(30))
        #expect(network.members[10].found[torrent]?.count == 1)
        network.act(20) { $0.endSearch(torrent, at: $1) }
        network.run(for: .seconds(3_600))
        network.act(15) { $0.search(torrent, announcing: nil, at: $1) }
        network.run(for: .seconds(30))
        #expect(network.members[15].found[torrent] == nil)
        #expect(network.members[15].searches[torrent]?.peers == 0)
    }

    @Test func `a node that is read-only searches, and nobody knows it`() {
        let network = NodeNetwork(random: Seed.random("read-only"))
        network.populate(40)
        let torrent = Self.torrent(&network.random)
        network.act(7) { $0.search(torrent, announcing: .init(port: 9, isSeed: true), at: $1) }
        network.run(for: .seconds(30))
        let quiet = network.add(at: NodeNetwork.endpoint(900), introducer: 0, isReadOnly: true)
        network.run(for: .seconds(60))
        network.act(quiet) { $0.search(torrent, announcing: nil, at: $1) }
        network.run(for: .seconds(1_800))
        #expect(network.members[quiet].found[torrent]?.count == 1)
        let endpoint = network.members[quiet].endpoint
        #expect(!network.members.contains { $0.node.knownContacts(limit: .max).contains { $0.endpoint == endpoint } })
        network.send(
            KRPCMessage(transaction: [1], .query(KRPCQuery(sender: NodeID(Bytes20()), .ping))).encoded,
            from: NodeNetwork.endpoint(901), to: endpoint)
        network.run(for: .seconds(5))
        #expect(network.members[quiet].node.status.queriesAnswered == 0)
    }

    @Test func `a node takes an id that fits the address at which others see it`() {
        let network = NodeNetwork(random: Seed.random("own address"))
        network.populate(40)
        let index = network.add(at: NodeNetwork.endpoint(500), introducer: 0, hasFittingID: false)
        network.run(for: .seconds(120))
        let member = network.members[index]
        #expect(member.moves == [member.endpoint.address])
        #expect(member.node.ids.v4?.isValid(at: member.endpoint.address) == true)
        #expect(member.node.status.nodes >= 8)
    }

    @Test func `a table that was kept is enough to come back`() {
        let network = NodeNetwork(random: Seed.random("restart"))
        network.populate(60)
        let kept = network.members[30].node.knownContacts(limit: 50)
        #expect(kept.count >= 8)
        let configuration = LocalNodeConfiguration(
            families: .v4, ids: network.members[30].node.ids, contacts: kept)
        var random = SplitMix64(seed: network.random.next())
        network.members[30].node = LocalNode(configuration, random: &random, at: network.now)
        network.act(30) { $0.wake(at: $1) }
        network.run(for: .seconds(30))
        #expect(network.members[30].node.status.nodes >= 8)
        #expect(network.members[30].node.ids.v4 == configuration.ids.v4)
    }

    @Test func `many torrents take turns`() {
        let network = NodeNetwork(random: Seed.random("turns"))
        network.populate(40)
        let torrents = (0..<200).map { _ in Self.torrent(&network.random) }
        for torrent in torrents {
            network.act(3) { $0.search(torrent, announcing: .init(port: 7, isSeed: true), at: $1) }
        }
        var most = 0
        network.run(for: .seconds(14 * 60)) {
            most = max(most, network.members[3].node.status.lookups)
            return network.members[3].searches.count == torrents.count
        }
        #expect(network.members[3].searches.count == torrents.count)
        #expect(most <= LocalNode.searchConcurrency + 2)
        #expect(network.members[3].searches.values.allSatisfy { $0.announced == Lookup.width })
    }
}
