// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerWire

@Suite struct RedirectionTests {
    private static func moved(_ trackers: [String]) -> [UInt8] {
        DatagramWriter.bytes { $0.moved(to: trackers, transaction: 7) }
    }

    @Test func `an answer that names other trackers is read as it was written`() {
        let trackers = ["tracker1.example.org:6969", "[2001:db8::1]:80", "10.0.0.1:6969"]
        #expect(PieceAnswer(datagram: Self.moved(trackers).span, isV6: false) == .moved(trackers))
        #expect(DatagramReply.transaction(of: Self.moved(trackers).span) == 7)
    }

    @Test func `one that breaks off or names nobody is none`() {
        let bytes = Self.moved(["a:1", "b:2"])
        for count in 0..<bytes.count where count != 12 {
            #expect(PieceAnswer(datagram: Array(bytes.prefix(count)).span, isV6: false) == nil, "\(count)")
        }
        #expect(PieceAnswer(datagram: Array(bytes.prefix(12)).span, isV6: false) == .moved(["a:1"]))
    }

    @Test func `the trackers that would come next are named, or that there is none`() {
        for nodes in [[], ["a:1"], ["a:1", "[2001:db8::1]:6969"]] {
            let bytes = DatagramWriter.bytes { $0.nodes(nodes, transaction: 9) }
            #expect(DatagramReply.transaction(of: bytes.span) == 9)
            #expect(PieceAnswer(datagram: bytes.span, isV6: false) == .nodes(nodes))
            for length in 9..<max(bytes.count, 9) {
                let part = PieceAnswer(datagram: Array(bytes.prefix(length)).span, isV6: false)
                // A list that ends between two entries is a shorter one.
                if case .nodes(let fewer)? = part { #expect(nodes.starts(with: fewer)) } else { #expect(part == nil) }
            }
        }
        #expect(
            PieceAnswer(datagram: DatagramWriter.bytes { $0.moved(to: [], transaction: 1) }.span, isV6: false) == nil)
    }

    @Test func `no more trackers are taken than there may be`() {
        let many = Self.moved((1...20).map { "t:\($0)" })
        #expect(PieceAnswer(datagram: many.span, isV6: false) == .moved((1...8).map { "t:\($0)" }))
    }

    @Test(arguments: [
        "a", ":1", "a:", "a:0", "a:65536", "a:-1", "a b:1", "a/b:1", "user@a:1", "[]:1", "[::1:1", "::1:1", "a:1/x",
        "a:+1",
        "[fe80::1%eth0]:1",
    ])
    func `what is no host and port is not taken for a tracker`(_ text: String) {
        #expect(!TrackerAuthority.isPlain(Array(text.utf8)))
        #expect(PieceAnswer(datagram: Self.moved([text]).span, isV6: false) == nil)
    }

    @Test func `an announce answer says who looks after the torrent`() throws {
        var response = AnnounceResponse(interval: .seconds(30))
        response.owner = "b:2"
        response.successors = ["c:3", "d:4"]
        response.reportPeriod = .seconds(5)
        guard case .accepted(let read) = try AnnounceReply(decoding: response.encoded(packedV4: [], packedV6: []))
        else {
            Issue.record("refused")
            return
        }
        #expect(read.owner == "b:2")
        #expect(read.successors == ["c:3", "d:4"])
        #expect(read.reportPeriod == .seconds(5))
    }

    @Test func `nonsense in the place of trackers is passed over`() throws {
        let text = "d8:intervali9e5:peers0:11:swarm nodesl3:a:15:x/y:9i4ee11:swarm owner9:evil/a:80e"
        guard case .accepted(let read) = try AnnounceReply(decoding: Array(text.utf8)) else {
            Issue.record("refused")
            return
        }
        #expect(read.owner == nil)
        #expect(read.successors == ["a:1"])
    }
}
