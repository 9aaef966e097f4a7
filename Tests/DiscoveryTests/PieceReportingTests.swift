// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TestSeeds
import Testing
import TrackerCore
import TrackerWire

@testable import Discovery

@Suite struct PieceReportingTests {
    static let infoHash = InfoHash(repeating: 3)

    static func peer(_ number: Int) -> MappedPeer {
        MappedPeer(
            infoHash: Self.infoHash,
            peerID: PeerID(bytes: (0..<20).map { UInt8(truncatingIfNeeded: number &* ($0 + 1)) })!,
            key: UInt32(number), port: 7000)
    }

    static func address(_ number: Int) -> IPAddress { IPAddress(v4: 0x0a00_0000 + UInt32(number)) }

    /// For values of what cannot be copied, which `#expect` cannot take apart.
    private static func expect(_ holds: Bool, at place: SourceLocation = #_sourceLocation) {
        #expect(holds, sourceLocation: place)
    }

    /// Pieces that arrive, reports that get lost, answers that get lost, reports that overtake each other or come twice.
    @Test func `whatever gets lost on the way, the tracker comes to know what everybody has`() throws {
        var random = SplitMix64(seed: TestSeed.one())
        for _ in 0..<12 {
            var world = World(
                peers: Int.random(in: 1...12, using: &random), pieceCount: Int.random(in: 1...900, using: &random),
                random: random)
            random = SplitMix64(seed: random.next())
            try world.run(seconds: 60, loss: 0.3)
            try world.restart()
            try world.run(seconds: 20, loss: 0.3)
            try world.run(seconds: 40, loss: 0, news: false)
            Self.expect(world.isKnown)
        }
    }

    @Test func `a lossless restart is repaired within half a minute, and pieces that are lost are taken back`() throws {
        var world = World(peers: 9, pieceCount: 300, random: SplitMix64(seed: 11))
        try world.run(seconds: 30, loss: 0)
        try world.restart()
        Self.expect(world.counts.isEmpty)
        try world.run(seconds: 30, loss: 0, news: false)
        Self.expect(world.isKnown)
        world.lose(half: 4)
        try world.run(seconds: 12, loss: 0, news: false)
        Self.expect(world.isKnown)
    }

    @Test func `a torrent of very many pieces is told in several reports at once`() throws {
        let now = Instant(nanoseconds: 0)
        var have = Bitfield(count: 100_000)
        var random = SplitMix64(seed: 4)
        for piece in 0..<100_000 where Bool.random(using: &random) { have.insert(PieceIndex(piece)) }
        var reporting = PieceReporting(peer: Self.peer(1), have: have, random: random, at: now)
        var reports = 0
        while let message = reporting.next(at: now) {
            #expect(message.payload.count <= PieceReport.datagramPayload && message.report.isWhole == (reports == 0))
            reporting.answered(PieceReportAnswer(epoch: 1, period: .seconds(5), verdict: .known), to: message, at: now)
            reports += 1
        }
        #expect(reports == 11)
    }

    @Test func `news waits for the period, unless it is urgent`() {
        var now = Instant(nanoseconds: 0)
        let answer = PieceReportAnswer(epoch: 1, period: .seconds(10), verdict: .known)
        var reporting = PieceReporting(
            peer: Self.peer(1), have: Bitfield(count: 9), random: SplitMix64(seed: 1), at: now)
        let first = reporting.next(at: now)!
        #expect(first.report.isWhole && first.report.sum.count == 0 && reporting.deadline == nil)
        reporting.answered(answer, to: first, at: now)
        var have = Bitfield(count: 9)
        have.insert(PieceIndex(3))
        reporting.update(have: have, isUrgent: false, at: now)
        #expect(reporting.deadline == now + .milliseconds(500), "the first piece is urgent")
        now = now + .seconds(1)
        let second = reporting.next(at: now)!
        #expect(!second.report.isWhole && second.report.epoch == 1 && second.report.sum == PieceChecksum(have))
        reporting.answered(answer, to: second, at: now)
        have.insert(PieceIndex(4))
        reporting.update(have: have, isUrgent: false, at: now)
        #expect(reporting.deadline! >= now + .seconds(9) && reporting.deadline! <= now + .seconds(10))
        reporting.update(have: have, isUrgent: true, at: now)
        #expect(reporting.deadline == now + .milliseconds(500))
    }

    @Test func `who is not known announces first, and who is not wanted rests`() {
        let now = Instant(nanoseconds: 0)
        var reporting = PieceReporting(
            peer: Self.peer(1), have: Bitfield(count: 9), random: SplitMix64(seed: 1), at: now)
        let message = reporting.next(at: now)!
        reporting.answered(
            PieceReportAnswer(epoch: 1, period: .seconds(5), verdict: .unregistered), to: message, at: now)
        #expect(reporting.needsAnnounce && reporting.deadline == nil)
        reporting.announced(at: now)
        let again = reporting.next(at: now)!
        #expect(again.report.isWhole)
        reporting.answered(PieceReportAnswer(epoch: 1, period: .seconds(5), verdict: .unwanted), to: again, at: now)
        #expect(reporting.deadline! >= now + .seconds(600))
    }

    @Test func `a tracker that does not answer is asked ever more seldom, but every eight seconds`() {
        var now = Instant(nanoseconds: 0)
        var reporting = PieceReporting(
            peer: Self.peer(1), have: Bitfield(count: 9), random: SplitMix64(seed: 1), at: now)
        var waits: [Double] = []
        for _ in 0..<8 {
            _ = reporting.next(at: now)
            reporting.failed(at: now)
            waits.append((reporting.deadline! - now).inSeconds)
            now = reporting.deadline!
        }
        #expect(waits[0] <= 1 && waits[1] > waits[0] && waits.allSatisfy { $0 <= 8 } && waits[7] > 7)
    }
}

