// SPDX-License-Identifier: Apache-2.0

import DHT
import SwarmModel
import Testing

@Suite struct HostileTests {
    private static func query(_ question: KRPCQuery.Question, sender: NodeID) -> [UInt8] {
        KRPCMessage(transaction: [7, 7], .query(KRPCQuery(sender: sender, question))).encoded
    }

    @Test func `a token counts only for its address and for ten minutes`() {
        let tokens = TokenIssuer(key: (1, 2))
        let address = IPAddress("198.51.100.1")!
        let start = Instant(nanoseconds: 0) + .seconds(1_000)
        let token = tokens.issue(to: address, at: start)
        #expect(tokens.accepts(token, from: address, at: start))
        #expect(tokens.accepts(token, from: address, at: start + .seconds(299)))
        #expect(!tokens.accepts(token, from: address, at: start + .seconds(601)))
        #expect(!tokens.accepts(token, from: IPAddress("198.51.100.2")!, at: start))
        #expect(!TokenIssuer(key: (1, 3)).accepts(token, from: address, at: start))
        #expect(!tokens.accepts([], from: address, at: start))
    }

    @Test func `an announce with a made-up token is refused and stores nothing`() {
        let network = NodeNetwork(random: Seed.random("tokens"))
        network.populate(2)
        let attacker = PeerEndpoint("203.0.113.5:1000")!
        var refusals = 0
        network.stranger = { _, bytes, _ in
            if case .error? = (try? KRPCMessage(decoding: bytes))?.body { refusals += 1 }
            return nil
        }
        for _ in 0..<20 {
            let announcement = KRPCAnnouncement(
                infoHash: NetworkTests.torrent(&network.random), port: 1, token: Array(repeating: 0, count: 8),
                isSeed: false)
            network.send(
                Self.query(.announcePeer(announcement), sender: NodeID(random: &network.random)), from: attacker,
                to: network.members[0].endpoint)
        }
        network.run(for: .seconds(5))
        #expect(refusals == 20)
        #expect(network.members[0].node.status.badTokens == 20)
        #expect(network.members[0].node.status.storedTorrents == 0)
    }

    @Test func `a flood from one address is answered a little, and others are answered still`() {
        let network = NodeNetwork(random: Seed.random("flood"))
        network.populate(2)
        let before = network.members[0].node.status.queriesAnswered
        for _ in 0..<5_000 {
            network.act(0) { node, now in
                node.receive(
                    Self.query(.findNode(NodeID(Bytes20())), sender: NodeID(Bytes20())),
                    from: PeerEndpoint("203.0.113.5:1000")!, at: now)
            }
        }
        let answered = network.members[0].node.status.queriesAnswered - before
        #expect(answered == UInt64(QueryAllowance.burst))
        network.act(0) { node, now in
            node.receive(
                Self.query(.ping, sender: NodeID(Bytes20())), from: PeerEndpoint("203.0.113.9:1000")!, at: now)
        }
        #expect(network.members[0].node.status.queriesAnswered - before == answered + 1)
    }

    @Test func `a flood from made-up addresses grows nothing without bound`() {
        let network = NodeNetwork(random: Seed.random("spoofed"))
        network.populate(20)
        var random = SplitMix64(seed: network.random.next())
        var sent = 0
        for round in 0..<20 {
            for _ in 0..<2_000 {
                let source = PeerEndpoint(
                    address: IPAddress(v4: 0x1000_0000 | UInt32(truncatingIfNeeded: random.next()) >> 4), port: 1)
                let node = NodeID(random: &random)
                let question: KRPCQuery.Question =
                    round % 2 == 0 ? .ping : .getPeers(InfoHash(node.value), excludesSeeds: false, wantsCounts: true)
                network.members[0].node.receive(
                    Self.query(question, sender: node), from: source, at: network.now)
                sent += network.members[0].node.takeOutputs().count
            }
            network.run(for: .seconds(1))
        }
        let status = network.members[0].node.status
        // Answers and questions whether the sender is there, both bounded by time and not by what came.
        #expect(sent < 2 * (QueryAllowance.totalBurst + 21 * QueryAllowance.totalPerSecond))
        #expect(status.queriesDropped > 20_000)
        #expect(status.nodes < 40)
        // It still finds what it looks for.
        let torrent = NetworkTests.torrent(&network.random)
        network.act(5) { $0.search(torrent, announcing: .init(port: 2, isSeed: true), at: $1) }
        network.run(for: .seconds(20))
        network.act(0) { $0.search(torrent, announcing: nil, at: $1) }
        network.run(for: .seconds(20))
        #expect(network.members[0].found[torrent]?.count == 1)
    }

    @Test func `a full store keeps what is close to us`() {
        var random = Seed.random("store")
        let id = NodeID(random: &random)
        var store = AnnouncedPeers()
        let now = Instant(nanoseconds: 0)
        let peer = PeerEndpoint("198.51.100.1:1")!
        let near = InfoHash(NodeID(sharing: 60, with: id, random: &random).value)
        for _ in 0..<(AnnouncedPeers.torrentLimit + 300) {
            store.announce(NetworkTests.torrent(&random), peer, isSeed: false, closeTo: id, at: now)
        }
        store.announce(near, peer, isSeed: false, closeTo: id, at: now)
        for number in 0..<300 {
            store.announce(NetworkTests.torrent(&random), peer, isSeed: false, closeTo: id, at: now)
            let other = PeerEndpoint(address: IPAddress(v4: 0xc633_0000 + UInt32(number)), port: 1)
            store.announce(near, other, isSeed: false, closeTo: id, at: now)
        }
        #expect(store.torrentCount == AnnouncedPeers.torrentLimit)
        let kept = store.peers(of: near, limit: .max, excludingSeeds: false, random: &random, at: now)
        #expect(kept.count == AnnouncedPeers.peerLimit)
        store.expire(at: now + AnnouncedPeers.lifetime)
        #expect(store.torrentCount == 0)
    }

