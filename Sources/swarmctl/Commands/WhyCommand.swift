// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import SwarmModel

/// `why`: say why a torrent does not move.
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Say why a torrent does not move, and what to do.",
        discussion: """
            Puts what the daemon knows into words: whether it is paused or suspended, what the trackers said, whether \
            anybody is connected, has what is missing, and serves us.

            Example: swarmctl why release-42
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrent: first digits of the info-hash, or its name.", completion: NameCompletion.torrents)
    var id: String

    func run() throws {
        let client = try self.options.connect()
        let selector = SelectorParams(id: TorrentSelector(self.id))
        let detail = try client.call(TorrentShow.self, selector)
        let peers = try client.call(TorrentPeers.self, selector).peers
        let status = try client.call(DaemonStatus.self, NoFields())
        let findings = Standstill(detail, peers: peers, portMapping: status.portMapping, now: LocalTime.now).findings
        if self.options.json {
            Output.line(try JSONCoding.encode(Answer(detail.summary, findings)))
        } else {
            Output.write(Report.standstill(detail, findings))
        }
    }

    /// What `--json` prints.
    private struct Answer: Encodable {
        let infoHash: InfoHash
        let name: String
        let state: TorrentState
        let findings: [Finding]

        enum CodingKeys: String, CodingKey {
            case infoHash = "info_hash"
            case name
            case state
            case findings
        }

        init(_ torrent: TorrentSummary, _ findings: [Finding]) {
            self.infoHash = torrent.infoHash
            self.name = torrent.name
            self.state = torrent.state
            self.findings = findings
        }
    }
}
