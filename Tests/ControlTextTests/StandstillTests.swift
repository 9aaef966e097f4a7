// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import SwarmModel
import Testing

@Suite struct StandstillTests {
    private static func detail(
        _ state: TorrentState, down: Int = 0, up: Int = 0, known: Int = 0, error: String? = nil,
        trackers: [TrackerStatus] = []
    ) -> TorrentDetail {
        var summary = TorrentSummary(
            infoHash: InfoHash(bytes: Array(repeating: 0xab, count: 20))!, name: "release", state: state, progress: 0.5,
            size: 1_000, downloaded: 500, uploaded: 0, downRate: down, upRate: up, peers: 0, seeds: 0)
        summary.error = error
        var detail = TorrentDetail(summary: summary)
        detail.knownPeers = known
        detail.trackers = trackers
        return detail
    }

    private static func peer(
        down: Int = 0, up: Int = 0, interested: Bool = false, choked: Bool = true, wants: Bool = false,
        requests: Int = 0
    ) -> PeerStatus {
        PeerStatus(
            address: "10.0.0.1:6881", client: "", incoming: false, transport: "tcp", progress: 0.5, downRate: down,
            upRate: up, downloaded: 0, uploaded: 0, interested: interested, choked: choked, peerInterested: wants,
            peerChoked: true, requests: requests, connected: 1)
    }

    private static func kinds(_ detail: TorrentDetail, _ peers: [PeerStatus] = []) -> [Finding.Kind] {
        Standstill(detail, peers: peers, now: 100).findings.map(\.kind)
    }

    @Test(arguments: TorrentState.allCases) func `every state has an answer that a terminal can show`(
        state: TorrentState
    ) {
        let detail = Self.detail(state)
        let findings = Standstill(detail, peers: [], now: 100).findings
        #expect(!findings.isEmpty)
        let text = Report.standstill(detail, findings)
        #expect(text.hasPrefix("release (\(state.rawValue)):\n  ") && text.hasSuffix(".\n"))
    }

    @Test func `a torrent that waits for its turn to be checked is told from one that is being checked`() {
        var detail = Self.detail(.checking)
        #expect(Report.standstill(detail, Standstill(detail, peers: [], now: 100).findings).contains("being hashed"))
        detail.reason = "it waits for its turn to be checked: 8 torrents are being checked, 3 wait"
        let text = Report.standstill(detail, Standstill(detail, peers: [], now: 100).findings)
        #expect(text.contains("waits for its turn") && !text.contains("being hashed"))
    }

    @Test func `a port that no router forwards is told of where nobody is connected`() {
        let closed = PortMappingStatus(state: .none)
        func kinds(_ detail: TorrentDetail, _ peers: [PeerStatus], _ mapping: PortMappingStatus) -> [Finding.Kind] {
            Standstill(detail, peers: peers, portMapping: mapping, now: 100).findings.map(\.kind)
        }
        #expect(kinds(Self.detail(.downloading), [], closed) == [.noPeers, .closedPort, .noTracker])
        #expect(kinds(Self.detail(.seeding), [], closed) == [.complete, .closedPort])
        #expect(kinds(Self.detail(.seeding), [Self.peer()], closed) == [.complete])
        #expect(kinds(Self.detail(.seeding), [], PortMappingStatus(state: .mapped)) == [.complete])
        #expect(kinds(Self.detail(.seeding), [], PortMappingStatus(state: .searching)) == [.complete])
    }

    @Test func `what stands in the way comes first`() {
        #expect(Self.kinds(Self.detail(.paused)) == [.paused])
        #expect(Self.kinds(Self.detail(.suspended, error: "No space left")) == [.suspended])
        #expect(Self.kinds(Self.detail(.downloading)) == [.noPeers, .noTracker])
        #expect(Self.kinds(Self.detail(.downloading), [Self.peer()]) == [.missingPieces, .noTracker])
        #expect(Self.kinds(Self.detail(.downloading), [Self.peer(), Self.peer(interested: true)]) == [.choked])
        #expect(
            Self.kinds(Self.detail(.downloading), [Self.peer(interested: true, choked: false, requests: 5)]) == [
                .waiting
            ])
        #expect(Self.kinds(Self.detail(.downloading, down: 5), [Self.peer(down: 5)]) == [.moving])
        #expect(Self.kinds(Self.detail(.seeding)) == [.complete])
        #expect(Self.kinds(Self.detail(.seeding, up: 9), [Self.peer(up: 9)]) == [.moving])
    }

    @Test func `a limit that is reached is named with the way to take it away`() throws {
        var detail = Self.detail(.downloading, down: 95_000)
        detail.downLimit = 100_000
        let findings = Standstill(detail, peers: [Self.peer(down: 95_000)], now: 0).findings
        #expect(findings.map(\.kind) == [.moving, .limit])
        #expect(findings.last?.advice == "take it away: swarmctl limit abababab --down none")
        detail.downLimit = 1 << 30
        #expect(Self.kinds(detail, [Self.peer(down: 95_000)]) == [.moving])
    }

    @Test func `trackers say themselves what is wrong with them`() throws {
        let trackers = [
            TrackerStatus(
                url: "http://a/announce", tier: 0, state: .failing, message: "Connection refused", nextAnnounce: 160,
                failures: 3),
            TrackerStatus(
                url: "http://b/announce", tier: 1, state: .working, seeds: 0, peers: 1, received: 0, nextAnnounce: 40),
        ]
        let findings = Standstill(Self.detail(.downloading, trackers: trackers), peers: [], now: 100).findings
        #expect(
            findings.dropFirst().map(\.message) == [
                "http://a/announce fails: Connection refused (3 times in a row)",
                "http://b/announce answers, knows of 0 seeds and 1 other peer, and named nobody else",
            ])
        #expect(
            findings.dropFirst().map(\.advice) == [
                "it is asked again in 1m; at once: swarmctl announce abababab", "it is asked again in 0s",
            ])
    }
}