    @Test func `one host has one entry, whatever ports it announces`() {
        var random = Seed.random("ports")
        var store = AnnouncedPeers()
        let now = Instant(nanoseconds: 0)
        let torrent = NetworkTests.torrent(&random)
        for port in 1...50 {
            let peer = PeerEndpoint(address: IPAddress("198.51.100.1")!, port: UInt16(port))
            store.announce(torrent, peer, isSeed: false, closeTo: NodeID(torrent), at: now)
        }
        let kept = store.peers(of: torrent, limit: 9, excludingSeeds: false, random: &random, at: now)
        #expect(kept == [PeerEndpoint("198.51.100.1:50")!])
    }

    @Test func `an answer that nobody asked for, or with a guessed transaction, changes nothing`() {
        let network = NodeNetwork(random: Seed.random("answers"))
        network.populate(10)
        let before = network.members[0].node.status
        let source = network.members[3].endpoint
        for _ in 0..<1_000 {
            var response = KRPCResponse(sender: NodeID(random: &network.random))
            response.nodes = [NodeContact(id: NodeID(random: &network.random), endpoint: NodeNetwork.endpoint(700))]
            let name = (0..<4).map { _ in UInt8(truncatingIfNeeded: network.random.next()) }
            let datagram = KRPCMessage(transaction: name, .response(response)).encoded
            network.act(0) { $0.receive(datagram, from: source, at: $1) }
        }
        let after = network.members[0].node.status
        #expect(after.garbage - before.garbage == 1_000)
        #expect(after.nodes == before.nodes)
    }

    @Test func `nodes that name ever closer ones do not keep a walk going`() {
        let network = NodeNetwork(random: Seed.random("liars"))
        // So few that the table has room for one more wherever its id belongs: who is not in it is not asked.
        network.populate(6)
        let torrent = NetworkTests.torrent(&network.random)
        var random = SplitMix64(seed: network.random.next())
        var asked = 0
        // A network of places that do not exist, each of which names eight more that are closer still.
        network.stranger = { place, bytes, _ in
            guard let message = try? KRPCMessage(decoding: bytes), case .query(let query) = message.body else {
                return nil
            }
            if case .getPeers = query.question { asked += 1 }
            var response = KRPCResponse(sender: Self.liar(at: place, near: torrent))
            response.token = [1]
            response.nodes = (0..<8).map { _ in
                let address = IPAddress(v4: 0xc000_0000 | UInt32(truncatingIfNeeded: random.next()) >> 4)
                let endpoint = PeerEndpoint(address: address, port: 1)
                return NodeContact(id: Self.liar(at: endpoint, near: torrent), endpoint: endpoint)
            }
            return KRPCMessage(transaction: message.transaction, .response(response)).encoded
        }
        network.act(4) { $0.heardOfNode(at: PeerEndpoint("193.0.0.1:1")!, at: $1) }
        network.run(for: .seconds(5))
        network.act(4) { $0.search(torrent, announcing: nil, at: $1) }
        network.run(for: .seconds(120)) { network.members[4].searches[torrent] != nil }
        #expect(network.members[4].searches[torrent] != nil)
        // It went along with them, and came to its end all the same.
        #expect(asked > Lookup.width && asked <= Lookup.queryLimit, "\(asked) were asked")
    }

    private static func liar(at place: PeerEndpoint, near torrent: InfoHash) -> NodeID {
        var random = SplitMix64(seed: place.address.low)
        return NodeID(
            sharing: 40 + Int(random.next(below: 100)), with: NodeID(torrent), random: &random)
    }

    @Test func `nodes far away cannot make us send into our own network`() {
        let network = NodeNetwork(random: Seed.random("own network"))
        network.populate(6)
        let liar = PeerEndpoint("193.0.0.1:1")!
        let name = NodeID(for: liar.address, random: &network.random)
        var (asked, inside) = (0, 0)
        network.stranger = { place, bytes, _ in
            if place.address.isLocal { inside += 1 }
            guard place == liar, let message = try? KRPCMessage(decoding: bytes),
                case .query(let query) = message.body
            else { return nil }
            if case .getPeers = query.question { asked += 1 }
            var response = KRPCResponse(sender: name)
            response.nodes = ["192.168.1.1:80", "127.0.0.1:22", "10.0.0.1:53", "224.0.0.1:9"].map {
                NodeContact(id: NodeID(random: &network.random), endpoint: PeerEndpoint($0)!)
            }
            response.peers = [PeerEndpoint("192.168.1.1:80")!, PeerEndpoint("127.0.0.1:1")!]
            return KRPCMessage(transaction: message.transaction, .response(response)).encoded
        }
        network.act(4) { $0.heardOfNode(at: liar, at: $1) }
        network.run(for: .seconds(5))
        let torrent = NetworkTests.torrent(&network.random)
        network.act(4) { $0.search(torrent, announcing: nil, at: $1) }
        network.run(for: .seconds(60))
        #expect(network.members[4].searches[torrent] != nil)
        #expect(asked > 0)
        #expect(inside == 0)
        #expect(network.members[4].found[torrent] == nil)
    }
}
