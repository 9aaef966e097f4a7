// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmModel

extension WatchScreen {
    private static let help: [(keys: String, meaning: String)] = [
        ("up down, k j", "choose a torrent; page up and down, home and end as well"),
        ("enter", "show or hide its peers and pieces"),
        ("p", "pause it, or resume it"),
        ("l", "limit it"),
        ("a", "ask its trackers for peers now"),
        ("r", "remove it"),
        ("/", "show only names that contain something; escape shows all again"),
        ("q, Ctrl-C", "leave; the torrents go on"),
    ]

    /// What the terminal is to show now.
    package var frame: WatchFrame {
        var frame = WatchFrame(width: self.width)
        self.drawHead(on: &frame)
        if self.mode == .help {
            self.drawHelp(on: &frame)
        } else {
            WatchTable(self).draw(on: &frame)
            frame.fill(to: max(1, self.height - 1 - self.paneRows))
            if self.paneRows > 0 { self.drawPane(on: &frame) }
        }
        frame.fill(to: self.height - 1)
        self.drawFoot(on: &frame)
        // The foot is more important than a head in a window of one row.
        frame.fill(to: self.height)
        return frame
    }

    private func drawHead(on frame: inout WatchFrame) {
        guard let status = self.look?.status else { return frame.add("swarmd: waiting for its answer", .bold) }
        let counts = status.torrents
        let states = [
            (counts.downloading, "downloading"), (counts.seeding, "seeding"), (counts.suspended, "suspended"),
            (counts.checking, "checking"), (counts.metadata, "metadata"), (counts.paused, "paused"),
            (counts.queued, "queued"),
        ]
        var text = "\(counts.total) torrent\(counts.total == 1 ? "" : "s")"
        let down = SizeText.rate(status.downRate)
        let up = SizeText.rate(status.upRate)
        let words = "down \(Self.padded(down, 10))  up \(Self.padded(up, 10))"
        // The more important ones first, as many as there is room for.
        for (count, word) in states where count > 0 {
            let part = ", \(count) \(word)"
            guard text.count + part.count + 2 + Printable.columns(words) <= self.width else { break }
            text += part
        }
        let room = self.width - Printable.columns(text) - Printable.columns(words) - 6
        if room >= 16 {
            let columns = min(room / 2, 24)
            let lines = (
                Sparkline.text(self.downRates, width: columns, self.glyphs),
                Sparkline.text(self.upRates, width: columns, self.glyphs)
            )
            let right = "down \(Self.padded(down, 10)) \(lines.0)  up \(Self.padded(up, 10)) \(lines.1)"
            frame.add(text + Self.gap(self.width, text, right) + right, .bold)
        } else {
            frame.add(text + Self.gap(self.width, text, words) + words, .bold)
        }
    }

    private func drawHelp(on frame: inout WatchFrame) {
        frame.add("")
        for (keys, meaning) in Self.help { frame.add("  \(Self.filled(keys, 14))\(meaning)") }
        frame.add("")
        frame.add("  any key goes back")
    }

    private func drawFoot(on frame: inout WatchFrame) {
        switch self.mode {
        case .filter(let text): return frame.add("show names that contain: \(text)_", .bold)
        case .limits(let torrent, let text):
            if let notice = self.notice { return frame.add(notice.text, .alarm) }
            return frame.add("limit \(self.name(of: torrent)), down and up (0 for none): \(text)_", .bold)
        case .removal(let torrent):
            return frame.add(
                "remove \(self.name(of: torrent))?  y yes, keep its files   D delete them too   n no", .bold)
        case .list, .help: break
        }
        if let trouble = self.trouble { return frame.add(trouble, .alarm) }
        if let notice = self.notice { return frame.add(notice.text, notice.isAlarm ? .alarm : .plain) }
        let keys = "q quit  ? keys  enter peers  p pause  l limit  r remove  / find"
        let place = self.filter.isEmpty ? "" : "names with \u{201C}\(self.filter)\u{201D}"
        frame.add(keys + (place.isEmpty ? "" : Self.gap(self.width, keys, place) + place))
    }

    private func name(of torrent: InfoHash) -> String {
        let known = self.look?.torrents.first { $0.infoHash == torrent }?.name ?? Report.short(torrent)
        return Printable.fit(known, to: max(8, self.width / 3))
    }

    // MARK: - Text

    /// At the right of so many columns.
    static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - Printable.columns(text))) + text
    }

    /// At the left of so many columns.
    static func filled(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - Printable.columns(text)))
    }

    /// What stands between the left and the right text of a line; two columns at least.
    static func gap(_ width: Int, _ left: String, _ right: String) -> String {
        String(repeating: " ", count: max(2, width - Printable.columns(left) - Printable.columns(right)))
    }
}
