// SPDX-License-Identifier: Apache-2.0

package import ControlWire
package import SwarmModel

/// What the commands print for people.
package enum Report {
    /// Digits of an info-hash that tables show.
    package static let shortDigits = 8

    /// The table of `list`.
    package static func list(_ torrents: [TorrentSummary], width: Int?) -> String {
        guard !torrents.isEmpty else { return "no torrents; `swarmctl add` or `swarmctl share` brings some\n" }
        let anyError = torrents.contains { $0.error != nil }
        var columns: [TextTable.Column] = [
            .text("ID"), .flexible("NAME"), .text("STATE"), .number("DONE"), .number("SIZE"), .number("DOWN"),
            .number("UP"), .number("PEERS"), .number("ETA"),
        ]
        let anyLabel = torrents.contains { !$0.labels.isEmpty }
        if anyLabel { columns.append(.flexible("LABELS")) }
        if anyError { columns.append(.flexible("ERROR")) }
        var table = TextTable(columns)
        for torrent in torrents {
            var row = [
                Self.short(torrent), torrent.name, Self.state(torrent), SizeText.percent(torrent.progress),
                SizeText.size(torrent.size), SizeText.rate(torrent.downRate), SizeText.rate(torrent.upRate),
                "\(torrent.peers)", torrent.eta.map(DurationText.duration) ?? "-",
            ]
            if anyLabel { row.append(torrent.labels.joined(separator: ",")) }
            if anyError { row.append(torrent.error ?? "") }
            table.append(row)
        }
        return table.text(width: width)
    }

    /// What a torrent does, with its place when it waits.
    static func state(_ torrent: TorrentSummary) -> String {
        torrent.state.rawValue + (torrent.queuePosition.map { " \($0)" } ?? "")
    }

    /// The table of `queue`: those that wait, the next ones first, what is fetched and what is complete apart.
    package static func queue(_ torrents: [TorrentSummary], width: Int?) -> String {
        let waiting = torrents.filter { $0.queuePosition != nil }
        guard !waiting.isEmpty else { return "no torrent waits for its turn\n" }
        var table = TextTable([
            .number("PLACE"), .text("FOR"), .text("ID"), .flexible("NAME"), .number("DONE"), .number("SIZE"),
        ])
        for isSeed in [false, true] {
            for torrent in waiting.filter({ ($0.progress == 1 && $0.size > 0) == isSeed })
                .sorted(by: { ($0.queuePosition ?? 0) < ($1.queuePosition ?? 0) })
            {
                table.append([
                    "\(torrent.queuePosition ?? 0)", isSeed ? "seeding" : "fetching", Self.short(torrent), torrent.name,
                    SizeText.percent(torrent.progress), SizeText.size(torrent.size),
                ])
            }
        }
        return table.text(width: width)
    }

    /// The table of `files`.
    package static func files(_ files: [FileStatus], width: Int?) -> String {
        var table = TextTable([.number("#"), .number("DONE"), .number("SIZE"), .text("PRIORITY"), .flexible("PATH")])
        for file in files {
            let progress = file.size > 0 ? Double(file.done) / Double(file.size) : 1
            table.append([
                "\(file.index)", SizeText.percent(progress), SizeText.size(file.size), file.level, file.path,
            ])
        }
        return table.text(width: width)
    }

    /// The table of `peers`.
    package static func peers(_ peers: [PeerStatus], width: Int?) -> String {
        guard !peers.isEmpty else { return "no peers are connected\n" }
        var table = TextTable([
            .text("ADDRESS"), .flexible("CLIENT"), .text("VIA"), .text("FLAGS"), .number("DONE"), .number("DOWN"),
            .number("UP"),
            .number("RECEIVED"), .number("SENT"),
        ])
        for peer in peers {
            table.append([
                peer.address, peer.client, peer.transport, Self.flags(peer), SizeText.percent(peer.progress),
                SizeText.rate(peer.downRate), SizeText.rate(peer.upRate), SizeText.size(peer.downloaded),
                SizeText.size(peer.uploaded),
            ])
        }
        return table.text(width: width)
    }

    /// The table of `trackers`; `now` in seconds since 1970.
    package static func trackers(_ trackers: [TrackerStatus], now: Int, width: Int?) -> String {
        guard !trackers.isEmpty else { return "no trackers\n" }
        var table = TextTable([
            .number("TIER"), .text("STATE"), .number("SEEDS"), .number("PEERS"), .number("NEXT"), .text("URL"),
            .flexible("MESSAGE"),
        ])
        for tracker in trackers {
            table.append([
                tracker.tier < 0 ? "-" : "\(tracker.tier)", tracker.state.rawValue,
                tracker.seeds.map(String.init) ?? "-",
                (tracker.peers ?? (tracker.tier < 0 ? tracker.received : nil)).map(String.init) ?? "-",
                tracker.nextAnnounce.map { DurationText.duration($0.subtractingSaturated(now)) } ?? "-", tracker.url,
                tracker.message ?? "",
            ])
        }
        return table.text(width: width)
    }

    /// The table of `search`.
    package static func catalogue(_ entries: [CatalogueEntry], width: Int?) -> String {
        guard !entries.isEmpty else { return "nothing found\n" }
        var table = TextTable([
            .text("ID"), .flexible("NAME"), .number("SIZE"), .number("FILES"), .number("SEEDS"), .number("PEERS"),
        ])
        for entry in entries {
            table.append([
                Self.short(entry.infoHash), entry.name, SizeText.size(entry.size), "\(entry.files)",
                entry.seeds.map(String.init) ?? "-", entry.peers.map(String.init) ?? "-",
            ])
        }
        return table.text(width: width)
    }

    /// The first digits of an info-hash.
    package static func short(_ hash: InfoHash) -> String { String(hash.description.prefix(Self.shortDigits)) }

    private static func short(_ torrent: TorrentSummary) -> String { Self.short(torrent.infoHash) }

    private static func flags(_ peer: PeerStatus) -> String {
        var flags = peer.incoming ? "i" : "o"
        flags += peer.interested ? (peer.choked ? "d" : "D") : "-"
        flags += peer.peerInterested ? (peer.peerChoked ? "u" : "U") : "-"
        flags += peer.encrypted ? "e" : "-"
        return flags
    }
}

extension Int {
    /// The difference, at the ends of the range instead of beyond it.
    fileprivate func subtractingSaturated(_ other: Int) -> Int {
        let (difference, overflow) = self.subtractingReportingOverflow(other)
        return overflow ? (self < other ? .min : .max) : difference
    }
}
