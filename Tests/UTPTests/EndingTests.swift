// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import Testing

@Suite(.enabled(if: Library.isBuilt, "the plugin is not built beside the test bundle"))
struct EndingTests {
    private func open(_ there: Wire = Wire(), back: Wire? = nil, seed: UInt64 = 1) throws -> Network {
        let network = try Fixture.network(there: there, back: back, seed: seed)
        network.left.toSay = [1]
        network.settle()
        #expect(network.run(seconds: 60) { network.right.heardCount == 1 })
        return network
    }

    @Test func `what was written before the end arrives before it`() throws {
        let network = try self.open()
        network.left.toSay += Fixture.bytes(100_000)
        network.settle()
        network.left.close(at: network.now)
        network.settle()
        #expect(network.run(seconds: 60) { network.right.isOver && network.left.isOver })
        #expect(network.right.heardCount == 100_001)
        #expect(network.right.states == [SWARM_LINK_OPEN, SWARM_LINK_ENDED])
        #expect(network.left.states == [SWARM_LINK_OPEN, SWARM_LINK_ENDED])
    }

    @Test func `both may end at once`() throws {
        let network = try self.open()
        network.left.close(at: network.now)
        network.right.close(at: network.now)
        network.settle()
        #expect(network.run(seconds: 120) { network.right.isOver && network.left.isOver })
    }

    @Test func `the end survives losses at random`() throws {
        for seed in Fixture.seeds(20) {
            var wire = Wire()
            wire.jitter = 10_000_000
            let network = try self.open(wire, seed: seed)
            network.there.loss = 0.3
            network.left.toSay += Fixture.bytes(20_000)
            network.settle()
            network.left.close(at: network.now)
            network.settle()
            #expect(network.run(seconds: 900) { network.right.isOver }, "SWARM_SEED=\(seed) repeats it")
            #expect(network.right.states.last == SWARM_LINK_ENDED, "SWARM_SEED=\(seed) repeats it")
            #expect(network.right.heardCount == 20_001, "SWARM_SEED=\(seed) repeats it")
        }
    }

    @Test func `a peer that never answers fails after some tries`() throws {
        var wire = Wire()
        wire.loss = 1
        let network = try Fixture.network(there: wire)
        #expect(network.run(seconds: 60) { network.left.isOver })
        #expect(network.left.states == [SWARM_LINK_FAILED])
        #expect(network.left.reason == "the peer does not answer")
        #expect(network.there.count == 4)
        #expect(network.now < 20 * Network.second)
    }

    @Test func `a peer that vanishes fails in a minute or so`() throws {
        let network = try self.open()
        network.back.loss = 1
        network.left.toSay += Fixture.bytes(100_000)
        network.settle()
        let before = network.now
        #expect(network.run(seconds: 600) { network.left.isOver })
        #expect(network.left.states.last == SWARM_LINK_FAILED)
        #expect(network.now - before > 20 * Network.second && network.now - before < 150 * Network.second)
    }

    @Test func `a reset ends at once when it names a packet under way, and not otherwise`() throws {
        var seen: [Packet] = []
        let network = try self.open()
        network.tap = { fromLeft, bytes in
            if fromLeft { seen.append(Packet(bytes)) }
            return [bytes]
        }
        network.left.toSay += Fixture.bytes(3_000)
        network.settle()
        let last = try #require(seen.last)
        for offset: UInt16 in [200, 1_000, 20_000, 40_000] {
            for connection in [Network.key, Network.key &+ 1] {
                let reset = Packet(
                    Packet.reset, connection: connection, sequence: 1, acknowledged: last.sequence &+ offset)
                network.inject(reset.bytes, toLeft: true)
            }
        }
        let stranger = Packet(Packet.reset, connection: Network.key &+ 9, sequence: 1, acknowledged: last.sequence)
        network.inject(stranger.bytes, toLeft: true)
        #expect(network.left.isOpen)
        let genuine = Packet(Packet.reset, connection: Network.key, sequence: 1, acknowledged: last.sequence)
        network.inject(genuine.bytes, toLeft: true)
        #expect(network.left.states.last == SWARM_LINK_FAILED)
        #expect(network.left.reason == "the peer reset the connection")
    }
}
