// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.enabled(if: Library.isBuilt, "the plugin is not built beside the test bundle"))
struct WindowTests {
    @Test func `a host that takes nothing stops the peer, and the peer goes on when it does again`() throws {
        let network = try Fixture.network()
        network.right.window = 50_000
        network.left.toSay = Fixture.bytes(1_000_000)
        network.settle()
        #expect(network.run(seconds: 60) { network.right.heardCount > 300_000 })
        network.right.window = 0
        network.settle()
        network.run(seconds: 5)
        let heard = network.right.heardCount
        network.run(seconds: 300)
        #expect(network.right.heardCount == heard)
        #expect(network.left.isOpen && network.right.isOpen)
        let sent = network.there.count
        network.run(seconds: 300)
        #expect(network.there.count - sent < 40, "few tries whether the peer takes anything")
        network.right.window = 1 << 20
        let before = network.now
        network.settle()
        #expect(network.run(seconds: 60) { network.right.heardCount == 1_000_000 })
        #expect(network.now - before < 2 * Network.second)
        #expect(network.isHeardThere)
        #expect(network.right.overruns == 0)
    }

    @Test func `news of an open window may get lost`() throws {
        let network = try Fixture.network()
        network.left.toSay = Fixture.bytes(500_000)
        network.right.window = 3_000
        network.settle()
        network.run(seconds: 3)
        network.right.window = 0
        network.settle()
        network.run(seconds: 10)
        network.back.dropped = [network.back.count]
        network.right.window = 1 << 20
        network.settle()
        #expect(network.run(seconds: 120) { network.right.heardCount == 500_000 })
        #expect(network.isHeardThere)
    }

    @Test func `never more is delivered than the host takes, whatever gets lost`() throws {
        for seed in Fixture.seeds(8) {
            var wire = Wire()
            wire.loss = 0.05
            wire.jitter = 8_000_000
            let network = try Fixture.network(there: wire, back: Wire(), seed: seed)
            network.left.toSay = Fixture.bytes(300_000)
            network.settle()
            while network.right.heardCount < 300_000, network.now < 900 * Network.second {
                network.right.window = [0, 1_500, 4_000, 20_000, 200_000][Int(network.random.next() % 5)]
                network.run(seconds: 1)
            }
            #expect(network.isHeardThere, "SWARM_SEED=\(seed) repeats it")
            #expect(network.right.overruns == 0, "SWARM_SEED=\(seed) repeats it")
        }
    }

    @Test func `what a writer may give ahead is bounded`() throws {
        let network = try Fixture.network()
        network.right.window = 0
        network.left.toSay = Fixture.bytes(20_000_000)
        network.settle()
        network.run(seconds: 30)
        #expect(network.left.written < 1_000_000)
    }
}
