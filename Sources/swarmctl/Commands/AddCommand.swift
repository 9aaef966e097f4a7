// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import Glibc

/// `add`: takes torrents in.
struct AddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add torrents and fetch them.",
        usage: "swarmctl add [OPTION]… FILE|MAGNET|URL|HASH…",
        discussion: """
            Examples: swarmctl add debian.torrent --dir /srv/data --wait
                      swarmctl add *.torrent --paused
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var placement: PlacementOptions

    @Argument(
        help: ".torrent files (- for standard input), magnet links, http(s) addresses or info-hashes.",
        completion: .file(extensions: ["torrent"]))
    var sources: [String]

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
        let dir = try self.placement.absoluteFolder()
        let goal = try self.placement.absoluteGoal()
        let files = try FileAssignments.choices(self.priorities)
        try self.options.take(self.sources, self.placement) { client, source throws(Failure) in
            let argument = SourceArgument(source, isFile: LocalFile.exists)
            let params = TorrentAdd.Params(
                source: try Self.load(argument), dir: dir, paused: self.placement.paused, picker: self.placement.picker,
                choker: self.placement.choker, trackers: self.trackers, files: files, labels: self.placement.labels,
                moveTo: goal)
            do throws(Failure) {
                return try client.callForText(TorrentAdd.self, params)
            } catch {
                throw Self.naming(argument, error)
            }
        }
    }

    /// Says which file a refusal is about: the daemon saw nothing but its bytes.
    private static func naming(_ argument: SourceArgument, _ failure: Failure) -> Failure {
        switch argument {
        case .file(let path): failure.about(path)
        case .standardInput: failure.about("standard input")
        case .magnet, .url, .infoHash: failure
        }
    }

    private static func load(_ argument: SourceArgument) throws(Failure) -> TorrentSource {
        switch argument {
        case .file(let path): .metainfo(Base64Bytes(try LocalFile.read(path)))
        case .standardInput: .metainfo(Base64Bytes(try LocalFile.read(from: STDIN_FILENO, name: "standard input")))
        case .magnet(let link): .magnet(link)
        case .url(let address): .url(address)
        case .infoHash(let hash): .infoHash(hash)
        }
    }
}
