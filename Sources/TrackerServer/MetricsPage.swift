// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The tracker's state in Prometheus' text format.
final class MetricsPage: Sendable {
    private let shards: SwarmShards
    private let counters: ServerCounters

    init(shards: SwarmShards, counters: ServerCounters) {
        self.shards = shards
        self.counters = counters
    }

    var text: String {
        let totals = self.shards.totals()
        var page = ""
        Self.add(&page, "torrents", "gauge", "Torrents that somebody takes part in.", totals.torrents)
        Self.add(&page, "peers", "gauge", "Peers in all torrents, seeds included.", totals.seeds + totals.leechers)
        Self.add(&page, "seeds", "gauge", "Peers that have everything.", totals.seeds)
        Self.add(&page, "announces_total", "counter", "Announces received.", self.counters.announces.value)
        Self.add(&page, "scrapes_total", "counter", "Scrapes received.", self.counters.scrapes.value)
        let maps = self.shards.mapTotals()
        Self.add(&page, "piece_reporters", "gauge", "Peers that report their pieces.", maps.reporters)
        Self.add(&page, "piece_map_bytes", "gauge", "Memory of piece maps.", maps.bytes)
        Self.add(
            &page, "piece_requests_total", "counter", "Reports of pieces, and questions about them.",
            self.counters.pieceRequests.value)
        Self.add(
            &page, "errors_total", "counter", "Announces and scrapes refused with a reason.",
            self.counters.refusals.value)
        Self.add(
            &page, "bad_requests_total", "counter", "Requests that made no sense.", self.counters.badRequests.value)
        Self.add(
            &page, "udp_connects_total", "counter", "Connection ids given out over UDP.", self.counters.connects.value)
        Self.add(
            &page, "udp_stale_connection_ids_total", "counter",
            "Datagrams whose connection id was too old, or not the sender's.", self.counters.staleConnectionIDs.value)
        Self.add(
            &page, "udp_lost_answers_total", "counter", "Datagrams that the kernel would not send.",
            self.counters.lostAnswers.value)
        Self.add(
            &page, "catalogue_requests_total", "counter", "Requests to the catalogue.",
            self.counters.catalogueRequests.value)
        Self.add(&page, "connections_total", "counter", "HTTP connections taken.", self.counters.connections.value)
        Self.add(
            &page, "connections_refused_total", "counter", "HTTP connections refused for being too many.",
            self.counters.connectionsRefused.value)
        Self.add(
            &page, "connections", "gauge", "HTTP connections open.",
            self.counters.connectionsOpen.load(ordering: .relaxed))
        return page
    }

    private static func add(
        _ page: inout String, _ name: String, _ kind: String, _ help: String, _ value: some BinaryInteger
    ) {
        page += "# HELP swarm_tracker_\(name) \(help)\n# TYPE swarm_tracker_\(name) \(kind)\n"
        page += "swarm_tracker_\(name) \(value)\n"
    }
}