/// Reporters and a tracker's table on a lossy network whose time runs in steps of a tenth of a second.
private struct World: ~Copyable {
    private struct Flight {
        var arrives: Instant
        var peer: Int
        var message: PieceReporting.Message
        /// Whether its sender waits for an answer, rather than having given up.
        var serial: Int
    }

    private let pieceCount: Int
    private var random: SplitMix64
    private var table: SwarmTable
    private var reporting: [PieceReporting]
    private var have: [Bitfield]
    private var serials: [Int]
    private var waiting: [(message: PieceReporting.Message, until: Instant)?]
    private var flights: [Flight] = []
    private var now = Instant(nanoseconds: 50_000_000_000)
    private var selection = PeerSelection()

    init(peers: Int, pieceCount: Int, random: SplitMix64) {
        self.pieceCount = pieceCount
        self.random = random
        self.table = SwarmTable(seed: self.random.next())
        self.have = (0..<peers).map { _ in Bitfield(count: pieceCount) }
        self.serials = Array(repeating: 0, count: peers)
        self.waiting = Array(repeating: nil, count: peers)
        self.reporting = []
        for number in 0..<peers {
            self.reporting.append(
                PieceReporting(
                    peer: PieceReportingTests.peer(number), have: self.have[number],
                    random: SplitMix64(seed: self.random.next()), at: self.now))
        }
    }

    /// Whether the tracker knows what everybody has.
    var isKnown: Bool {
        self.counts == (0..<self.pieceCount).map { piece in UInt8(self.have.count { $0[PieceIndex(piece)] }) }
    }

    var counts: [UInt8] {
        self.table.availability(of: PieceReportingTests.infoHash, first: PieceIndex(0), self.pieceCount)?.counts ?? []
    }

    /// The tracker forgets everything.
    mutating func restart() throws {
        self.table = SwarmTable(seed: self.random.next())
    }

    /// A peer loses half of its pieces.
    mutating func lose(half peer: Int) {
        var kept = Bitfield(count: self.pieceCount)
        self.have[peer].forEachSet { if $0.offset % 2 == 0 { kept.insert($0) } }
        self.have[peer] = kept
        self.reporting[peer].update(have: kept, isUrgent: false, at: self.now)
    }

    mutating func run(seconds: Int, loss: Double, news: Bool = true) throws {
        for _ in 0..<seconds * 10 {
            self.now = self.now + .milliseconds(100)
            for peer in self.have.indices {
                if news { self.download(peer) }
                try self.send(peer, loss: loss)
            }
            try self.deliver(loss: loss)
            self.table.expire(at: self.now, budget: 4)
        }
    }

    private mutating func download(_ peer: Int) {
        guard Int.random(in: 0..<4, using: &self.random) == 0, self.have[peer].setCount + 1 < self.pieceCount else {
            return
        }
        self.have[peer].insert(PieceIndex(Int.random(in: 0..<self.pieceCount, using: &self.random)))
        self.reporting[peer].update(
            have: self.have[peer], isUrgent: Int.random(in: 0..<10, using: &self.random) == 0, at: self.now)
    }

    private mutating func send(_ peer: Int, loss: Double) throws {
        if let wait = self.waiting[peer], wait.until <= self.now {
            self.waiting[peer] = nil
            self.reporting[peer].failed(at: self.now)
        }
        if self.reporting[peer].needsAnnounce {
            try self.announce(peer)
            self.reporting[peer].announced(at: self.now)
        }
        guard let message = self.reporting[peer].next(at: self.now) else { return }
        self.serials[peer] += 1
        self.waiting[peer] = (message, self.now + .seconds(2))
        for _ in 0..<(loss > 0 ? 2 : 1) where Double.random(in: 0..<1, using: &self.random) >= loss {
            // Now and then later than its sender waits.
            let delay = loss > 0 ? Int64.random(in: 0..<3_000, using: &self.random) : 0
            self.flights.append(
                Flight(
                    arrives: self.now + .milliseconds(delay), peer: peer, message: message, serial: self.serials[peer]))
        }
    }

    private mutating func announce(_ peer: Int) throws {
        let speaker = PieceReportingTests.peer(peer)
        var request = AnnounceRequest(
            infoHash: speaker.infoHash, peerID: speaker.peerID, port: speaker.port, left: 1)
        request.key = speaker.key
        _ = try self.table.announce(
            TrackerCore.Announcement(request, from: PieceReportingTests.address(peer)), at: self.now,
            random: &self.random,
            into: &self.selection)
    }

    private mutating func deliver(loss: Double) throws {
        let arrived = self.flights.filter { $0.arrives <= self.now }
        self.flights.removeAll { $0.arrives <= self.now }
        for flight in arrived {
            let answer = self.table.report(
                flight.message.report, flight.message.payload.span, from: PieceReportingTests.address(flight.peer),
                at: self.now)
            guard let answer, Double.random(in: 0..<1, using: &self.random) >= loss,
                self.serials[flight.peer] == flight.serial, let wait = self.waiting[flight.peer]
            else { continue }
            self.waiting[flight.peer] = nil
            self.reporting[flight.peer].answered(answer, to: wait.message, at: self.now)
        }
    }
}
