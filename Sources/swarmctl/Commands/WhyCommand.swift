// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import SwarmModel

/// `why`: say why a torrent does not move.
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Say why a torrent does not move, and what to do.",
        usage: "swarmctl why ID…",
        discussion: """
            Puts what the daemon knows into words: whether it is paused or suspended, what the trackers said, whether \
            anybody is connected, has what is missing, and serves us.

            Example: swarmctl why release-42
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrents: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var ids: [String]

    func run() throws {
        guard self.ids.count == 1 else {
            return try self.options.forEach(self.ids) { client, id throws(Failure) in
                try Self.explain(TorrentSelector(id), client)
            }
        }
        let answer = try Self.explain(TorrentSelector(self.ids[0]), try self.options.connect())
        if self.options.json { Output.line(answer.text) } else { Output.write(answer.words) }
    }

    private static func explain(
        _ id: TorrentSelector, _ client: ControlClient
    ) throws(Failure) -> GlobalOptions.Answer {
        let detail = try client.call(TorrentShow.self, SelectorParams(id: id))
        let peers = try client.call(TorrentPeers.self, SelectorParams(id: id)).peers
        let status = try client.call(DaemonStatus.self, NoFields())
        let findings = Standstill(detail, peers: peers, portMapping: status.portMapping, now: LocalTime.now).findings
        do throws(ControlError) {
            let text = try JSONCoding.encode(Answer(detail.summary, findings))
            return .init(text: text, words: Report.standstill(detail, findings))
        } catch { throw .refused(error) }
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
