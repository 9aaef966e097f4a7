// SPDX-License-Identifier: Apache-2.0

package import ControlWire
import SwarmModel

extension Report {
    /// The lines of `show`; `time` writes seconds since 1970 in the user's way.
    package static func detail(_ detail: TorrentDetail, time: (Int) -> String) -> String {
        let summary = detail.summary
        var fields = FieldList()
        fields.append("name", summary.name)
        fields.append("info-hash", summary.infoHash.description)
        fields.append("v2 hash", detail.infoHashV2)
        fields.append("state", Self.state(summary))
        fields.append("error", summary.error)
        fields.append("reason", detail.reason == summary.error ? nil : detail.reason)
        fields.append("labels", summary.labels.isEmpty ? nil : summary.labels.joined(separator: ", "))
        fields.append("progress", Self.progress(detail))
        fields.append("rates", "\(SizeText.rate(summary.downRate)) down, \(SizeText.rate(summary.upRate)) up")
        fields.append("eta", summary.eta.map(DurationText.duration))
        fields.append("moved", Self.moved(detail))
        fields.append("compression", detail.compression.mode.isEmpty ? nil : Self.compression(detail.compression))
        fields.append(
            "wasted", "\(SizeText.size(detail.wasted)), \(Self.count(detail.hashFailures, "piece")) with a wrong hash")
        fields.append("peers", Self.peers(detail))
        fields.append("folder", detail.dir + (detail.isOriginal ? " (yours: never deleted)" : ""))
        fields.append("then in", detail.moveTo)
        fields.append("content", Self.content(detail))
        fields.append("private", detail.isPrivate ? "yes" : "no")
        fields.append("strategy", "picker \(detail.picker), choker \(detail.choker)")
        fields.append("super-seeding", detail.superSeeding ? "on" : nil)
        fields.append("limits", Self.limits(detail))
        fields.append("seeded until", Self.seedingEnd(detail))
        fields.append("added", time(detail.added))
        fields.append("completed", detail.completed.map(time))
        fields.append("comment", detail.comment)
        fields.append("made by", detail.createdBy)
        for tracker in detail.trackers { fields.append("tracker", Self.tracker(tracker)) }
        for seed in detail.webSeeds { fields.append("web seed", Self.webSeed(seed)) }
        fields.append("magnet", detail.magnet)
        return fields.text
    }

    private static func webSeed(_ seed: WebSeedStatus) -> String {
        var parts = [seed.state.rawValue]
        if seed.downRate > 0 { parts.append(SizeText.rate(seed.downRate)) }
        if seed.downloaded > 0 { parts.append("\(SizeText.size(seed.downloaded)) so far") }
        if let message = seed.message { parts.append(message) }
        if let pause = seed.retryIn { parts.append("asked again in \(DurationText.duration(pause))") }
        return "\(seed.url): \(parts.joined(separator: ", "))"
    }

    /// The lines of `status`.
    package static func status(_ status: DaemonStatus.Result) -> String {
        let counts = status.torrents
        let states = [
            ("downloading", counts.downloading), ("seeding", counts.seeding), ("checking", counts.checking),
            ("metadata", counts.metadata), ("queued", counts.queued), ("paused", counts.paused),
            ("suspended", counts.suspended),
        ]
        let parts = states.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
        var fields = FieldList()
        let uptime = DurationText.duration(status.uptime)
        fields.append("swarmd", "\(status.version), process \(status.pid), up \(uptime)")
        fields.append("torrents", "\(counts.total)" + (parts.isEmpty ? "" : " (\(parts))"))
        fields.append("loading", status.loading > 0 ? "\(status.loading) torrents, since the start" : nil)
        fields.append("peers", "\(status.peers)")
        fields.append("rates", "\(SizeText.rate(status.downRate)) down, \(SizeText.rate(status.upRate)) up")
        fields.append("moved", "\(SizeText.size(status.downloaded)) down, \(SizeText.size(status.uploaded)) up")
        fields.append("listens", status.listen.joined(separator: ", "))
        fields.append("trackers", status.trackers.isEmpty ? nil : status.trackers.joined(separator: ", "))
        fields.append("hash table", status.hashTable.map(Self.hashTable))
        fields.append("router", status.portMapping.map(Self.portMapping))
        fields.append("strategy", "picker \(status.picker), choker \(status.choker)")
        fields.append("memory", status.residentBytes.map(SizeText.size))
        let free = status.freeBytes.map { " (\(SizeText.size($0)) free)" } ?? ""
        fields.append("downloads", status.downloadDir + free)
        fields.append("state", status.stateDir)
        return fields.text
    }

