// SPDX-License-Identifier: Apache-2.0

package import ControlWire
import SwarmModel

/// Why a torrent does not move: what the daemon knows of it, put into words, the most likely cause first.
package struct Standstill: Sendable {
    private let detail: TorrentDetail
    private let peers: [PeerStatus]
    private let portMapping: PortMappingStatus?
    private let now: Int

    /// Looks at a torrent and its connected peers, and at what came of asking the router for ports; `now` is seconds since
    /// 1970.
    package init(_ detail: TorrentDetail, peers: [PeerStatus], portMapping: PortMappingStatus? = nil, now: Int) {
        self.portMapping = portMapping
        self.detail = detail
        self.peers = peers
        self.now = now
    }

    private var id: String { Report.short(self.detail.summary.infoHash) }

    /// What was found, never nothing.
    package var findings: [Finding] {
        switch self.detail.summary.state {
        case .paused where self.detail.seedingEnded != nil:
            [
                Finding(
                    .seedLimit, "seeding has ended: \(self.detail.seedingEnded ?? "")",
                    advice: "serve it on, whatever its limits say: swarmctl resume \(self.id)")
            ]
        case .paused:
            [Finding(.paused, "it was paused", advice: "let it go on: swarmctl resume \(self.id)")]
        case .suspended:
            [
                Finding(
                    .suspended, self.detail.summary.error ?? self.detail.reason ?? "something stands in its way",
                    advice: "it goes on by itself when that is over, and loses nothing meanwhile")
            ]
        case .checking where self.detail.reason != nil:
            [
                Finding(
                    .checking, self.detail.reason ?? "", advice: "it goes on by itself; small torrents do not wait long"
                )
            ]
        case .checking:
            [
                Finding(
                    .checking,
                    "what is on disk is being hashed, \(SizeText.percent(self.detail.summary.progress)) is good",
                    advice: "it goes on by itself when that is done")
            ]
        case .queued:
            [
                Finding(
                    .queued, self.detail.reason ?? "it waits for its turn",
                    advice: self.detail.summary.queuePosition.map { _ in
                        "it goes on by itself when others leave it a place; before all others: swarmctl queue top"
                            + " \(self.id)"
                    } ?? "it goes on by itself")
            ]
        case .metadata:
            [Finding(.metadata, "it has no list of its files yet; peers must give it")] + self.sources
        case .seeding: self.move + self.seeding
        case .downloading: self.downloading
        }
    }

    // MARK: - Complete

    /// That it is not where it is to be.
    private var move: [Finding] {
        self.detail.moveTo.map { folder in
            [
                Finding(
                    .move, self.detail.reason ?? "it is complete, and is to be moved to \(folder)",
                    advice: "it is tried again by itself; to leave it where it is: swarmctl set \(self.id) move_to=")
            ]
        } ?? []
    }

    private var seeding: [Finding] {
        let rate = self.detail.summary.upRate
        if rate > 0 {
            let served = self.peers.count { $0.upRate > 0 }
            return [
                Finding(.moving, "it is complete, and sends \(SizeText.rate(rate)) to \(Self.count(served, "peer"))")
            ]
                + self.limit(self.detail.upLimit, rate, "send", "--up")
        }
        let wanting = self.peers.count { $0.peerInterested }
        if wanting > 0 {
            return [Finding(.complete, "it is complete; \(Self.count(wanting, "peer")) will ask for pieces")]
        }
        return [
            Finding(
                .complete,
                self.peers.isEmpty
                    ? "it is complete, and nobody is connected to ask for it"
                    : "it is complete, and none of \(Self.count(self.peers.count, "connected peer")) asks for anything")
        ] + (self.peers.isEmpty ? self.closedPort : []) + self.troubledTrackers
    }

    // MARK: - Not complete

    private var downloading: [Finding] {
        let rate = self.detail.summary.downRate
        if rate > 0 {
            let serving = self.peers.count { $0.downRate > 0 }
            return [Finding(.moving, "it moves: \(SizeText.rate(rate)) from \(Self.count(serving, "peer"))")]
                + self.limit(self.detail.downLimit, rate, "receive", "--down")
        }
        guard !self.peers.isEmpty else {
            return [self.nobody] + self.closedPort + self.sources
        }
        let having = self.peers.filter(\.interested)
        if having.isEmpty { return [self.missing] + self.sources }
        let willing = having.filter { !$0.choked }
        if willing.isEmpty { return [self.choked(having.count)] }
        let asked = willing.reduce(0) { $0 + $1.requests }
        return [
            Finding(
                .waiting,
                asked > 0
                    ? "\(Self.count(asked, "block")) \(asked == 1 ? "was" : "were") asked of"
                        + " \(Self.count(willing.count, "peer")), and nothing has come yet"
                    : "\(Self.count(willing.count, "peer")) would serve it, and nothing is asked of them at this moment",
                advice: "a peer that sends nothing for a minute is passed over by itself")
        ] + self.limit(self.detail.downLimit, 0, "receive", "--down")
    }

    private var nobody: Finding {
        let known = self.detail.knownPeers
        guard known > 0 else { return Finding(.noPeers, "no peer is connected, and no address of one is known") }
        return Finding(
            .noPeers, "no peer is connected; of \(Self.count(known, "known address")) none lets itself be reached",
            advice: "see that TCP and UDP port 6881 are open here and there, and that nothing between them blocks it")
    }

    /// That nobody may be able to dial us, where no router forwards our port.
    private var closedPort: [Finding] {
        guard let mapping = self.portMapping, mapping.state == .none else { return [] }
        return [
            Finding(
                .closedPort, "no router forwards the peer port, so peers outside this network may not reach it",
                advice: "behind a router, forward the port there by hand, or turn on UPnP or NAT-PMP; where there is no"
                    + " router, nothing is wrong")
        ]
    }

    private var missing: Finding {
        let copies = self.detail.availability.map { " (\(SizeText.ratio($0)) copies in all)" } ?? ""
        return Finding(
            .missingPieces,
            "none of \(Self.count(self.peers.count, "connected peer")) has a piece that is missing here\(copies)",
            advice: "somebody who has the rest must come: a seed, or a peer that is further on")
    }

    private func choked(_ count: Int) -> Finding {
        Finding(
            .choked,
            "\(Self.count(count, "peer")) \(count == 1 ? "has" : "have") what is missing, and none serves us now",
            advice:
                "peers serve those first that serve them; each takes its turn within a minute or so. An upload limit"
                + " that is very low makes it longer")
    }

    // MARK: - Where peers come from

    private var sources: [Finding] {
        if self.detail.trackers.isEmpty {
            return [
                Finding(
                    .noTracker, "it has no tracker that would tell of peers",
                    advice: "add it again with one: swarmctl add FILE --tracker URL, or name one in [discovery] tracker"
                )
            ]
        }
        return self.detail.trackers.map(self.tracker)
    }

    private var troubledTrackers: [Finding] {
        self.detail.trackers.filter { $0.state == .failing }.map(self.tracker)
    }

    private func tracker(_ tracker: TrackerStatus) -> Finding {
        if tracker.url == TrackerStatus.hashTableURL { return self.hashTable(tracker) }
        switch tracker.state {
        case .idle: return Finding(.tracker, "\(tracker.url) has not been asked yet")
        case .announcing: return Finding(.tracker, "\(tracker.url) is being asked")
        case .disabled: return Finding(.tracker, "\(tracker.url) is not in use")
        case .failing:
            return Finding(
                .tracker,
                "\(tracker.url) fails: \(tracker.message ?? "no reason given")"
                    + (tracker.failures > 1 ? " (\(tracker.failures) times in a row)" : ""),
                advice: self.next(tracker).map { "it is asked again in \($0); at once: swarmctl announce \(self.id)" })
        case .working:
            let others = [
                tracker.seeds.map { Self.count($0, "seed") }, tracker.peers.map { Self.count($0, "other peer") },
            ]
            .compactMap { $0 }.joined(separator: " and ")
            return Finding(
                .tracker,
                "\(tracker.url) answers"
                    + (others.isEmpty ? "" : ", knows of \(others)")
                    + (tracker.received == 0 ? ", and named nobody else" : ""),
                advice: self.next(tracker).map { "it is asked again in \($0)" })
        }
    }

    private func hashTable(_ table: TrackerStatus) -> Finding {
        switch table.state {
        case .idle, .announcing, .disabled: return Finding(.tracker, "the distributed hash table is being searched")
        case .failing:
            return Finding(
                .tracker, "the distributed hash table is not reached: \(table.message ?? "no node answered")",
                advice: "see that UDP is let through, and that [discovery] dht_bootstrap names a node that can be"
                    + " reached")
        case .working:
            let found = table.received ?? 0
            return Finding(
                .tracker,
                "the distributed hash table knows of \(found == 0 ? "nobody else" : Self.count(found, "peer"))",
                advice: self.next(table).map {
                    "it is searched again in \($0); at once: swarmctl announce \(self.id)"
                })
        }
    }

    private func next(_ tracker: TrackerStatus) -> String? {
        tracker.nextAnnounce.map { DurationText.duration(max(0, $0 - self.now)) }
    }

    /// That a limit is what holds it, where the rate comes near.
    private func limit(_ limit: Int, _ rate: Int, _ verb: String, _ option: String) -> [Finding] {
        guard limit > 0, rate >= limit / 10 * 8 || rate == 0 && limit < 64 << 10 else { return [] }
        return [
            Finding(
                .limit, "its own limit lets it \(verb) \(SizeText.rate(limit)) and no more",
                advice: "take it away: swarmctl limit \(self.id) \(option) none")
        ]
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}

extension Report {
    /// What `why` prints: a line for the torrent, then the findings, each with what to do.
    package static func standstill(_ detail: TorrentDetail, _ findings: [Finding]) -> String {
        var text = "\(Printable.clean(detail.summary.name)) (\(detail.summary.state.rawValue)):\n"
        for finding in findings {
            text += "  \(Printable.clean(finding.message)).\n"
            if let advice = finding.advice { text += "    → \(Printable.clean(advice)).\n" }
        }
        return text
    }
}
