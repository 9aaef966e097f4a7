// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerServer
import TrackerWire

@Suite struct ReportFloodTests {
    private static let batch: Range<UInt32> = 0..<40
    /// Enough for the tracker to notice that so many reports come.
    private static let rounds = 100

    private var configuration: TrackerServerConfiguration {
        var configuration = TestTracker.configuration
        // All come to one thread.
        configuration.threads = 1
        return configuration
    }

    @Test func `where many report, each is answered, and so is whoever asks beside them`() async throws {
        try await TestTracker.run(self.configuration) { server in
            let reporter = try TestDatagramClient(server.endpoints[0])
            let asker = try TestDatagramClient(server.endpoints[0])
            let id = try asker.connect()
            _ = try asker.announce(DatagramServingTests.request(1), id)
            let pieces = PieceServingTests.pieces(10, 0..<3)
            for round in 0..<Self.rounds {
                for transaction in Self.batch {
                    reporter.send(PieceServingTests.message(1, pieces, connectionID: id, transaction: transaction))
                }
                var waiting = Set(Self.batch)
                while !waiting.isEmpty {
                    let bytes = try #require(reporter.receive())
                    let answer = PieceAnswer(datagram: bytes.span, isV6: false)
                    let transaction = DatagramReply.transaction(of: bytes.span)
                    #expect(PieceServingTests.verdict(answer) == .known)
                    waiting.remove(try #require(transaction))
                }
                guard round % 10 == 9 else { continue }
                #expect(try asker.announce(DatagramServingTests.request(2), id).incomplete == 2)
                for heartbeat in server.datagramHeartbeats { await heartbeat() }
            }
        }
    }

    @Test func `a tracker stops among reports`() async throws {
        try await TestTracker.run(self.configuration) { server in
            let reporter = try TestDatagramClient(server.endpoints[0])
            let id = try reporter.connect()
            let message = PieceServingTests.message(1, PieceServingTests.pieces(10, 0..<3), connectionID: id)
            for _ in 0..<Self.rounds * Self.batch.count { reporter.send(message) }
        }
    }
}