    private static func portMapping(_ mapping: PortMappingStatus) -> String {
        switch mapping.state {
        case .searching: return "is being asked to forward the peer port"
        case .none: return "none forwards the peer port (NAT-PMP and UPnP were tried)"
        case .mapped:
            let ports = mapping.ports.map {
                "\($0.protocol) \($0.externalAddress.map { $0 + ":" } ?? "")\($0.externalPort) to \($0.port)"
            }
            return "forwards " + ports.joined(separator: ", ") + (mapping.method.map { " (\($0))" } ?? "")
        }
    }

    private static func hashTable(_ table: HashTableStatus) -> String {
        let nodes =
            table.nodes6 > 0 ? "\(table.nodes) nodes over IPv4, \(table.nodes6) over IPv6" : "\(table.nodes) nodes"
        return "\(nodes); \(table.searched) torrents looked for, \(table.stored) kept for others"
    }

    /// The line that `--wait` ends with.
    package static func completion(of torrent: TorrentSummary, _ fetched: Fetched) -> String {
        var text = "complete: \(Printable.clean(torrent.name)), \(SizeText.size(torrent.size))"
        if let rate = fetched.rate {
            // The rest was there already.
            if fetched.bytes < torrent.size { text += "; fetched \(SizeText.size(fetched.bytes))" }
            text += " in \(fetched.duration), \(SizeText.rate(rate))"
        }
        return text + "\n"
    }

    /// The line that `verify --wait` ends with.
    package static func verification(_ job: JobStatus, of detail: TorrentDetail) -> String {
        let good = "\(job.good ?? detail.have) of \(detail.pieceCount) pieces are good"
        let damage = job.lost.flatMap { $0 > 0 ? ", \($0) had been damaged" : nil } ?? ""
        return "\(Printable.clean(detail.summary.name)): \(good)\(damage)\n"
    }

    private static func progress(_ detail: TorrentDetail) -> String {
        let summary = detail.summary
        return "\(SizeText.percent(summary.progress)) of \(SizeText.size(summary.size))"
            + ", \(detail.have) of \(detail.pieceCount) pieces, \(SizeText.size(detail.left)) left"
    }

    private static func moved(_ detail: TorrentDetail) -> String {
        let summary = detail.summary
        return "\(SizeText.size(summary.downloaded)) down, \(SizeText.size(summary.uploaded)) up"
            + ", ratio \(SizeText.ratio(detail.ratio))"
    }

    private static func limits(_ detail: TorrentDetail) -> String? {
        guard detail.downLimit > 0 || detail.upLimit > 0 else { return nil }
        return "\(Self.limit(detail.downLimit)) down, \(Self.limit(detail.upLimit)) up"
    }

    private static func seedingEnd(_ detail: TorrentDetail) -> String? {
        if let reason = detail.seedingEnded { return "over: \(reason)" }
        let limits = [
            detail.seedRatio > 0 ? "ratio \(SizeText.ratio(detail.seedRatio))" : nil,
            detail.seedTime > 0 ? "\(DurationText.duration(detail.seedTime)) after it was complete" : nil,
            detail.seedIdle > 0 ? "\(DurationText.duration(detail.seedIdle)) with nobody who takes anything" : nil,
        ].compactMap { $0 }
        return limits.isEmpty ? nil : limits.joined(separator: ", or ")
    }

    private static func compression(_ compression: TorrentCompression) -> String {
        var text = compression.mode
        for (raw, wire, verb) in [
            (compression.sent, compression.sentWire, "sent"),
            (compression.received, compression.receivedWire, "received"),
        ] where raw > 0 {
            text += ", \(SizeText.size(raw)) \(verb) as \(SizeText.size(wire))"
            text += " (\(SizeText.percent(Double(wire) / Double(raw))))"
        }
        if compression.blocksCompressed > 0 {
            text += ", \(Self.count(compression.blocksCompressed, "block")) compressed"
        }
        if compression.blocksReused > 0 { text += ", \(compression.blocksReused) sent from the cache" }
        return text
    }

    private static func peers(_ detail: TorrentDetail) -> String {
        let copies = detail.availability.map { ", \(SizeText.ratio($0)) copies" } ?? ""
        return
            "\(detail.summary.peers) connected (\(Self.count(detail.summary.seeds, "seed"))), \(detail.knownPeers) known\(copies)"
    }

    private static func content(_ detail: TorrentDetail) -> String {
        guard detail.pieceCount > 0 else { return "not known yet" }
        return "\(Self.count(detail.fileCount, "file")), \(Self.count(detail.pieceCount, "piece")) of "
            + SizeText.size(detail.pieceLength)
            + (detail.kind.map { ", \($0.rawValue)" } ?? "")
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private static func tracker(_ tracker: TrackerStatus) -> String {
        "\(tracker.url) (\(tracker.state.rawValue)\(tracker.message.map { ": \($0)" } ?? ""))"
    }
}
