// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TestSeeds
import Testing
import TrackerWire

@Suite struct PieceMessageTests {
    static let peer = MappedPeer(
        infoHash: InfoHash(bytes: (0..<20).map { UInt8($0) })!,
        peerID: PeerID(bytes: (0..<20).map { UInt8(100 + $0) })!,
        key: 0xdead_beef, port: 0x1ae1)

    static let report = PieceReport(
        peer: peer, isWhole: true, encoding: .runs, sequence: 7, epoch: 0x0102_0304, pieceCount: 1000,
        sum: PieceChecksum(count: 3, mixed: 0xaabb_ccdd))

    /// What follows the transaction.
    static func body(_ datagram: [UInt8]) -> [UInt8] { Array(datagram.dropFirst(DatagramHead.length)) }

    @Test func `a report lies on the wire as the protocol's page says`() {
        let bytes = Self.report.datagram(connectionID: 0x0102_0304_0506_0708, transaction: 9, payload: [5, 2])
        var expected: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 0x53, 0x57, 0, 1, 0, 0, 0, 9]
        expected += (0..<20).map { UInt8($0) } + (0..<20).map { UInt8(100 + $0) }
        expected += [0xde, 0xad, 0xbe, 0xef, 0x1a, 0xe1, 1, 1] + [0, 0, 0, 7] + [1, 2, 3, 4] + [0, 0, 3, 0xe8]
        expected += [0, 0, 0, 3] + [0xaa, 0xbb, 0xcc, 0xdd] + [5, 2]
        #expect(bytes == expected)
        #expect(PieceReport(body: Self.body(bytes).span) == Self.report)
    }

    @Test func `a report that breaks off, or makes no sense, is none`() {
        let bytes = Self.body(Self.report.datagram(connectionID: 1, transaction: 2, payload: []))
        #expect(bytes.count == PieceReport.length)
        for length in 0..<bytes.count { #expect(PieceReport(body: Array(bytes.prefix(length)).span) == nil) }
        for (offset, value) in [(47, [4]), (56, [0, 0, 0, 0]), (56, [0, 0x10, 0, 1]), (60, [0, 0, 3, 0xe9])]
            as [(Int, [UInt8])]
        {
            var changed = bytes
            changed.replaceSubrange(offset..<offset + value.count, with: value)
            #expect(PieceReport(body: changed.span) == nil, "\(offset)")
        }
    }

    @Test func `questions come back`() {
        for subject in [
            .holders([PieceIndex(1), PieceIndex(0xffff_ffff)], wanted: 9),
            .availability(first: PieceIndex(70_000), count: 99),
            .rarest(count: 32), .nodes, .holders((0..<16).map { PieceIndex($0) }, wanted: 0),
        ] as [PieceQuestion.Subject] {
            let question = PieceQuestion(peer: Self.peer, subject: subject)
            let bytes = question.datagram(connectionID: 1, transaction: 2)
            let head = DatagramHead(datagram: bytes.span)
            #expect(head?.action == subject.action.rawValue && head?.transaction == 2)
            #expect(PieceQuestion(subject.action, body: Self.body(bytes).span) == question)
            for length in 0..<Self.body(bytes).count {
                let part = PieceQuestion(subject.action, body: Array(Self.body(bytes).prefix(length)).span)
                // Fewer pieces are a question of their own.
                if case .holders(let pieces, _)? = part?.subject {
                    #expect(pieces.count * 4 + 48 == length)
                } else {
                    #expect(part == nil)
                }
            }
            #expect(PieceQuestion(.report, body: Self.body(bytes).span) == nil)
            #expect(PieceQuestion(subject.action, body: (Self.body(bytes) + [0]).span) == nil)
        }
        let many = (0..<17).map { PieceIndex($0) }
        let cut = PieceQuestion(peer: Self.peer, subject: .holders(many, wanted: 1)).datagram(
            connectionID: 1, transaction: 1)
        #expect(PieceQuestion(.holders, body: Self.body(cut + [0, 0, 0, 17]).span) == nil)
    }

    @Test func `an announce over HTTP offers reports, and its answer says how often they are wanted`() throws {
        var request = AnnounceRequest(
            infoHash: Self.peer.infoHash, peerID: Self.peer.peerID, port: Self.peer.port, left: 1)
        #expect(try !AnnounceRequest(query: request.query).offersReports)
        request.offersReports = true
        #expect(try AnnounceRequest(query: request.query) == request)
        var response = AnnounceResponse(interval: .seconds(60))
        for period in [nil, Interval.milliseconds(7_500)] {
            response.reportPeriod = period
            let bytes = response.encoded(packedV4: [], packedV6: [UInt8](repeating: 1, count: 18))
            guard case .accepted(let read) = try AnnounceReply(decoding: bytes) else {
                Issue.record("refused")
                return
            }
            #expect(read.reportPeriod == period && read.peers.count == 1)
        }
    }

    private func answer(_ body: (inout DatagramWriter) -> Void) -> [UInt8] { DatagramWriter.bytes(body) }

    @Test func `an answer to a report is sixteen bytes`() {
        for verdict in PieceReportAnswer.Verdict.allCases {
            let sent = PieceReportAnswer(epoch: 77, period: .milliseconds(5_250), verdict: verdict)
            let bytes = self.answer { $0.reported(sent, transaction: 3) }
            #expect(bytes.count == 16 && DatagramReply.transaction(of: bytes.span) == 3)
            #expect(PieceAnswer(datagram: bytes.span, isV6: false) == .reported(sent))
            for length in 0..<16 {
                #expect(PieceAnswer(datagram: Array(bytes.prefix(length)).span, isV6: false) == nil)
            }
        }
        let long = PieceReportAnswer(epoch: 1, period: .seconds(900), verdict: .known)
        let bytes = self.answer { $0.reported(long, transaction: 3) }
        #expect(
            PieceAnswer(datagram: bytes.span, isV6: true)
                == .reported(PieceReportAnswer(epoch: 1, period: .milliseconds(65_535), verdict: .known)))
        var unknown = bytes
        unknown[15] = 99
        guard case .reported(let answer)? = PieceAnswer(datagram: unknown.span, isV6: false) else {
            Issue.record("a verdict of the future")
            return
        }
        #expect(answer.verdict == .unwanted)
    }

    @Test func `answers to questions come back in both families`() {
        for isV6 in [false, true] {
            let peers = isV6 ? ["[2001:db8::1]:7", "[2001:db8::2]:8"] : ["192.0.2.1:7", "192.0.2.2:8"]
            let endpoints = peers.map { PeerEndpoint($0)! }
            let bytes = self.answer { writer in
                writer.holders(epoch: 5, transaction: 1)
                writer.holders(
                    of: PieceIndex(4), count: 70_000, packed: endpoints.flatMap(\.compact)[...], width: isV6 ? 18 : 6)
                writer.holders(of: PieceIndex(9), count: 0, packed: [], width: isV6 ? 18 : 6)
            }
            let entries = [
                PieceHoldersEntry(piece: PieceIndex(4), holders: 70_000, peers: endpoints),
                PieceHoldersEntry(piece: PieceIndex(9), holders: 0, peers: []),
            ]
            #expect(PieceAnswer(datagram: bytes.span, isV6: isV6) == .holders(epoch: 5, entries))
            for length in 13..<bytes.count - 10 where length != 12 {
                #expect(PieceAnswer(datagram: Array(bytes.prefix(length)).span, isV6: isV6) == nil)
            }
        }
        let availability = PieceAvailability(
            epoch: 1, pieceCount: 10, seeds: 2, reporters: 3, first: PieceIndex(7), counts: [0, 9, 255])
        let counts = self.answer { $0.availability(availability, transaction: 1) }
        #expect(PieceAnswer(datagram: counts.span, isV6: false) == .availability(availability))
        #expect(PieceAnswer(datagram: (counts + [1]).span, isV6: false) == nil, "a count for a piece that is not there")
        let rare = [PieceRarity(piece: PieceIndex(3), holders: 0), PieceRarity(piece: PieceIndex(70_000), holders: 2)]
        let rarest = self.answer { $0.rarest(epoch: 4, seeds: 6, rare, transaction: 1) }
        #expect(PieceAnswer(datagram: rarest.span, isV6: false) == .rarest(epoch: 4, seeds: 6, rare))
        let refusal = self.answer { $0.refused("no" as StaticString, transaction: 1) }
        #expect(PieceAnswer(datagram: refusal.span, isV6: false) == .refused("no"))
    }

    @Test func `answers that were made up are read without harm`() {
        var random = SplitMix64(seed: TestSeed.one())
        for _ in 0..<20_000 {
            let action = PieceAction.allCases.randomElement(using: &random)!.rawValue
            var bytes = withUnsafeBytes(of: action.bigEndian) { Array($0) }
            bytes += (0..<Int.random(in: 0..<80, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random) & 0x1f
            }
            _ = PieceAnswer(datagram: bytes.span, isV6: Bool.random(using: &random))
            _ = PieceReport(body: bytes.span)
            for action in PieceAction.allCases { _ = PieceQuestion(action, body: bytes.span) }
        }
    }
}
