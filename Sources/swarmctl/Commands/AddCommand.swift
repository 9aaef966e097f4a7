// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import Glibc

/// `add`: takes a torrent in.
struct AddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a torrent and fetch it.",
        usage: "swarmctl add [OPTION]… FILE|MAGNET|URL|HASH",
        discussion: "Example: swarmctl add debian.torrent --dir /srv/data --wait")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var placement: PlacementOptions

    @Argument(
        help: "A .torrent file (- for standard input), magnet link, http(s) address or info-hash.",
        completion: .file(extensions: ["torrent"]))
    var source: String

    @Option(name: .customLong("tracker"), help: ArgumentHelp("One more tracker; may be repeated.", valueName: "url"))
    var trackers: [String] = []

    @Option(
        name: .customLong("priority"),
        help: ArgumentHelp("How much a file matters, as for priority; may be repeated.", valueName: "file=level"))
    var priorities: [String] = []

    func validate() throws {
        try self.placement.check()
        _ = try FileAssignments.choices(self.priorities)
    }

    func run() throws {
        let params = TorrentAdd.Params(
            source: try self.load(), dir: try self.placement.absoluteFolder(), paused: self.placement.paused,
            picker: self.placement.picker, choker: self.placement.choker, trackers: self.trackers,
            files: try FileAssignments.choices(self.priorities), labels: self.placement.labels,
            moveTo: try self.placement.absoluteGoal())
        let client = try self.options.connect()
        let text: [UInt8]
        do throws(Failure) {
            text = try client.callForText(TorrentAdd.self, params)
        } catch {
            throw self.naming(error)
        }
        let reference = try ControlClient.decode(TorrentReference.self, text)
        try self.options.conclude(
            reference, text, wait: self.placement.wait, patience: self.placement.patience, client)
    }

    private var argument: SourceArgument { SourceArgument(self.source, isFile: LocalFile.exists) }

    /// Says which file a refusal is about: the daemon saw nothing but its bytes.
    private func naming(_ failure: Failure) -> Failure {
        switch self.argument {
        case .file(let path): failure.about(path)
        case .standardInput: failure.about("standard input")
        case .magnet, .url, .infoHash: failure
        }
    }

    private func load() throws(Failure) -> TorrentSource {
        switch self.argument {
        case .file(let path): .metainfo(Base64Bytes(try LocalFile.read(path)))
        case .standardInput: .metainfo(Base64Bytes(try LocalFile.read(from: STDIN_FILENO, name: "standard input")))
        case .magnet(let link): .magnet(link)
        case .url(let address): .url(address)
        case .infoHash(let hash): .infoHash(hash)
        }
    }
}
