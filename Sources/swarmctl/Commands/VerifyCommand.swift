// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `verify`: hashes what is on disk.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Hash what is on disk, and fetch damaged parts again.",
        usage: "swarmctl verify [--wait] ID…",
        discussion: "Example: swarmctl verify release-42 --wait")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrents: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var ids: [String]

    @Flag(help: "Wait for the end, and show how far it is.")
    var wait = false

    func run() throws {
        try self.options.change(self.ids) { client, torrent throws(Failure) in
            let text = try client.callForText(TorrentVerify.self, SelectorParams(id: torrent.id))
            guard self.wait else { return .init(text: text, words: "verifying \(Printable.clean(torrent.name))\n") }
            let job = try ControlClient.decode(JobReference.self, text)
            let end = try self.options.wait(for: job, client)
            let shown = try client.callForText(TorrentShow.self, SelectorParams(id: torrent.id))
            let detail = try ControlClient.decode(TorrentDetail.self, shown)
            return .init(text: shown, words: Report.verification(end, of: detail))
        }
    }
}
