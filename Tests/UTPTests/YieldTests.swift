// SPDX-License-Identifier: Apache-2.0

import Testing

/// Alone it takes the whole line and makes nobody wait long; beside TCP it takes next to nothing.
@Suite(.enabled(if: Library.isBuilt, "the plugin is not built beside the test bundle"))
struct YieldTests {
    private static let rate: Int64 = 500_000

    private func network(queueMilliseconds: Int64, delay: Int64) throws -> (Network, TCPFlow) {
        var wire = Wire()
        wire.rate = Self.rate
        wire.delay = delay
        wire.queueLimit = Self.rate * queueMilliseconds / 1_000
        let network = try Fixture.network(there: wire)
        network.left.toSay = [UInt8](repeating: 3, count: 40_000_000)
        network.right.keeps = false
        network.settle()
        return (network, TCPFlow(roundTrip: 2 * delay + queueMilliseconds * 1_000_000))
    }

    @Test func `alone it fills the line and keeps the queue at its target`() throws {
        for queue: Int64 in [50, 150, 400] {
            let (network, _) = try self.network(queueMilliseconds: queue, delay: 10_000_000)
            network.run(seconds: 4)
            let before = network.right.heardCount
            network.run(seconds: 10)
            #expect(Double(network.right.heardCount - before) > 0.9 * 10 * Double(Self.rate), "queue of \(queue) ms")
            #expect(network.there.wait(at: network.now) < 130_000_000, "queue of \(queue) ms")
        }
    }

    @Test func `beside TCP it gives way, whether the queue is deep or shallow and whoever was first`() throws {
        for queue: Int64 in [60, 400] {
            for isFirst in [true, false] {
                let (network, flow) = try self.network(queueMilliseconds: queue, delay: 10_000_000)
                if isFirst { network.run(seconds: 6) }
                network.startCompetitor(flow)
                network.run(seconds: 10)
                let ours = network.right.heardCount
                let theirs = try #require(network.competitor).bytes
                network.run(seconds: 20)
                let gained = Double(network.right.heardCount - ours)
                let given = Double(try #require(network.competitor).bytes - theirs)
                #expect(gained / (gained + given) < 0.15, "queue of \(queue) ms, first: \(isFirst)")
                #expect(gained + given > 0.9 * 20 * Double(Self.rate), "queue of \(queue) ms, first: \(isFirst)")
            }
        }
    }

    @Test func `beside TCP that keeps the queue short it gives way too`() throws {
        for isFirst in [true, false] {
            let (network, _) = try self.network(queueMilliseconds: 200, delay: 1_000_000)
            if isFirst { network.run(seconds: 6) }
            // A packet is on the line for 3 ms.
            network.startCompetitor(TCPFlow(roundTrip: 20_000_000, largest: 8))
            network.run(seconds: 10)
            let ours = network.right.heardCount
            let theirs = try #require(network.competitor).bytes
            network.run(seconds: 20)
            let gained = Double(network.right.heardCount - ours)
            let given = Double(try #require(network.competitor).bytes - theirs)
            #expect(gained / (gained + given) < 0.2, "first: \(isFirst)")
            #expect(gained + given > 0.9 * 20 * Double(Self.rate), "first: \(isFirst)")
        }
    }

    @Test func `a line on which one packet takes longer than the wait it aims at is filled as well`() throws {
        for rate: Int64 in [30_000, 125_000] {
            for delay: Int64 in [1_000_000, 40_000_000] {
                var wire = Wire()
                wire.rate = rate
                wire.delay = delay
                wire.queueLimit = rate / 2
                let network = try Fixture.network(there: wire)
                network.left.toSay = [UInt8](repeating: 3, count: 10_000_000)
                network.right.keeps = false
                network.settle()
                network.run(seconds: 10)
                let before = network.right.heardCount
                network.run(seconds: 20)
                let share = Double(network.right.heardCount - before) / (20 * Double(rate))
                #expect(share > 0.85, "\(rate) bytes a second, \(delay) ns")
            }
        }
    }

    @Test func `when TCP is gone it takes the line again`() throws {
        let (network, flow) = try self.network(queueMilliseconds: 200, delay: 10_000_000)
        network.run(seconds: 3)
        network.startCompetitor(flow)
        network.run(seconds: 15)
        network.competitor = nil
        network.run(seconds: 8)
        let before = network.right.heardCount
        network.run(seconds: 5)
        #expect(Double(network.right.heardCount - before) > 0.9 * 5 * Double(Self.rate))
    }
}
