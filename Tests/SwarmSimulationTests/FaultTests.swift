// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import SwarmSimulation
import Testing

@Suite struct FaultTests {
    private static let geometry = Fixture.geometry(pieces: 32)

    private func swarm(
        _ seed: UInt64, peers: [NodeProfile], geometry: TorrentGeometry = Self.geometry
    ) throws -> Simulation {
        let simulation = Simulation(geometry: geometry, seed: seed)
        try simulation.add(Fixture.seed())
        for peer in peers { try simulation.add(peer) }
        return simulation
    }

    @Test func `lost packets cost a transfer time and nothing else`() throws {
        let durations = try [0, 0.01].map { loss in
            let simulation = Simulation(geometry: Self.geometry, seed: 1)
            for var profile in [Fixture.seed(16), Fixture.peer(16)] {
                profile.link.loss = loss
                try simulation.add(profile)
            }
            let report = simulation.run(limit: .seconds(600))
            #expect(report.ending == .over)
            #expect(report.nodes[1].downloaded == Self.geometry.totalLength)
            return report.medianDuration
        }
        #expect(durations[1] > durations[0] * 1.1, "\(durations)")
    }

    @Test func `a swarm in which packets get lost completes`() throws {
        var lossy = Fixture.peer()
        lossy.link.loss = 0.01
        let report = try self.swarm(1, peers: Array(repeating: lossy, count: 5)).run(limit: .seconds(3600))
        #expect(report.ending == .over)
        #expect(report.nodes.allSatisfy { $0.hashFailures == 0 && $0.banned.isEmpty })
    }

    @Test func `connections that break are made again and nothing is lost`() throws {
        var fickle = Fixture.peer()
        fickle.link.meanLifetime = .seconds(10)
        let simulation = try self.swarm(2, peers: Array(repeating: fickle, count: 6))
        simulation.checks = .everyEvent
        let report = simulation.run(limit: .seconds(3600))
        #expect(report.ending == .over)
        #expect(report.nodes.allSatisfy { $0.hashFailures == 0 && $0.banned.isEmpty })
    }

    @Test func `all connections of a peer break at once and it goes on`() throws {
        let simulation = try self.swarm(3, peers: Array(repeating: Fixture.peer(), count: 4))
        simulation.at(Fixture.seconds(3)) { $0.resetConnections(of: 2) }
        let report = simulation.run(limit: .seconds(3600))
        #expect(report.ending == .over)
    }

    @Test func `a slow disk holds up its own peer and no other`() throws {
        let geometry = Fixture.geometry(pieces: 64)
        var slow = Fixture.peer()
        slow.disk.writeRate = Fixture.uplink / 8
        let peers = [slow] + Array(repeating: Fixture.peer(), count: 5)
        let report = try self.swarm(4, peers: peers, geometry: geometry).run(limit: .seconds(3600))
        #expect(report.ending == .over)
        let its = try #require(report.nodes[1].duration?.inSeconds)
        #expect(its >= Double(geometry.totalLength) / slow.disk.writeRate)
        for other in report.nodes[2...] {
            let duration = try #require(other.duration?.inSeconds)
            #expect(duration * 2 < its, "node \(other.node) took \(duration) s, the slow one \(its) s")
        }
    }

    @Test func `a seed whose disk reads slowly serves at that rate`() throws {
        let simulation = Simulation(geometry: Self.geometry, seed: 5)
        var slow = Fixture.seed()
        slow.disk.readRate = Fixture.uplink / 4
        slow.disk.latency = .milliseconds(1)
        try simulation.add(slow)
        try simulation.add(Fixture.peer())
        let report = simulation.run(limit: .seconds(3600))
        #expect(report.ending == .over)
        #expect(report.medianDuration >= Double(Self.geometry.totalLength) * 4 / Fixture.uplink)
    }

    @Test func `a full disk suspends its peer until there is room, and costs it no data`() throws {
        var full = Fixture.peer()
        full.disk.capacity = Self.geometry.totalLength / 2
        let simulation = try self.swarm(6, peers: [full] + Array(repeating: Fixture.peer(), count: 4))
        simulation.checks = .everyEvent
        var before = 0
        simulation.at(Fixture.seconds(120)) { simulation in
            #expect(simulation.isSuspended(1))
            #expect((2...5).allSatisfy(simulation.isComplete))
            before = simulation.pieces(of: 1).setCount
            simulation.setCapacity(.max, of: 1)
        }
        let report = simulation.run(limit: .seconds(3600))
        #expect(report.ending == .over)
        #expect(before == Self.geometry.pieceCount / 2)
        #expect(report.nodes[1].suspensions == 1)
        let inVain = report.nodes[1].downloaded - Self.geometry.totalLength
        #expect(inVain * 4 < Self.geometry.totalLength, "\(inVain) bytes were fetched again")
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `liars are found out, nobody else is, and the swarm completes`(_ seed: UInt64) throws {
        let simulation = try self.swarm(seed, peers: Array(repeating: Fixture.peer(), count: 8))
        for share in [1, 0.5] {
            var liar = Fixture.seed()
            liar.behaviour = .liar(share)
            try simulation.add(liar)
        }
        let report = simulation.run(limit: .seconds(3600))
        #expect(report.ending == .over)
        #expect(report.durations.count == 8)
        let banned = report.nodes.flatMap(\.banned)
        #expect(!banned.isEmpty)
        #expect(banned.allSatisfy { $0 == 9 || $0 == 10 }, "banned: \(banned)")
    }

    @Test func `a free rider gets what is left over`() throws {
        var rider = Fixture.peer()
        rider.behaviour = .freeRider
        let report = try self.swarm(7, peers: [rider] + Array(repeating: Fixture.peer(), count: 4))
            .run(limit: .seconds(3600))
        #expect(report.ending == .over)
        #expect(report.nodes[1].uploaded == 0)
        #expect(report.nodes[1].completedAt != nil)
    }

    @Test(arguments: [UInt64(1), 2])
    func `peers that come and go leave nothing undone`(_ seed: UInt64) throws {
        let simulation = try self.swarm(seed, peers: [])
        for number in 0..<20 {
            var peer = Fixture.peer()
            peer.joinsAt = Fixture.seconds(Int64(number))
            peer.departure = .afterCompletion(.seconds(3))
            let node = try simulation.add(peer)
            if number % 4 == 3 { simulation.at(peer.joinsAt + .seconds(2)) { $0.leave(node) } }
        }
        let report = simulation.run(limit: .seconds(3600))
        #expect(report.ending == .over)
        #expect(report.durations.count == report.fetchers.count)
        #expect(report.durations.count >= 15)
        #expect(report.durations.count < 20, "nobody gave up")
    }

    @Test func `a swarm without the whole torrent stops, and says that nobody could go on`() throws {
        let simulation = try self.swarm(8, peers: Array(repeating: Fixture.peer(), count: 3))
        simulation.at(Fixture.seconds(2)) { $0.leave(0) }
        let report = simulation.run(limit: .seconds(3600))
        #expect(report.ending == .quiet)
        #expect(report.stuck.isEmpty)
        #expect(report.durations.isEmpty)
        #expect(simulation.copies == 0)
        let have = (1...3).map { simulation.pieces(of: $0) }
        #expect(have[0] == have[1] && have[1] == have[2], "what some have, all get")
    }
}
