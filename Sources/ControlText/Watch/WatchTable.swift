// SPDX-License-Identifier: Apache-2.0

import ControlWire

/// The list of the live view. Its columns stand still while the numbers change, and there are more of them where there is
/// room.
struct WatchTable {
    private struct Column {
        let title: String
        let width: Int
        let isNumber: Bool
        let cell: (TorrentSummary, [Int]) -> String
    }

    /// From here on sizes and sparklines are shown.
    private static let wide = 110
    private static let narrowestName = 8
    private static let sparks = 16

    private let screen: WatchScreen
    private let columns: [Column]
    private let nameWidth: Int

    init(_ screen: WatchScreen) {
        self.screen = screen
        var columns = [
            Column(title: "STATE", width: 11, isNumber: false) { torrent, _ in torrent.state.rawValue },
            Column(title: "DONE", width: 6, isNumber: true) { torrent, _ in SizeText.percent(torrent.progress) },
            Column(title: "DOWN", width: 10, isNumber: true) { torrent, _ in SizeText.rate(torrent.downRate) },
            Column(title: "UP", width: 10, isNumber: true) { torrent, _ in SizeText.rate(torrent.upRate) },
            Column(title: "PEERS", width: 5, isNumber: true) { torrent, _ in "\(torrent.peers)" },
            Column(title: "ETA", width: 7, isNumber: true) { torrent, _ in
                torrent.eta.map(DurationText.duration) ?? "-"
            },
        ]
        if screen.width >= Self.wide {
            columns.insert(
                Column(title: "SIZE", width: 8, isNumber: true) { torrent, _ in SizeText.size(torrent.size) }, at: 2)
            columns.append(
                Column(title: "RATE", width: Self.sparks, isNumber: false) { _, rates in
                    Sparkline.text(rates, width: Self.sparks, screen.glyphs)
                })
        }
        self.columns = columns
        let taken = columns.reduce(0) { $0 + $1.width + 1 }
        self.nameWidth = max(Self.narrowestName, screen.width - taken)
    }

    /// Draws the headings and the rows.
    func draw(on frame: inout WatchFrame) {
        frame.add(self.line("NAME") { $0.title }, .bold)
        guard let look = self.screen.look else { return }
        guard look.total > 0 else {
            return frame.add(
                self.screen.filter.isEmpty
                    ? "no torrents; `swarmctl add` or `swarmctl share` brings some" : "no name contains that")
        }
        for row in 0..<self.screen.listRows {
            let place = self.screen.top + row
            guard place < look.total else { return }
            guard place >= look.offset, place - look.offset < look.torrents.count else {
                // It is being asked for.
                frame.add("…")
                continue
            }
            let torrent = look.torrents[place - look.offset]
            let rates = self.screen.rates[torrent.infoHash] ?? []
            let line = self.line(torrent.name) { $0.cell(torrent, rates) }
            frame.add(line, place == self.screen.chosen ? .chosen : torrent.error == nil ? .plain : .alarm)
        }
    }

    private func line(_ name: String, _ cell: (Column) -> String) -> String {
        var line = WatchScreen.filled(Printable.fit(Printable.clean(name), to: self.nameWidth), self.nameWidth)
        for column in self.columns {
            let text = Printable.fit(cell(column), to: column.width)
            line += " "
            line +=
                column.isNumber ? WatchScreen.padded(text, column.width) : WatchScreen.filled(text, column.width)
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
