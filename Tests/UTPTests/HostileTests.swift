// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.enabled(if: Library.isBuilt, "the plugin is not built beside the test bundle"))
struct HostileTests {
    private func open() throws -> Network {
        let network = try Fixture.network()
        network.left.toSay = [1]
        network.settle()
        #expect(network.run(seconds: 60) { network.right.heardCount == 1 })
        network.run(seconds: 1)
        return network
    }

    /// A packet as the left one would send next, to be spoilt.
    private func next(_ network: Network) throws -> Packet {
        var seen: Packet?
        network.tap = { fromLeft, bytes in
            if fromLeft { seen = Packet(bytes) }
            return [bytes]
        }
        defer { network.tap = nil }
        network.left.toSay.append(2)
        network.settle()
        network.run(seconds: 1)
        var packet = try #require(seen)
        packet.sequence &+= 1
        return packet
    }

    @Test func `acknowledgements of what was never sent change nothing`() throws {
        let network = try self.open()
        var packet = try self.next(network)
        packet.kind = Packet.state
        for ahead in stride(from: 1, to: 60_000, by: 977) {
            var spoilt = packet
            spoilt.acknowledged &+= UInt16(ahead)
            network.inject(spoilt.bytes, toLeft: false)
            spoilt.kind = Packet.data
            spoilt.payload = [66]
            network.inject(spoilt.bytes, toLeft: false)
        }
        #expect(network.right.isOpen)
        #expect(!network.right.heard.contains(66))
        Fixture.exchange(network, count: 30_000)
    }

    @Test func `masks that name what was never sent change nothing`() throws {
        let network = try self.open()
        var packet = try self.next(network)
        packet.kind = Packet.state
        for length in [0, 1, 3, 4, 252, 255] {
            packet.extensions = [(1, [UInt8](repeating: 255, count: length))]
            network.inject(packet.bytes, toLeft: false)
        }
        #expect(network.right.isOpen)
        Fixture.exchange(network, count: 30_000)
    }

    @Test func `long chains of extensions are walked to their end, and broken ones ignored`() throws {
        let network = try self.open()
        var packet = try self.next(network)
        packet.payload = [77]
        packet.extensions = (0..<700).map { _ in (200, []) }
        network.inject(packet.bytes, toLeft: false)
        #expect(network.right.heard.last == 77)
        packet.sequence &+= 1
        packet.extensions = [(9, [UInt8](repeating: 0, count: 100))]
        var bytes = packet.bytes
        bytes[21] = 255
        network.inject(bytes, toLeft: false)
        network.inject(Array(packet.bytes[..<21]), toLeft: false)
        #expect(network.right.isOpen && network.right.heardCount == 3)
    }

    @Test func `what lies far ahead is not kept, and what is kept is bounded`() throws {
        let network = try self.open()
        let packet = try self.next(network)
        network.right.window = 100_000
        network.settle()
        var answers = 0
        for step in 1..<9_000 {
            var ahead = packet
            ahead.sequence &+= UInt16(step)
            ahead.payload = [UInt8](repeating: 9, count: 1_400)
            network.inject(ahead.bytes, toLeft: false)
            answers = network.back.count
        }
        #expect(answers < 10_000)
        // The missing one comes: no more comes out than the host takes.
        var missing = packet
        missing.payload = [5]
        network.inject(missing.bytes, toLeft: false)
        #expect(network.right.overruns == 0)
        #expect(network.right.heardCount < 110_000)
    }

    @Test func `random datagrams trap nothing, and are answered with little`() throws {
        for seed in Fixture.seeds(6) {
            let network = try self.open()
            var random = SeededGenerator(seed: seed)
            let model = try self.next(network)
            let before = network.back.count
            for _ in 0..<4_000 {
                var bytes = model.bytes
                switch random.next() % 4 {
                case 0: bytes = (0..<Int(random.next() % 1_500)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                case 1: bytes = Array(bytes.prefix(Int(random.next() % 40)))
                default:
                    bytes += (0..<Int(random.next() % 300)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                    for _ in 0...random.next() % 4 {
                        bytes[Int(random.next() % 20)] = UInt8(truncatingIfNeeded: random.next())
                    }
                    bytes[0] = UInt8(random.next() % 5) << 4 | 1
                }
                network.inject(bytes, toLeft: random.next() % 2 == 0)
            }
            #expect(network.back.count - before < 8_000, "SWARM_SEED=\(seed) repeats it")
            network.run(seconds: 300)
        }
    }

    @Test func `a second first packet is answered only while the first was not`() throws {
        let network = try Fixture.network()
        let before = network.back.count
        let syn = Packet(Packet.syn, connection: Network.key, sequence: 7, acknowledged: 0)
        for _ in 0..<3 { network.inject(syn.bytes, toLeft: false) }
        #expect(network.back.count == before + 3)
        var other = syn
        other.sequence = 99
        network.inject(other.bytes, toLeft: false)
        #expect(network.back.count == before + 3)
    }

    @Test func `the clocks may run apart`() throws {
        var wire = Wire()
        wire.rate = 500_000
        wire.queueLimit = 200_000
        for drift: Int64 in [200, -200] {
            let network = try Fixture.network(there: wire)
            network.right.clockDrift = drift
            network.left.toSay = [UInt8](repeating: 3, count: 60_000_000)
            network.right.keeps = false
            network.settle()
            network.run(seconds: 50)
            let before = network.right.heardCount
            network.run(seconds: 10)
            #expect(network.right.heardCount - before > 4_500_000, "drift \(drift)")
            #expect(network.there.wait(at: network.now) < 200_000_000, "drift \(drift)")
        }
    }
}
