// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.enabled(if: Library.isBuilt, "the plugin is not built beside the test bundle"))
struct LossTests {
    @Test func `every pattern of losses among the first seven datagrams there is survived`() throws {
        // The first packet is repeated three times before it is given up.
        for pattern in 0..<128 where pattern & 15 != 15 {
            var wire = Wire()
            wire.dropped = Set((0..<7).filter { pattern >> $0 & 1 == 1 })
            let network = try Fixture.network(there: wire, back: Wire())
            Fixture.exchange(network, count: 9_000, "pattern \(String(pattern, radix: 2)) there")
        }
    }

    @Test func `every pattern of losses among the first seven datagrams back is survived`() throws {
        for pattern in 0..<128 where pattern & 15 != 15 {
            var wire = Wire()
            wire.dropped = Set((0..<7).filter { pattern >> $0 & 1 == 1 })
            let network = try Fixture.network(there: Wire(), back: wire)
            Fixture.exchange(network, count: 9_000, "pattern \(String(pattern, radix: 2)) back")
        }
    }

    @Test func `loss, reordering and doubling at random are survived`() throws {
        for seed in Fixture.seeds(12) {
            var random = SeededGenerator(seed: seed)
            var wire = Wire()
            wire.delay = Int64(random.share() * 100e6)
            wire.jitter = Int64(random.share() * 50e6)
            wire.loss = random.share() * 0.15
            wire.duplication = random.share() * 0.3
            let network = try Fixture.network(there: wire, seed: seed)
            guard network.run(seconds: 60, until: { network.left.isOpen || network.left.isOver }), network.left.isOpen
            else { continue }
            Fixture.exchange(network, count: 60_000, "SWARM_SEED=\(seed) repeats it")
        }
    }

    @Test func `a lost packet is sent again long before a timeout`() throws {
        let network = try Fixture.network()
        network.run(seconds: 1) { network.left.isOpen }
        network.left.toSay = Fixture.bytes(100_000)
        network.there.dropped = [network.there.count + 1]
        let before = network.now
        network.settle()
        #expect(network.run(seconds: 10) { network.right.heardCount == 100_000 })
        #expect(network.now - before < Network.second / 2)
        #expect(network.isHeardThere)
    }

    @Test func `a lost tail is found without a timeout`() throws {
        let network = try Fixture.network()
        network.run(seconds: 1) { network.left.isOpen }
        network.left.toSay = Fixture.bytes(3_500)
        network.there.dropped = [network.there.count + 1, network.there.count + 2]
        let before = network.now
        network.settle()
        #expect(network.run(seconds: 10) { network.right.heardCount == 3_500 })
        #expect(network.now - before < Network.second / 2)
    }

    @Test func `one loss in a hundred costs few repetitions`() throws {
        var wire = Wire()
        wire.loss = 0.01
        let network = try Fixture.network(there: wire, back: Wire())
        network.left.toSay = Fixture.bytes(2_000_000)
        network.settle()
        #expect(network.run(seconds: 60) { network.right.heardCount == 2_000_000 })
        #expect(network.there.count < 2_000_000 / 1_180 * 105 / 100)
        #expect(network.isHeardThere)
    }

    @Test func `packets that overtake each other are soon not taken for lost`() throws {
        var wire = Wire()
        wire.jitter = 5_000_000
        let network = try Fixture.network(there: wire, back: Wire())
        network.left.toSay = Fixture.bytes(3_000_000)
        network.settle()
        #expect(network.run(seconds: 60) { network.right.heardCount == 3_000_000 })
        #expect(network.there.count < 3_000_000 / 1_180 * 105 / 100)
        #expect(network.now < 3 * Network.second)
    }
}
