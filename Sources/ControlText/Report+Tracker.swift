// SPDX-License-Identifier: Apache-2.0

package import ControlWire
import SwarmModel

extension Report {
    /// What `tracker stats` prints.
    package static func trackerStats(_ stats: TrackerStats.Result) -> String {
        var fields = FieldList()
        fields.append("version", stats.version)
        fields.append("uptime", DurationText.duration(stats.uptime))
        fields.append("torrents", "\(stats.torrents)")
        fields.append("peers", "\(stats.peers), \(stats.seeds) of them seeds")
        fields.append("announces", "\(stats.announces)")
        fields.append("scrapes", "\(stats.scrapes)")
        fields.append("refused", "\(stats.refusals)")
        fields.append("piece maps", "\(stats.reporters) reporters, \(SizeText.size(stats.mapBytes))")
        fields.append("bans", "\(stats.bans)")
        if let nodes = stats.nodes {
            let reach = stats.isConnected == true ? "" : "; Redis does not answer"
            fields.append("cluster", nodes.joined(separator: ", ") + reach)
        }
        return fields.text
    }

    /// What `tracker torrents` prints.
    package static func trackedTorrents(_ result: TrackerTorrents.Result, width: Int?) -> String {
        guard !result.torrents.isEmpty else { return "nobody takes part in any torrent\n" }
        var table = TextTable([.flexible("INFO-HASH"), .number("SEEDS"), .number("PEERS"), .number("DOWNLOADED")])
        for torrent in result.torrents {
            table.append([
                torrent.infoHash.description, "\(torrent.seeds)", "\(torrent.leechers)", "\(torrent.downloaded)",
            ])
        }
        let rest = result.total - result.torrents.count
        return table.text(width: width) + (rest > 0 ? "and \(rest) more\n" : "")
    }

    /// What `tracker peers` prints.
    package static func trackedPeers(_ result: TrackerPeers.Result, width: Int?) -> String {
        guard !result.peers.isEmpty else { return "no peers\n" }
        var table = TextTable([.flexible("ADDRESS"), .text("KIND"), .number("EXPIRES")])
        for peer in result.peers {
            table.append([peer.address, peer.isSeed ? "seed" : "peer", DurationText.duration(peer.expires)])
        }
        return table.text(width: width)
    }
}
