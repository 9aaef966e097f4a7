// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import Testing

/// Two instances of the real library, over a network with a clock of its own.
@Suite(.enabled(if: Library.isBuilt, "the plugin is not built beside the test bundle"))
struct TransferTests {
    @Test func `bytes arrive in order both ways, and both sides end`() throws {
        Fixture.exchange(try Fixture.network(), count: 200_000)
    }

    @Test func `numbers of packets wrap around on both sides`() throws {
        for first: UInt64 in [65_535, 65_534, 65_500, 32_767, 0] {
            let network = try Fixture.network(firstNumbers: (first, first &+ 3))
            Fixture.exchange(network, count: 150_000, "first number \(first)")
        }
    }

    @Test func `connection numbers wrap around`() throws {
        for key: UInt16 in [0, 1, 65_534, 65_535] {
            Fixture.exchange(try Fixture.network(key: key), count: 20_000, "key \(key)")
        }
    }

    @Test func `time stamps wrap around in the middle of a transfer`() throws {
        var wire = Wire()
        wire.rate = 100_000
        wire.queueLimit = 40_000
        // The 32 bits of microseconds end after 4294.97 seconds.
        let network = try Fixture.network(there: wire, clockOffsets: (4_290, 2 * 4_295 - 7))
        let before = network.now
        Fixture.exchange(network, count: 900_000, seconds: 60)
        #expect(network.now - before < 14 * Network.second, "the wrap stopped the transfer")
    }

    @Test func `a product of bandwidth and delay of over a MiB is filled`() throws {
        var wire = Wire()
        wire.delay = 80_000_000
        wire.rate = 12_500_000
        wire.queueLimit = 2_000_000
        let network = try Fixture.network(there: wire)
        network.left.toSay = [UInt8](repeating: 1, count: 60_000_000)
        network.left.window = 4 << 20
        network.right.window = 4 << 20
        network.right.keeps = false
        network.settle()
        network.run(seconds: 3)
        let before = network.right.heardCount
        network.run(seconds: 1)
        #expect(network.right.heardCount - before > 11_000_000)
    }

    @Test func `one acknowledgement answers all datagrams of a run`() throws {
        let network = try Fixture.network()
        network.left.toSay = [UInt8](repeating: 1, count: 2_000_000)
        network.settle()
        #expect(network.run(seconds: 60) { network.right.heardCount == 2_000_000 })
        #expect(network.back.count < network.there.count / 20)
    }

    @Test func `a lone packet is acknowledged within 25 ms, by data if there are any`() throws {
        let network = try Fixture.network()
        network.run(seconds: 1) { network.left.isOpen }
        network.left.toSay = [1, 2, 3]
        network.settle()
        #expect(network.run(seconds: 1) { network.right.heardCount == 3 })
        let heardAt = network.now
        let before = network.back.count
        #expect(network.run(seconds: 1) { network.back.count > before })
        #expect(network.now - heardAt <= 25_000_000)
    }

    @Test func `an idle connection stays, and shows that now and then`() throws {
        let network = try Fixture.network()
        network.left.toSay = [1]
        network.settle()
        network.run(seconds: 600)
        #expect(network.left.isOpen && network.right.isOpen)
        #expect(network.there.count > 15 && network.there.count < 40)
        Fixture.exchange(network, count: 50_000)
    }

    @Test func `datagrams of other kinds are nobody's, and only first packets open`() throws {
        let functions = try #require(Library.functions)
        func route(_ bytes: [UInt8]) -> swarm_route? {
            var answer = swarm_route(struct_size: UInt32(MemoryLayout<swarm_route>.size), key: 9, opens: 9)
            return functions.route(bytes, bytes.count, &answer) == 1 ? answer : nil
        }
        let syn = route(Packet(Packet.syn, connection: 65_535, sequence: 1, acknowledged: 0).bytes)
        #expect(syn?.key == 0 && syn?.opens == 1)
        let data = route(Packet(Packet.data, connection: 7, sequence: 1, acknowledged: 0).bytes)
        #expect(data?.key == 7 && data?.opens == 0)
        #expect(route(Array("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe".utf8)) == nil)
        #expect(route([]) == nil && route([0x41]) == nil && route([UInt8](repeating: 0x41, count: 19)) == nil)
        #expect(route([UInt8](repeating: 0x51, count: 20)) == nil && route([UInt8](repeating: 0x42, count: 20)) == nil)
    }
}
