// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `pieces`: draw which pieces of a torrent are here.
struct PiecesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pieces", abstract: "Draw which pieces of a torrent are here.",
        usage: "swarmctl pieces ID…",
        discussion: "Example: swarmctl pieces release-42")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrents: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var ids: [String]

    func run() throws {
        try self.options.look(at: self.ids, TorrentPieces.self) { result in
            guard result.pieceCount > 0 else { return "nothing is known of its pieces yet\n" }
            let map = PieceMap(result)
            let drawing = map.text(width: min(Terminal.width() ?? 80, 120), lines: 40)
            return drawing
                + "\(map.haveCount) of \(result.pieceCount) pieces of \(SizeText.size(result.pieceLength)):  "
                + PieceMap.legend(for: drawing) + "\n"
        }
    }
}
