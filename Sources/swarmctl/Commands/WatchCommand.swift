// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import Glibc

/// `watch`: a live view over the whole terminal.
struct WatchCommand: ParsableCommand {
    private static let pause: useconds_t = 1_000_000
    /// How long the daemon may take for an answer, in seconds: who looks on is told soon that it says nothing.
    private static let patience = 10

    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Look at all torrents live, and drive them with keys.",
        usage: "swarmctl watch [--ascii]",
        discussion: """
            Shows torrents and their rates, and with the key enter the peers and pieces of one; ? shows the keys. Where \
            there is no terminal it prints a plain line a second for each torrent that moves. NO_COLOR is respected.

            Example: swarmctl watch
            """)

    @OptionGroup var options: GlobalOptions

    @Flag(help: "Draw with plain ASCII characters, as where the locale is not UTF-8.")
    var ascii = false

    func run() throws {
        if self.options.json {
            throw Failure.usage("watch draws for people; `swarmctl list --watch --json` is for programs")
        }
        let client = try self.connect()
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { try self.tell(client) }
        var session = WatchSession(
            client, glyphs: self.ascii ? .ascii : Terminal.glyphs, connect: self.connect)
        try session.run()
    }

    private func connect() throws(Failure) -> ControlClient { try self.options.connect(patience: Self.patience) }

    /// Plain lines, for a pipe or a log.
    private func tell(_ client: ControlClient) throws(Failure) -> Never {
        while true {
            let status = try client.call(DaemonStatus.self, NoFields())
            let params = TorrentList.Params(states: [.downloading, .seeding, .checking, .metadata])
            let torrents = try client.call(TorrentList.self, params).torrents
            var text = "\(LocalTime.text(LocalTime.now))  \(status.torrents.total) torrents, "
            text += "\(SizeText.rate(status.downRate)) down, \(SizeText.rate(status.upRate)) up\n"
            for torrent in torrents where torrent.state != .seeding || torrent.upRate > 0 {
                text += ProgressLine(torrent).plain + "\n"
            }
            Output.write(text)
            usleep(Self.pause)
        }
    }
}
