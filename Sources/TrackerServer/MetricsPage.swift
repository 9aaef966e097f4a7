// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The tracker's state in Prometheus' text format.
final class MetricsPage: Sendable {
    private let shards: SwarmShards
    private let counters: ServerCounters
    /// Nil without a cluster.
    private let cluster: @Sendable () -> ClusterStatus?

    init(shards: SwarmShards, counters: ServerCounters, cluster: @escaping @Sendable () -> ClusterStatus?) {
        self.shards = shards
        self.counters = counters
        self.cluster = cluster
    }

    /// `ok`, and how it stands with the cluster where there is one.
    var health: String { "ok\n" + (self.cluster().map { $0.line + "\n" } ?? "") }

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
        if let status = self.cluster() { Self.add(&page, status) }
        return page
    }

    private static func add(_ page: inout String, _ status: ClusterStatus) {
        Self.add(&page, "cluster_nodes", "gauge", "Trackers of the cluster that are alive.", status.nodes.count)
        Self.add(&page, "cluster_connected", "gauge", "Whether Redis answers.", status.isConnected ? 1 : 0)
        Self.add(&page, "cluster_losses_total", "counter", "Times that Redis stopped answering.", status.losses)
        Self.add(
            &page, "cluster_announces_told_total", "counter", "Announces told to the owners of their torrents.",
            status.told)
        Self.add(
            &page, "cluster_announces_heard_total", "counter", "Announces that other trackers told of.", status.heard)
        Self.add(
            &page, "cluster_announces_lost_total", "counter", "Announces that could not be told in time.", status.lost)
        Self.add(
            &page, "cluster_questions_total", "counter", "Questions put to the owners of torrents.", status.asked)
        Self.add(
            &page, "cluster_answers_total", "counter", "Questions of other trackers that were answered.",
            status.answered)
        Self.add(
            &page, "cluster_peers_adopted_total", "counter", "Peers heard of from other trackers.", status.adopted)
        Self.add(&page, "cluster_sent_bytes_total", "counter", "Bytes sent to other trackers.", status.bytesSent)
    }

    private static func add(
        _ page: inout String, _ name: String, _ kind: String, _ help: String, _ value: some BinaryInteger
    ) {
        page += "# HELP swarm_tracker_\(name) \(help)\n# TYPE swarm_tracker_\(name) \(kind)\n"
        page += "swarm_tracker_\(name) \(value)\n"
    }
}
