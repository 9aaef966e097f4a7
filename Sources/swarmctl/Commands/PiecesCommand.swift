// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `pieces`: draw which pieces of a torrent are here.
struct PiecesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pieces", abstract: "Draw which pieces of a torrent are here.",
        usage: "swarmctl pieces [--ascii] ID…",
        discussion: """
            Each character is a piece, or some where there are many: here, on its way, or missing; what is missing is the \
            darker the more of the connected peers have it. A line below tells which is which. NO_COLOR is respected.

            Example: swarmctl pieces release-42
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrents: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var ids: [String]

    @Flag(help: "Draw with plain ASCII characters, as where the locale is not UTF-8.")
    var ascii = false

    /// A map that is wider is hard to follow from line to line, one that is higher does not fit most terminals.
    private static let widest = 120
    private static let highest = 40

    func run() throws {
        try self.options.look(at: self.ids, TorrentPieces.self) { result in
            guard result.pieceCount > 0 else { return "nothing is known of its pieces yet\n" }
            let map = PieceMap(result, self.ascii ? .ascii : Terminal.glyphs)
            let lines = map.lines(width: min(Terminal.width() ?? 80, Self.widest), rows: Self.highest)
            return lines.map { $0.drawing(colours: Terminal.hasColours) + "\n" }.joined()
        }
    }
}
