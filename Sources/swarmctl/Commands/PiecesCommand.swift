// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `pieces`: draw which pieces of a torrent are here.
struct PiecesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pieces", abstract: "Draw which pieces of a torrent are here.",
        discussion: "Example: swarmctl pieces release-42")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrent: first digits of the info-hash, or its name.")
    var id: String

    func run() throws {
        try self.options.show(TorrentPieces.self, SelectorParams(id: TorrentSelector(self.id))) { result in
            let map = PieceMap(result)
            return map.text(width: min(Terminal.width() ?? 80, 120), lines: 40)
                + "\(map.haveCount) of \(result.pieceCount) pieces of \(SizeText.size(result.pieceLength))\n"
                + PieceMap.legend + "\n"
        }
    }
}
