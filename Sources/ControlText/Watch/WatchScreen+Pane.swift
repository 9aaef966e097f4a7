// SPDX-License-Identifier: Apache-2.0

import ControlWire

extension WatchScreen {
    /// The lower half: one torrent, its pieces and its peers.
    func drawPane(on frame: inout WatchFrame) {
        guard let torrent = self.chosenTorrent, let look = self.look else { return }
        let bottom = self.height - 1
        let head = "\(Report.short(torrent.infoHash))  \(torrent.name)"
        let columns = max(0, min(24, self.width - Printable.columns(Printable.clean(head)) - 2))
        let sparks = Sparkline.text(self.rates[torrent.infoHash] ?? [], width: columns, self.glyphs)
        frame.add(head + Self.gap(self.width, head, sparks) + sparks, .bold)
        if let error = torrent.error { frame.add(error, .alarm) }
        guard look.opened == torrent.infoHash else { return frame.add("…") }
        if let pieces = look.pieces, pieces.pieceCount > 0 {
            // The peers want some room too.
            let rows = max(1, (self.paneRows - 3) / 3)
            for line in PieceMap(pieces, self.glyphs).lines(width: self.width, rows: rows) { frame.add(line) }
        }
        let lines = Report.peers(look.peers, width: self.width).split(separator: "\n")
        for (index, line) in lines.enumerated() {
            let left = bottom - frame.lines.count
            guard left > 0 else { return }
            if left == 1, index < lines.count - 1 { return frame.add("… \(lines.count - index) more") }
            frame.add(String(line), index == 0 && lines.count > 1 ? .bold : .plain)
        }
    }
}
