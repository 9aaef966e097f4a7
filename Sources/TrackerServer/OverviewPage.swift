// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerCore

/// The page of torrents for people: HTML that fetches nothing from anywhere. Each torrent has a bar that is divided by how
/// many peers have its pieces.
struct OverviewPage: Hashable, Sendable {
    struct Row: Hashable, Sendable {
        let infoHash: InfoHash
        let summary: PieceSummary
    }

    /// Torrents on one page.
    static let rowCount = 50
    private static let longestName = 200

    let rows: [Row]
    /// The first is 1.
    let number: Int
    let torrents: Int
    let seeds: Int
    let leechers: Int
    /// What links carry along so that they are answered too. Letters, digits, - and _.
    let passkey: String?

    /// The page of that number.
    init(_ number: Int, of shards: SwarmShards, passkey: [UInt8]?) {
        let last = SwarmShards.mostListed / Self.rowCount
        self.number = min(max(number, 1), last)
        let first = (self.number - 1) * Self.rowCount
        self.rows = shards.busiest(first..<first + Self.rowCount).map { entry in
            // Who has left meanwhile leaves an empty row.
            Row(
                infoHash: entry.infoHash,
                summary: shards.pieceSummary(of: entry.infoHash) ?? PieceSummary(counts: SwarmCounts()))
        }
        (self.torrents, self.seeds, self.leechers) = shards.totals()
        self.passkey = passkey.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The page; `names` knows torrents of the catalogue.
    func reply(names: [InfoHash: String]) -> HTTPReply {
        var page = Self.head
        page += "<h1>Torrents</h1>\n<p>\(self.torrents) torrents, \(self.seeds) seeds, \(self.leechers) leechers.</p>\n"
        page += "<table>\n<tr><th>Torrent</th><th>Seeds</th><th>Leechers</th><th>Completed</th><th>Copies</th>"
        page += "<th>Pieces by number of holders</th></tr>\n"
        for row in self.rows { page += self.line(row, name: names[row.infoHash]) }
        page += "</table>\n" + self.links + Self.foot
        return HTTPReply(.ok, .html, page)
    }

    private func line(_ row: Row, name: String?) -> String {
        let counts = row.summary.counts
        let hash = row.infoHash.description
        let title = name.map { "<bdi>\(String($0.prefix(Self.longestName)).htmlText)</bdi><br>" } ?? ""
        let copies = row.summary.pieces > 0 ? Self.fixed(row.summary.distributedCopies) : "\(counts.complete)"
        return "<tr><td>\(title)<a href=\"\(self.link("/v1/torrents/\(hash)/availability"))\">\(hash)</a></td>"
            + "<td>\(counts.complete)</td><td>\(counts.incomplete)</td><td>\(counts.downloaded)</td>"
            + "<td>\(copies)</td><td>\(Self.bar(row.summary))</td></tr>\n"
    }

    /// A stretch for each number of holders, as wide as its share of the pieces.
    private static func bar(_ summary: PieceSummary) -> String {
        guard summary.pieces > 0 else { return "nobody reports pieces" }
        var bar = "<div class=\"bar\">"
        for (holders, pieces) in summary.histogram.enumerated() where pieces > 0 {
            let isLast = holders == PieceSummary.classes - 1
            let number = "\(holders + summary.counts.complete)\(isLast ? " or more" : "")"
            bar += "<i class=\"h\(holders)\" style=\"flex-grow:\(pieces)\""
            bar += " title=\"\(pieces) pieces: \(number) holders\"></i>"
        }
        return bar + "</div>"
    }

    private var links: String {
        let listed = min(self.torrents, SwarmShards.mostListed)
        let pages = max((listed + Self.rowCount - 1) / Self.rowCount, 1)
        var text = "<p>Page \(self.number) of \(pages)"
        if self.number > 1 { text += " · <a href=\"\(self.link("/?page=\(self.number - 1)"))\">previous</a>" }
        if self.number < pages { text += " · <a href=\"\(self.link("/?page=\(self.number + 1)"))\">next</a>" }
        return text + "</p>\n"
    }

    private func link(_ target: String) -> String {
        guard let passkey = self.passkey else { return target }
        return target + (target.contains("?") ? "&amp;" : "?") + "passkey=\(passkey)"
    }

    private static func fixed(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// From red, for pieces that nobody but seeds has, over yellow to green.
    private static let colours = (0..<PieceSummary.classes)
        .map { ".h\($0){background:hsl(\($0 * 130 / (PieceSummary.classes - 1)),70%,\($0 == 0 ? 35 : 48)%)}" }.joined()

    private static let head = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Swarm tracker</title>
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <style>body{font:15px/1.4 sans-serif;margin:2em}table{border-collapse:collapse;width:100%}
        th,td{text-align:right;padding:.3em .6em;border-bottom:1px solid #ccc}
        th:first-child,td:first-child,th:last-child,td:last-child{text-align:left}
        td:first-child a{font:12px monospace}.bar{display:flex;height:1em;min-width:12em}.bar i{min-width:1px}
        \(Self.colours)</style></head><body>

        """

    private static let foot = """
        <p>Each bar holds all pieces of its torrent, those with the fewest holders at the left: red where nobody but seeds
        is known to have them, green where many have. Point at a stretch for its numbers. Copies: how many times the torrent
        is there as a whole.</p>
        </body></html>

        """
}
