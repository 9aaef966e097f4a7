// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import SwarmSimulation
import Testing

@Suite struct TransferTests {
    @Test func `a lone peer fetches from a seed as fast as the slower of their links`() throws {
        let geometry = Fixture.geometry(pieces: 64)
        let simulation = Simulation(geometry: geometry, seed: 1)
        simulation.checks = .everyEvent
        try simulation.add(Fixture.seed())
        try simulation.add(Fixture.peer())
        let report = simulation.run(limit: .seconds(600))
        #expect(report.ending == .over)
        let least = Double(geometry.totalLength) / Fixture.uplink
        #expect(report.medianDuration > least)
        #expect(report.medianDuration < least * 1.1, "\(report.medianDuration) s where \(least) s would do")
        #expect(report.nodes[1].downloaded == geometry.totalLength)
        #expect(report.nodes[0].uploaded == geometry.totalLength)
        #expect(report.wastedShare == 0)
    }

    @Test func `distance does not hold up a lone peer`() throws {
        let geometry = Fixture.geometry(pieces: 64)
        let simulation = Simulation(geometry: geometry, seed: 1)
        var far = Fixture.peer()
        far.link.delay = .milliseconds(250)
        try simulation.add(Fixture.seed())
        try simulation.add(far)
        let report = simulation.run(limit: .seconds(600))
        let least = Double(geometry.totalLength) / Fixture.uplink
        #expect(report.medianDuration < least * 1.35, "\(report.medianDuration) s where \(least) s would do")
    }

    @Test func `every machine stays whole in every event of a small swarm, and the peers serve each other`() throws {
        let simulation = Simulation(geometry: Fixture.geometry(pieces: 32), seed: 2)
        simulation.checks = .everyEvent
        try simulation.add(Fixture.seed())
        for _ in 0..<6 { try simulation.add(Fixture.peer()) }
        let report = simulation.run(limit: .seconds(600))
        #expect(report.ending == .over)
        #expect(report.seedCopies < 3, "the seed sent \(report.seedCopies) copies")
        #expect(report.nodes.allSatisfy { $0.banned.isEmpty && $0.hashFailures == 0 && $0.snubs == 0 })
    }

    @Test func `equal seeds give equal runs to the byte, other seeds others`() throws {
        let reports = try [UInt64(3), 3, 4].map { seed in
            let simulation = Simulation(geometry: Fixture.geometry(pieces: 24), seed: seed)
            var profile = Fixture.peer()
            profile.link.loss = 0.001
            profile.link.meanLifetime = .seconds(60)
            try simulation.add(Fixture.seed())
            for _ in 0..<6 { try simulation.add(profile) }
            return simulation.run(limit: .seconds(600))
        }
        #expect(reports[0] == reports[1])
        #expect(reports[0].fingerprint != reports[2].fingerprint)
    }

    @Test func `in a flash crowd the seed sends little more than the torrent`() throws {
        let simulation = Simulation(geometry: Fixture.geometry(pieces: 48), seed: 5)
        try simulation.add(Fixture.seed())
        for _ in 0..<24 { try simulation.add(Fixture.peer()) }
        let report = simulation.run(limit: .seconds(1200))
        #expect(report.ending == .over)
        #expect(report.durations.count == 24)
        #expect(report.seedCopies < 4, "the seed sent \(report.seedCopies) copies")
    }
}
