// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `limit`: say how much may move.
struct LimitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limit", abstract: "Limit rates, of all torrents together or of some.",
        usage: "swarmctl limit [--down RATE] [--up RATE] [ID]…",
        discussion: """
            With IDs the limits are the torrents' own, at once and over restarts. Without an ID they hold for all torrents \
            together until the next reload or restart; to keep them, write limits.download and limits.upload into the \
            configuration. A rate is bytes a second such as 5MiB or 800K, at least 1K; none takes a limit away. Without \
            a rate the limits are shown.

            Examples: swarmctl limit release-42 --up 2MiB; swarmctl limit --down 10MiB --up none
            """)

    @OptionGroup var options: GlobalOptions

    @Option(help: ArgumentHelp("The most to receive in a second.", valueName: "rate"), transform: RateArgument.read)
    var down: RateArgument?

    @Option(help: ArgumentHelp("The most to send in a second.", valueName: "rate"), transform: RateArgument.read)
    var up: RateArgument?

    @Argument(help: "The torrents: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var ids: [String] = []

    func run() throws {
        if self.ids.isEmpty { return try self.limitAll() }
        try self.options.change(self.ids) { client, torrent throws(Failure) in
            let params = TorrentLimit.Params(
                id: torrent.id, down: self.down?.bytesPerSecond, up: self.up?.bytesPerSecond)
            let text = try client.callForText(TorrentLimit.self, params)
            let limits = try ControlClient.decode(TorrentLimits.self, text)
            return .init(text: text, words: Report.limits(of: limits))
        }
    }

    private func limitAll() throws {
        let changes = [("limits.download", "down", self.down), ("limits.upload", "up", self.up)]
        let wanted = changes.compactMap { key, way, rate in rate.map { (key: key, way: way, rate: $0.bytesPerSecond) } }
        if wanted.isEmpty { return try self.showAll() }
        let client = try self.options.connect()
        try self.options.forEach(wanted, named: { $0.key }) { change throws(Failure) in
            let text = try client.callForText(ConfigSet.self, .init(key: change.key, value: "\(change.rate) B"))
            return .init(text: text, words: Report.limitOfAll(change.rate, change.way))
        }
    }

    private func showAll() throws(Failure) {
        if self.options.json {
            return try self.options.forEach(Report.limitKeys) { client, key throws(Failure) in
                .init(text: try client.callForText(ConfigGet.self, .init(key: key)), words: "")
            }
        }
        let client = try self.options.connect()
        var settings: [ConfigSetting] = []
        for key in Report.limitKeys { settings += try client.call(ConfigGet.self, .init(key: key)).settings }
        Output.write(Report.limitsOfAll(settings, width: Terminal.width()))
    }
}
