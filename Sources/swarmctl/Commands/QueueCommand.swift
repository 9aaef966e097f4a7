// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `queue`: show who waits for a turn, and change the order.
struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Show which torrents wait for their turn, or change the order.",
        usage: "swarmctl queue [top|up|down|bottom ID…]",
        discussion: """
            Torrents wait where queue.downloads or queue.seeds of the configuration lets only some take part at once. \
            top, up, down and bottom move torrents in the order, at once and over restarts; several go to the top in the \
            order in which they are given.

            Examples: swarmctl queue; swarmctl queue top release-42; swarmctl config queue.downloads=3
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(
        help: "Where to: top, up, down or bottom.", completion: .list(ChoiceArgument.words(of: QueueStep.self)),
        transform: ChoiceArgument.read)
    var step: QueueStep?

    @Argument(help: "The torrents: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var ids: [String] = []

    func validate() throws {
        if let step = self.step, self.ids.isEmpty {
            throw ValidationError("which torrents? for instance swarmctl queue \(step.rawValue) release-42")
        }
    }

    func run() throws {
        guard let step = self.step else {
            return try self.options.show(TorrentList.self, .init(states: [.queued])) {
                Report.queue($0.torrents, width: Terminal.width())
            }
        }
        // The last one that goes up, or to the top, would otherwise come before the others.
        let ids = step == .top || step == .down ? self.ids.reversed() : self.ids
        try self.options.change(ids) { client, torrent throws(Failure) in
            let text = try client.callForText(TorrentQueue.self, .init(id: torrent.id, step: step))
            let reference = try ControlClient.decode(TorrentReference.self, text)
            return .init(text: text, words: GlobalOptions.words(for: reference, "moved \(step.rawValue):"))
        }
    }
}
