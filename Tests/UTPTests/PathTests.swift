// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.enabled(if: Library.isBuilt, "the plugin is not built beside the test bundle"))
struct PathTests {
    /// Sends four megabytes and returns the largest datagram that went through, and how many were sent.
    private func send(largest: Int, maximum: Int, isV6: Bool = false) throws -> (size: Int, count: Int) {
        var wire = Wire()
        wire.largest = largest
        wire.rate = 5_000_000
        wire.queueLimit = 400_000
        let network = try Fixture.network(there: wire, maximumDatagram: maximum, isV6: isV6)
        var size = 0
        network.tap = { fromLeft, bytes in
            #expect(bytes.count <= maximum)
            if fromLeft, bytes.count <= largest { size = max(size, bytes.count) }
            return [bytes]
        }
        network.left.toSay = Fixture.bytes(4_000_000)
        network.settle()
        #expect(network.run(seconds: 120) { network.right.heardCount == 4_000_000 })
        #expect(network.isHeardThere)
        return (size, network.there.count)
    }

    @Test func `datagrams grow to what an Ethernet carries, over IPv4 and IPv6`() throws {
        #expect(try self.send(largest: 1_472, maximum: 1_472).size == 1_472)
        #expect(try self.send(largest: 1_452, maximum: 1_452, isV6: true).size == 1_452)
    }

    @Test func `a narrower place on the way is found`() throws {
        for largest in [1_200, 1_232, 1_300, 1_400, 1_444] {
            let size = try self.send(largest: largest, maximum: 1_472).size
            #expect(size <= largest && size > largest - 32, "\(largest)")
        }
    }

    @Test func `jumbo frames are used`() throws {
        let (size, count) = try self.send(largest: 8_972, maximum: 8_972)
        #expect(size == 8_972)
        #expect(count < 1_000)
        #expect(try self.send(largest: 65_000, maximum: 65_507).size == 8_972)
    }

    @Test func `a first hop that takes little is not asked for more`() throws {
        #expect(try self.send(largest: 548, maximum: 548).size == 548)
    }
}
